/**
 * Brings what is known of nights up to the newest one that is over: stored nights and tallies in, the contents of new nights out.
 *
 * Each night is run once, on what was known then, since dips' ids and people's cases hang on it; nights that were missed follow one by
 * one. Tallies that came late repeat the last night only. Where no night can be read, the nights of the last eight weeks are run again
 * from the tallies, so that a dip of last month has its history; and if tallies of earlier days come in before the next night, and
 * before anybody entered a fix, all of these once more. It writes nothing.
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
  /** To be stored, ascending; none when nothing can be run. */
  nights: { night: number; content: string }[]
  /** How many were run for it. */
  runs: number
  /** Curves of the last one. */
  curves: number
}

/** Without two weeks nothing is found (dips.md §3.9). */
const leastDays = 14
/** Business dates that are under way somewhere, or over at some touchpoints only, while a night is due. */
const underWayDays = 3

/** Where it would do what was done already, nights are repeated. */
export type NightOrder = {
  /** The newest night that is over at every touchpoint. */
  due: number
  /** The first local date of which tallies changed since the last run; null where none did, or nobody knows. */
  changedFrom: string | null
}

type Plan = { fromNight: number; toNight: number; before: NightContent | null }

/** @param look runs nights */
export async function updateNights(store: StoreReader, order: NightOrder, look: RunNights): Promise<UpdatedNights> {
  const fixes = (await store.fixes()).map(({ dip, fixDate }) => ({ dip, fixDate }))
  const plan = await planNights(store, order, fixes.length > 0)
  if (!plan) return { nights: [], runs: 0, curves: 0 }
  const { fromNight, toNight, before } = plan
  const catalogue = await store.catalogue()
  const isReplay = before === null
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

async function planNights(store: StoreReader, order: NightOrder, hasFixes: boolean): Promise<Plan | null> {
  const { due, changedFrom } = order
  const last = await findLast(store, due)
  if (last === 'ahead') return null
  if (!last) return planReplay(store, due)
  const { night } = last.report
  const isEarlier = changedFrom !== null && dayOfDate(changedFrom) < night
  if (night >= due && last.isReplay && isEarlier && !hasFixes) return planReplay(store, night)
  if (night < due) return { fromNight: Math.max(night + 1, due - periodDays + 1), toNight: due, before: last }
  const before = parseNightContent(await store.nightBefore(night))
  return before ? { fromNight: night, toNight: night, before } : planReplay(store, night)
}

/**
 * The last night that may be gone on from. One of tomorrow is as good as one of today: where touchpoints were added in the west, less
 * is over than was before.
 *
 * @returns `ahead` where the clock, not the night, is wrong
 */
async function findLast(store: StoreReader, due: number): Promise<NightContent | 'ahead' | null> {
  const last = await store.lastNight()
  if (!last || last.night <= due + 1) return parseNightContent(last)
  const tallied = await store.tallyDates({ class: 'counted' })
  // Presses tell which of the two it is: a clock that was set ahead leaves nights without any behind.
  if (tallied && dayOfDate(tallied.last) > due + underWayDays) return 'ahead'
  return parseNightContent(await store.nightBefore(due + 1))
}

async function planReplay(store: StoreReader, toNight: number): Promise<Plan> {
  const tallied = await store.tallyDates({ class: 'counted' })
  const first = tallied ? dayOfDate(tallied.first) + leastDays - 1 : toNight
  return { fromNight: Math.min(toNight, Math.max(first, toNight - periodDays + 1)), toNight, before: null }
}
