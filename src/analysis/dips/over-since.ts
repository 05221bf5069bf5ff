import type { DipSeries } from './dip-series.ts'
import { goneEvidence, LEFT_SHARE } from './fix-evidence.ts'
import { DECIDED } from './fix-verdict.ts'
import type { NaturalLevel } from './natural-level.ts'

const QUIET_DAYS = 14

/**
 * Whether a dip seems over although nobody entered a fix: from some day on, at least 14 days back, the evidence that it is
 * gone reaches 20 and less than a third of it is left.
 *
 * The start is chosen after the fact, so this is weaker than a verdict on a fix whose day is known. It stays safe against
 * calling a lasting dip over: there the evidence has to climb against three times its own pace, and the chance of
 * reaching 20 from a given day is 20⁻³ (Wald 1945), summed over all starting days still below 1 %.
 *
 * @param since days since the dip began
 * @param depth as shown, points, > 0
 * @param scale residual variance, points², > 0
 * @returns the day index from which it seems over, null where it does not
 * @see dips.md §3.8 step 23
 */
export function overSince(since: DipSeries, natural: NaturalLevel, depth: number, scale: number): number | null {
  const last = since.day.at(-1)
  if (last === undefined) return null
  let log = 0
  let precision = 0
  let sum = 0
  let best = DECIDED
  let start: number | null = null
  for (let i = since.day.length - 1; i >= 0; i--) {
    const change = (since.contrast[i] as number) - natural.level
    const omega = since.precision[i] as number
    log += goneEvidence(change, omega, depth, scale)
    precision += omega
    sum += omega * change
    const isQuiet = last - (since.day[i] as number) >= QUIET_DAYS && -sum / precision < depth * LEFT_SHARE
    if (!isQuiet || log < best) continue
    best = log
    start = since.day[i] as number
  }
  return start
}
