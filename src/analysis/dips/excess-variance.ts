import { normalQuantile } from '../normal-quantile.ts'
import { quantile } from '../quantile.ts'

/** Fewer values would say more about chance than about the fleet. */
const LEAST_VALUES = 60
const SHARES = [0.5, 0.9]

/**
 * How much noisy values vary beyond their own error, from quantiles, so that the few that have a dip hardly count.
 *
 * The variance v for which the g-quantile of (value - median)² / (error + v) is the chi-square(1) g-quantile c, for
 * g = .5 and .9; the larger of the two. For one order statistic that is the g-quantile of
 * (value - median)² / c - error, so nothing has to be iterated.
 *
 * @param error variance of each value's error, same length
 * @returns negative where the errors explain more than there is; null below 60 values
 * @see dips.md §3.3 step 8
 */
export function excessVariance(values: readonly number[], error: readonly number[]): number | null {
  if (values.length < LEAST_VALUES) return null
  const median = quantile(Float64Array.from(values), 0.5)
  const excess = new Float64Array(values.length)
  let most = Number.NEGATIVE_INFINITY
  for (const share of SHARES) {
    const chi2 = normalQuantile((1 + share) / 2) ** 2
    for (let i = 0; i < excess.length; i++) {
      excess[i] = ((values[i] as number) - median) ** 2 / chi2 - (error[i] as number)
    }
    most = Math.max(most, quantile(excess, share))
  }
  return most
}
