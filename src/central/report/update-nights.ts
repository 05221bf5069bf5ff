/**
 * Brings what is known of nights up to the newest one that is over: stored nights and tallies in, the contents of new nights out.
 *
 * Each night is run once, on what was known then, since dips' ids and people's cases hang on it; nights that were missed follow one by
 * one. Tallies that came late repeat the last night only. Where no night can be read, the nights of the last eight weeks are run again
 * from the tallies, so that a dip of last month has its history; and if tallies of earlier days come in before the next night, and
 * before anybody entered a fix of what was told, all of these once more. It writes nothing.
 */
import type { Catalogue } from '../store/catalogue.ts'
import type { StoreReader } from '../store/port.ts'
import { dayOfDate } from './night/day-number.ts'
import type { EnteredFix, NightReport } from './night/night-report.ts'
import { formatNightContent, type NightContent, parseNightContent } from './night-content.ts'
import { periodDays } from './touchpoint-plan.ts'

/** Runs nights one after the other; both ends are included. */
export type RunNights = (options: {
  store: StoreReader
  catalogue: Catalogue
  fromNight: number
  toNight: number
  before: NightReport | null
  fixes: EnteredFix[]
}) => Promise<NightReport>

export type UpdatedNights = {
  /** To be stored, ascending. */
  nights: { night: number; content: string }[]
  /** How many were run for it. */
  runs: number
  /** Curves of the last one. */
  curves: number
}

/** Without two weeks nothing is found (dips.md §3.9). */
const leastDays = 14

/** Where it would do what was done already, nights are repeated. */
export type NightOrder = {
  /** The newest night that is over at every touchpoint. */
  due: number
  /** The first business date of which tallies changed since the last run; null where none did, or nobody knows. */
  changedFrom: string | null
  /** Only the night that is due, as if nothing had been known before it; not to be stored. */
  isGlance?: true
}

type Plan = { fromNight: number; toNight: number; before: NightContent | null; isReplay: boolean }

/** @param look runs nights */
export async function updateNights(store: StoreReader, order: NightOrder, look: RunNights): Promise<UpdatedNights> {
  const fixes = (await store.fixes()).map(({ dip, fixDate }) => ({ dip, fixDate }))
  const { fromNight, toNight, before, isReplay } = order.isGlance
    ? glanceAt(order.due)
    : await planNights(store, order, fixes)
  const catalogue = await store.catalogue()
  const nights: UpdatedNights['nights'] = []
  const run = async (from: number, to: number, earlier: NightReport | null) => {
    const report = await look({ store, catalogue, fromNight: from, toNight: to, before: earlier, fixes })
    nights.push({ night: to, content: formatNightContent({ isReplay, report }) })
    return report
  }
  // The last two are kept, so that the last one can be repeated from the one before it.
  const earlier = toNight > fromNight ? await run(fromNight, toNight - 1, before?.report ?? null) : before?.report
  const { curves } = await run(toNight, toNight, earlier ?? null)
  return { nights, runs: toNight - fromNight + 1, curves: curves.length }
}

const glanceAt = (due: number): Plan => ({ fromNight: due, toNight: due, before: null, isReplay: true })

async function planNights(store: StoreReader, order: NightOrder, fixes: readonly EnteredFix[]): Promise<Plan> {
  const { due, changedFrom } = order
  const last = await findLast(store, due)
  if (!last) return planReplay(store, due)
  const { isReplay } = last
  const { night } = last.report
  const isEarlier = changedFrom !== null && dayOfDate(changedFrom) < night
  if (night < due)
    return { fromNight: Math.max(night + 1, due - periodDays + 1), toNight: due, before: last, isReplay: false }
  if (isReplay && isEarlier && !hasFixedDip(last.report, fixes)) return planReplay(store, night)
  const before = parseNightContent(await store.nightBefore(night))
  return before ? { fromNight: night, toNight: night, before, isReplay } : planReplay(store, night)
}

/** Fixes of dips that are remembered no more hold nothing back. */
function hasFixedDip({ memories }: NightReport, fixes: readonly EnteredFix[]): boolean {
  const fixed = new Set(fixes.map(({ dip }) => dip))
  return Object.values(memories).some(({ dips }) => dips.some(({ id }) => fixed.has(id)))
}

/**
 * The last night that may be gone on from. One of tomorrow is as good as one of today, and so is any that has presses of its day or
 * later: less is over than was before where touchpoints were added in the west, and where the clock is behind.
 */
async function findLast(store: StoreReader, due: number): Promise<NightContent | null> {
  const last = await store.lastNight()
  if (!last || last.night <= due + 1) return parseNightContent(last)
  const tallied = await store.tallyDates({ class: 'counted' })
  // A clock that was set ahead leaves nights behind whose days have no presses.
  if (tallied && dayOfDate(tallied.last) >= last.night) return parseNightContent(last)
  return parseNightContent(await store.nightBefore(due + 1))
}

async function planReplay(store: StoreReader, toNight: number): Promise<Plan> {
  const tallied = await store.tallyDates({ class: 'counted' })
  const first = tallied ? dayOfDate(tallied.first) + leastDays - 1 : toNight
  return {
    fromNight: Math.min(toNight, Math.max(first, toNight - periodDays + 1)),
    toNight,
    before: null,
    isReplay: true,
  }
}
