import { inverseTrigamma, trigamma } from '../trigamma.ts'
import { excessVariance } from './excess-variance.ts'
import type { OrdinaryWindow } from './ordinary-windows.ts'

const TAU2_UNKNOWN = 4
const LEAST_TAU2 = 1
/** Prior degrees of freedom where the fleet is too small to tell (dips.md §3.4 step 10), and where it knows no bounds. */
export const USUAL_DF = 10
const MOST_DF = 1000
/** Correlation of a window's natural deviation with that of its past: where the fleet can't tell, and its bounds. */
const USUAL_CORRELATION = 0.95
const LEAST_CORRELATION = 0.7
const MOST_CORRELATION = 0.99

/**
 * How alike the windows of one touchpoint are in their noise: the degrees of freedom that knowing the touchpoint's variance
 * is worth for any one of its windows. The spread of log(window's variance / touchpoint's variance) beyond the chance
 * of a variance over few days is trigamma(df / 2).
 *
 * @returns 10 where fewer than 60 windows are known, at most 1000
 * @see Smyth 2004 §6.2, here by quantiles, since a window with a dip is no outlier to be averaged in
 */
export function estimatePriorDf(windows: readonly OrdinaryWindow[]): number {
  const known = windows.filter(({ variance, scale }) => variance > 0 && scale > 0)
  const excess = excessVariance(
    known.map(({ variance, scale }) => Math.log(variance / scale)),
    known.map(({ days }) => trigamma((days - 1) / 2)),
  )
  if (excess === null) return USUAL_DF
  return excess <= trigamma(MOST_DF / 2) ? MOST_DF : 2 * inverseTrigamma(excess)
}

/** A window's variance, shrunk to the touchpoint's: few days say little. */
function moderatedVariance({ days, variance, scale }: OrdinaryWindow, priorDf: number): number {
  return (priorDf * scale + (days - 1) * variance) / (priorDf + days - 1)
}

/**
 * tau²: how far ordinary hours deviate from their neighbours beyond their own noise, from the fleet's windows of one kind.
 *
 * @param priorDf of `estimatePriorDf`
 * @returns points², at least 1; 4 below 60 windows
 * @see dips.md §3.3 step 8
 */
export function estimateTau2(windows: readonly OrdinaryWindow[], priorDf: number): number {
  const excess = excessVariance(
    windows.map(({ contrast }) => contrast),
    windows.map((window) => moderatedVariance(window, priorDf) / window.precision),
  )
  return excess === null ? TAU2_UNKNOWN : Math.max(LEAST_TAU2, excess)
}

/**
 * How much of its natural deviation a window keeps: correlation between the first and the second half of the period. With
 * deviations of variance tau² in both, their difference has 2 tau² (1 - correlation) beyond its error.
 *
 * @param tau2 per kind of window, points²
 * @returns .7 to .99; .95 where fewer than 60 windows have two halves
 */
export function estimateCorrelation(
  windows: readonly OrdinaryWindow[],
  tau2: readonly number[],
  priorDf: number,
): number {
  const steps: number[] = []
  const error: number[] = []
  for (const window of windows) {
    if (window.step === null) continue
    const unit = 2 * (tau2[window.kind] as number)
    steps.push(window.step / Math.sqrt(unit))
    error.push((moderatedVariance(window, priorDf) * window.stepSpread) / unit)
  }
  const lost = excessVariance(steps, error)
  return lost === null ? USUAL_CORRELATION : Math.min(MOST_CORRELATION, Math.max(LEAST_CORRELATION, 1 - lost))
}
