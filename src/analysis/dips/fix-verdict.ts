import { normalQuantile } from '../normal-quantile.ts'
import type { DipSeries } from './dip-series.ts'
import { meanOfSeries } from './dip-series.ts'
import { goneEvidence, LEFT_SHARE, stillThereEvidence } from './fix-evidence.ts'
import type { NaturalLevel } from './natural-level.ts'

/** What can be said of a fix. */
export type FixVerdict = 'too-early' | 'gone' | 'still-there'

export type FixCheck = {
  verdict: FixVerdict
  /** day index on which it was reached; null while too early */
  decidedDay: number | null
  /** days with data since the fix */
  days: number
  /** natural log of the evidence after the last of them */
  logGone: number
  logStillThere: number
  /** points of the dip that are left with their 90 % interval; null without days. Below 0 = better than before the dip */
  remaining: { depth: number; lower: number; upper: number } | null
  /** about how many more days of the dip's weekdays until a verdict; 0 once reached, null where no day has data yet */
  moreDays: number | null
}

/** Wrong in at most one of twenty, however often one looks. */
export const DECIDED = Math.log(20)
const CONFIDENCE = 0.9
/** A curve with next to no noise would decide on one day, and one day may be a freak for reasons no model knows. */
const LEAST_DAYS = 3

/**
 * Whether a fix worked, from the days since. Days are taken one by one, in order, and the first verdict stays: what comes
 * later is a relapse or another dip. None is reached before the third day.
 *
 * "Gone" also needs a remainder below a third of the depth, since days that were clipped count for less than they are.
 *
 * @param after days since the fix
 * @param depth as shown when the fix was entered, points, > 0
 * @param scale residual variance, points², > 0
 * @see dips.md §3.8 step 22
 */
export function judgeFix(after: DipSeries, natural: NaturalLevel, depth: number, scale: number): FixCheck {
  const check: FixCheck = {
    verdict: 'too-early',
    decidedDay: null,
    days: after.day.length,
    logGone: 0,
    logStillThere: 0,
    remaining: remainingDepth(after, natural, scale),
    moreDays: null,
  }
  let precision = 0
  let sum = 0
  for (let i = 0; i < after.day.length; i++) {
    const change = (after.contrast[i] as number) - natural.level
    const omega = after.precision[i] as number
    precision += omega
    sum += omega * change
    check.logGone += goneEvidence(change, omega, depth, scale)
    check.logStillThere += stillThereEvidence(change, omega, depth, scale)
    if (check.verdict !== 'too-early' || i + 1 < LEAST_DAYS) continue
    const isGone = check.logGone >= DECIDED && -sum / precision < depth * LEFT_SHARE
    if (!isGone && check.logStillThere < DECIDED) continue
    check.verdict = isGone ? 'gone' : 'still-there'
    check.decidedDay = after.day[i] as number
  }
  check.moreDays = daysToGo(check, after, depth, scale)
  return check
}

function remainingDepth(after: DipSeries, natural: NaturalLevel, scale: number): FixCheck['remaining'] {
  if (after.day.length === 0) return null
  const { mean, precision } = meanOfSeries(after)
  const depth = natural.level - mean
  const reach = normalQuantile((1 + CONFIDENCE) / 2) * Math.sqrt(scale / precision + natural.variance)
  return { depth, lower: depth - reach, upper: depth + reach }
}

/** At the pace of a typical day, were all of the dip gone or all of it left, whichever the evidence leans to. */
function daysToGo({ verdict, logGone, logStillThere }: FixCheck, after: DipSeries, depth: number, scale: number) {
  if (verdict !== 'too-early') return 0
  if (after.day.length === 0) return null
  const omega = meanOfSeries(after).precision / after.day.length
  const isLeaningGone = logGone >= logStillThere
  const pace = isLeaningGone ? goneEvidence(0, omega, depth, scale) : stillThereEvidence(-depth, omega, depth, scale)
  return Math.max(1, Math.ceil((DECIDED - Math.max(logGone, logStillThere)) / pace))
}
