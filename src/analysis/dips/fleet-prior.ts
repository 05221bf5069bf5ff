// What a family of touchpoints says of any one of them, before it is looked at: how much hours differ by nature, how
// long that lasts, and how far the noise of one hour may differ from that of the touchpoint. In: its windows. Out: numbers
// that every cell of the scan is judged by. Estimated by quantiles, so that a fleet with dips gives the same as one without.
import { estimateCorrelation, estimatePriorDf, estimateTau2 } from './natural-variation.ts'
import type { OrdinaryWindow } from './ordinary-windows.ts'
import { WINDOW_KINDS } from './window-kind.ts'

export type FleetPrior = {
  /** natural variance per kind of window, points² */
  tau2: number[]
  /** of a window's natural deviation with its own past, .7 to .99 */
  correlation: number
  /** degrees of freedom that the touchpoint's variance is worth for one of its windows */
  df: number
}

/** @param windows of a sample of the family; fewer than 60 of a kind leave the usual values */
export function estimateFleetPrior(windows: readonly OrdinaryWindow[]): FleetPrior {
  const df = estimatePriorDf(windows)
  const tau2 = Array.from({ length: WINDOW_KINDS }, (_, kind) =>
    estimateTau2(
      windows.filter((window) => window.kind === kind),
      df,
    ),
  )
  return { tau2, correlation: estimateCorrelation(windows, tau2, df), df }
}
