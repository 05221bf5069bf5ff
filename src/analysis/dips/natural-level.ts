import { type DipSeries, meanOfSeries } from './dip-series.ts'

/** How a window differs from its neighbours without any dip. */
export type NaturalLevel = {
  /** points; negative = this window is always a little lower */
  level: number
  /** what is not known of it, points² */
  variance: number
}

const LEAST_DAYS = 6
/** Standard deviation of ordinary windows where the fleet has not told its own: 1.5 points. */
export const USUAL_TAU2 = 2.25

/**
 * The window's natural level from its days before the onset, shrunk to 0: the posterior mean and variance under
 * "levels of ordinary windows are normal around 0 with variance tau2".
 *
 * @param before the window's days before the dip began; fewer than 6 tell nothing
 * @param scale residual variance, points²
 * @param tau2 variance of ordinary windows, points²
 * @see dips.md §3.8 step 22
 */
export function naturalLevel(before: DipSeries, scale: number, tau2 = USUAL_TAU2): NaturalLevel {
  if (before.day.length < LEAST_DAYS) return { level: 0, variance: tau2 }
  const { mean, precision } = meanOfSeries(before)
  const share = tau2 / (tau2 + scale / precision)
  return { level: share * mean, variance: tau2 * (1 - share) }
}
