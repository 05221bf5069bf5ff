/**
 * Reports: tallies in, what the pages and the API tell out.
 *
 * Tallies lie at local hours; here they become business days and slots, go through `analysis`, and come back as hours, dates and
 * sentences. Promises: a figure the data can't give is null, never 0; a business day counts only once it is over; dips are told
 * as the last night left them, and no request looks for them itself.
 */
import type { DipReport, TouchpointReport } from '../../contracts/http/dips.ts'
import type { HourProfile, LiveCount, PeriodQuery, TouchpointItem } from '../../contracts/http/touchpoints.ts'
import type { Clock } from '../../shared/clock.ts'
import type { TouchpointHour } from '../../shared/first-hours.ts'
import type { Catalogue } from '../store/catalogue.ts'
import type { StoreReader, Tally } from '../store/port.ts'
import { buildDipReport, type DipFilter, type TellingOf } from './build-dip-report.ts'
import { buildHourProfile } from './build-hour-profile.ts'
import { buildTouchpointItem } from './build-touchpoint-item.ts'
import { buildTouchpointReport } from './build-touchpoint-report.ts'
import { makeCellCache, readCells } from './cell-cache.ts'
import type { Reach } from './limit-night.ts'
import type { FixAnswer, Fixes, FixSpeaker } from './open-fixes.ts'
import type { KnownNight, Nights } from './open-nights.ts'
import { resolvePeriod } from './period.ts'
import { readLive } from './read-live.ts'
import { planTouchpoint, type TouchpointPlan } from './touchpoint-plan.ts'

/** False-discovery rate of a report. */
const fdr = 0.05
const wholeFleet: Reach = { place: () => true, touchpoint: () => true }

type HourProfileAnswer =
  | { ok: true; profile: HourProfile }
  | { ok: false; reason: 'unknown-touchpoint' | 'bad-period'; detail: string }

export type Report = {
  /** By id. With a reach, places out of it stand in no path. */
  readTouchpoints(reach?: Reach): Promise<TouchpointItem[]>
  readTouchpoint(id: string, reach?: Reach): Promise<TouchpointItem | null>
  readHourProfile(touchpoint: string, query: PeriodQuery): Promise<HourProfileAnswer>
  /** As of the last night; waits some seconds for one that is under way. Without a reach, of the whole fleet. */
  readDips(query: DipFilter, reach?: Reach): Promise<DipReport>
  /** @returns null for an unknown one */
  readTouchpointReport(id: string, language?: string, reach?: Reach): Promise<TouchpointReport | null>
  /**
   * Takes down what people did about a dip.
   *
   * @param date the first local date on which it was in force
   */
  noteFix(dip: string, date: string, speaker: FixSpeaker): Promise<FixAnswer>
  /** @returns false for a dip without an entered fix, or out of the speaker's reach */
  removeFix(dip: string, speaker: FixSpeaker): Promise<boolean>
  /** Presses of the touchpoint's local date; null for an unknown one. */
  readLive(touchpoint: string): Promise<LiveCount | null>
  /** Tells that counted tallies of a touchpoint changed, from a local hour on. */
  noteTallies(first: TouchpointHour): void
}

const countPresses = (tallies: readonly Tally[]): number =>
  tallies.reduce((sum, { counts }) => sum + counts.reduce((all, count) => all + count, 0), 0)

export function openReport({
  store,
  clock,
  nights,
  fixes,
}: {
  store: StoreReader
  clock: Clock
  nights: Pick<Nights, 'current' | 'noteTallies'>
  fixes: Fixes
}): Report {
  const cache = makeCellCache(store)

  const plansOf = (catalogue: Catalogue): TouchpointPlan[] =>
    [...catalogue.touchpoints.values()]
      .map((touchpoint) => planTouchpoint(catalogue, touchpoint, clock))
      .filter((plan) => plan !== null)
      .sort((a, b) => (a.touchpoint.id < b.touchpoint.id ? -1 : 1))

  async function planOf(id: string): Promise<{ catalogue: Catalogue; plan: TouchpointPlan } | null> {
    const catalogue = await store.catalogue()
    const touchpoint = catalogue.touchpoints.get(id)
    const plan = touchpoint && planTouchpoint(catalogue, touchpoint, clock)
    return plan ? { catalogue, plan } : null
  }

  /** With an instant of its own only as long as there is no night. */
  async function tellingOf(known: KnownNight | null, reach: Reach): Promise<TellingOf> {
    return { fixes: await fixes.all(), fdr, asOfMs: known?.asOfMs ?? clock.wallMs(), reach }
  }

  return {
    async readTouchpoints(reach = wholeFleet) {
      const catalogue = await store.catalogue()
      const states = await store.terminalStates()
      const family = await Promise.all(plansOf(catalogue).map((plan) => cache.counted(plan)))
      const nowMs = clock.wallMs()
      return family.map((planned) => buildTouchpointItem(catalogue, states, planned, { nowMs, reach }))
    },

    async readTouchpoint(id, reach = wholeFleet) {
      const found = await planOf(id)
      if (!found) return null
      const [states, planned] = await Promise.all([store.terminalStates(), cache.counted(found.plan)])
      return buildTouchpointItem(found.catalogue, states, planned, { nowMs: clock.wallMs(), reach })
    },

    async readHourProfile(id, query) {
      const found = await planOf(id)
      if (!found) return { ok: false, reason: 'unknown-touchpoint', detail: `no touchpoint is called ${id}` }
      const period = resolvePeriod({ from: query.from, to: query.to }, found.plan.to)
      if (!period.ok) return { ok: false, reason: 'bad-period', detail: period.detail }
      const { from, to } = period
      const { id: touchpoint, question } = found.plan.touchpoint
      const isStandard = from === found.plan.from && to === found.plan.to
      const [counted, raw, uncertain] = await Promise.all([
        isStandard
          ? cache.counted(found.plan).then(({ cells }) => cells)
          : readCells(store, found.plan, period, 'counted'),
        readCells(store, found.plan, period, 'raw'),
        store.tallies({ touchpoint, question, class: 'uncertain', from, to }),
      ])
      const profile = buildHourProfile(found.plan, { from, to }, query.class ?? 'counted', { counted, raw })
      return { ok: true, profile: { ...profile, uncertain: countPresses(uncertain) } }
    },

    async readDips(query, reach = wholeFleet) {
      const known = await nights.current()
      return buildDipReport(await store.catalogue(), known?.report ?? null, query, await tellingOf(known, reach))
    },

    async readTouchpointReport(id, language = 'en', reach = wholeFleet) {
      const found = await planOf(id)
      if (!found) return null
      const known = await nights.current()
      const { catalogue, plan } = found
      const telling = await tellingOf(known, reach)
      return buildTouchpointReport(catalogue, known?.report ?? null, plan.touchpoint, language, telling)
    },

    noteFix: fixes.note,
    removeFix: fixes.remove,

    async readLive(id) {
      const found = await planOf(id)
      return found && readLive(store, found.catalogue, found.plan, clock.wallMs())
    },

    noteTallies(first) {
      cache.drop(first)
      nights.noteTallies(first)
    },
  }
}
