import type { DipState } from '../dips/dip-state.ts'
import type { DipTrend } from '../dips/dip-trend.ts'
import type { FixVerdict } from '../dips/fix-verdict.ts'
import type { Steady } from './steady.ts'

/** Hours and weekdays of a dip. */
export type DipShape = {
  startSlot: number
  /** exclusive, 1..24 */
  endSlot: number
  /** ISO weekdays, ascending; null = every open day */
  weekdays: readonly number[] | null
}

/** When a dip began; all in day numbers of the caller's calendar, so that nights can be compared. */
export type OnsetClaim = {
  /** null = it was there when the data begin */
  day: number | null
  low: number
  high: number
  /** the interval reaches before the data */
  isOpen: boolean
}

/** One dip found by one night's scan. `Details` is what the caller wants to tell of it; it is kept, not looked at. */
export type NightFinding<Details> = DipShape & {
  touchpoint: string
  question: string
  onset: OnsetClaim
  /** last day of a dip that ended before the last 7 days, else null */
  endedDay: number | null
  q: number
  trend: DipTrend | null
  details: Details
}

/** A dip over nights. Plain data: it can be written down as JSON and read back. */
export type RememberedDip<Details> = {
  id: string
  touchpoint: string
  question: string
  state: DipState
  /** nights, as day numbers */
  firstNight: number
  lastFoundNight: number
  /** first night with q ≤ .01, null while never */
  confirmedNight: number | null
  /** nights in a row with a verdict on the touchpoint but without this dip */
  quietNights: number
  /** last day of the dip as last found, null = running */
  endedDay: number | null
  /** nights in a row on which a dip that is over was found running */
  runningNights: number
  shape: Steady<DipShape>
  onset: Steady<OnsetClaim>
  trend: Steady<DipTrend | null>
  fix: { fixDay: number; verdict: FixVerdict } | null
  /** first day without the dip, where it is fixed or over */
  endDay: number | null
  /** where it is back: the end of its last episode. Fixes up to that day were fixes of that one */
  episodeFrom: number | null
  /** of the last night on which the finding had the shape that is shown */
  details: Details
}

/** What is known after a night; `night` null = no night yet. */
export type DipMemory<Details> = { night: number | null; dips: readonly RememberedDip<Details>[] }

/** Fixed and over: nothing to see there any more, unless it comes back. */
export function isClosed({ state }: { state: DipState }): boolean {
  return state === 'fixed' || state === 'over'
}
