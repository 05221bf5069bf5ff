import type { DaySum, PressSpread } from './press-spread.ts'

/** How busy a day is against its weekday: 1 = as usual. */
export type DayFactor = { mean: number; variance: number }

/**
 * The day's factor from the hours outside a run of silence, so that the silence can't excuse itself: posterior mean and
 * variance under a gamma prior around 1 with variance `ofDays`, the presses counting for less the more hours differ.
 *
 * @param others the day without the run; a day that was silent throughout has none, and the factor stays near 1
 * @see Gelman et al., Bayesian Data Analysis, §2.6 (gamma-Poisson)
 */
export function dayFactor({ presses, expected, squares }: DaySum, { ofHours, ofDays }: PressSpread): DayFactor {
  const inflation = expected === 0 ? 1 : 1 + (ofHours * squares) / expected
  const shape = 1 / ofDays + presses / inflation
  const rate = 1 / ofDays + expected / inflation
  return { mean: shape / rate, variance: shape / rate ** 2 }
}
