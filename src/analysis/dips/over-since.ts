import type { DipSeries } from './dip-series.ts'
import { goneEvidence, LEFT_SHARE } from './fix-evidence.ts'
import { DECIDED } from './fix-verdict.ts'
import type { NaturalLevel } from './natural-level.ts'

const QUIET_DAYS = 14

/**
 * Whether a dip seems over although nobody entered a fix: the evidence that it is gone reaches 20, and less than a third
 * of it is left, from the day after the end that the scan saw, or from any day at least 14 days back.
 *
 * That the scan's interval ends is not enough: once a weak dip fills most of the period scanned, its best interval often
 * stops short by chance. Starting days chosen after the fact are safe against calling a lasting dip over: there the
 * evidence has to climb against three times its own pace, and reaches 20 from a given day with a chance of 20⁻³
 * (Wald 1945), below 1 % summed over all starting days of a period.
 *
 * @param since days since the dip began
 * @param endedDay last day of the dip as the scan saw it; null = running
 * @param depth as shown, points, > 0
 * @param scale residual variance, points², > 0
 * @returns the day index from which it seems over, null where it does not
 * @see dips.md §3.8 step 23
 */
export function overSince(
  since: DipSeries,
  endedDay: number | null,
  natural: NaturalLevel,
  depth: number,
  scale: number,
): number | null {
  const last = since.day.at(-1)
  if (last === undefined) return null
  const firstAfter = endedDay === null ? undefined : since.day.find((day) => day > endedDay)
  let log = 0
  let precision = 0
  let sum = 0
  let best = DECIDED
  let start: number | null = null
  for (let i = since.day.length - 1; i >= 0; i--) {
    const day = since.day[i] as number
    const change = (since.contrast[i] as number) - natural.level
    const omega = since.precision[i] as number
    log += goneEvidence(change, omega, depth, scale)
    precision += omega
    sum += omega * change
    const isStart = day === firstAfter || last - day >= QUIET_DAYS - 1
    if (!isStart || log < best || -sum / precision >= depth * LEFT_SHARE) continue
    best = log
    start = day
  }
  return start
}
