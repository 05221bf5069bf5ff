import type { DipSeries } from './dip-series.ts'
import { LEFT_SHARE, stillThereEvidence } from './fix-evidence.ts'
import type { NaturalLevel } from './natural-level.ts'

/**
 * 20, times the 56 days of a scan's period on which a relapse could have begun (Bonferroni). Where the dip is gone, the
 * evidence from one day on reaches this with a chance of 1120⁻², so a year of nights stays below 1 in 1,000.
 */
const RELAPSED = Math.log(20 * 56)

/**
 * Whether a dip that was fixed or over is back: from some day on, the evidence that all of it is there again.
 *
 * The scan, looking at whole weeks in which the dip before its end takes part, sees a relapse late; this looks at the
 * dip's own window and weekdays alone.
 *
 * @param since days since the dip's end
 * @param depth as shown while it was there, points, > 0
 * @param scale residual variance, points², > 0
 * @returns the day index since when, null where it is not back
 * @see dips.md §3.8 step 22 ("a new onset search runs from F for relapse")
 */
export function backSince(since: DipSeries, natural: NaturalLevel, depth: number, scale: number): number | null {
  let log = 0
  let precision = 0
  let sum = 0
  let best = RELAPSED
  let start: number | null = null
  for (let i = since.day.length - 1; i >= 0; i--) {
    const change = (since.contrast[i] as number) - natural.level
    const omega = since.precision[i] as number
    log += stillThereEvidence(change, omega, depth, scale)
    precision += omega
    sum += omega * change
    if (log < best || -sum / precision < depth * LEFT_SHARE) continue
    best = log
    start = since.day[i] as number
  }
  return start
}
