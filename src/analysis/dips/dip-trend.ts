import { normalQuantile } from '../normal-quantile.ts'
import type { ContrastSums } from './cell-test.ts'

/** Whether a dip gets deeper, stays, or goes away. */
export type DipTrend = 'growing' | 'steady' | 'fading'

const CONFIDENCE = 0.8
const LEAST_DAYS = 2

/**
 * Trend of a running dip: the depth of the last 14 days against the days before, growing or fading when their difference
 * lies outside its 80 % interval around none.
 *
 * @param before sums over the dip's days up to 14 days before the end
 * @param recent sums over its days within the last 14
 * @param scale residual variance, points²
 * @returns null with fewer than 2 days on either side
 */
export function dipTrend(before: ContrastSums, recent: ContrastSums, scale: number): DipTrend | null {
  if (before.days < LEAST_DAYS || recent.days < LEAST_DAYS) return null
  const deeperBy = before.contrast / before.precision - recent.contrast / recent.precision
  const reach = normalQuantile((1 + CONFIDENCE) / 2) * Math.sqrt(scale * (1 / before.precision + 1 / recent.precision))
  if (Math.abs(deeperBy) <= reach) return 'steady'
  return deeperBy > 0 ? 'growing' : 'fading'
}
