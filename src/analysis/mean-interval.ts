import type { Interval } from './interval.ts'
import { meanIndex } from './mean-index.ts'
import { normalQuantile } from './normal-quantile.ts'
import { tQuantile } from './t-quantile.ts'

/**
 * Interval of the Happy Index from presses taken as independent: index ± quantile × standard error, cut to 0..100.
 * Presses of one day are not independent; over several days the day-level interval of `hourProfile` is the honest one.
 *
 * @param counts presses per value, worst first
 * @param confidence in (0, 1)
 * @param shape 'normal', or 't' with presses - 1 degrees of freedom
 * @returns null below two presses, where nothing says how much presses vary
 * @example meanInterval([9, 7, 20, 64], 0.95, 'normal') // { lower: 73.3759, upper: 85.9575 }
 */
export function meanInterval(
  counts: ArrayLike<number>,
  confidence: number,
  shape: 'normal' | 't' = 'normal',
): Interval | null {
  const mean = meanIndex(counts)
  if (mean === null || mean.presses < 2) return null
  const level = (1 + confidence) / 2
  const quantile = shape === 'normal' ? normalQuantile(level) : tQuantile(level, mean.presses - 1)
  const half = quantile * mean.standardError
  return { lower: Math.max(0, mean.index - half), upper: Math.min(100, mean.index + half) }
}
