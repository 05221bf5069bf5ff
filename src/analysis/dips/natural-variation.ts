import { normalQuantile } from '../normal-quantile.ts'
import { quantile } from '../quantile.ts'
import { LEAST_WINDOW_DAYS, windowVariance } from './clip-contrasts.ts'
import type { ScanSheet } from './scan-sheet.ts'
import { SCAN_WINDOWS, type ScanWindow } from './scan-windows.ts'

/** Kinds of windows that share one tau: length 1..3, each with two flanks or at the edge of the day. */
const WINDOW_KINDS = 6
const EDGE_SHARE = 0.25
const LEAST_WINDOWS = 60
const TAU2_UNKNOWN = 4
const LEAST_TAU2 = 1
const SHARES = [0.5, 0.9]

/** Mean contrasts of ordinary windows of one kind over the fleet, with the variance of their error (points²). */
export type OrdinaryWindows = { contrast: number[]; error: number[] }

/** @returns one empty collection per kind of window */
export function makeOrdinaryWindows(): OrdinaryWindows[] {
  return Array.from({ length: WINDOW_KINDS }, () => ({ contrast: [], error: [] }))
}

/** Kind of a window for this touchpoint: edge = one flank holds less than a quarter of the other's weight. */
export function windowKind(sheet: ScanSheet, w: number): number {
  const { startSlot, endSlot } = SCAN_WINDOWS[w] as ScanWindow
  const left = sheet.leftWeight[w] as number
  const right = sheet.rightWeight[w] as number
  const isEdge = Math.min(left, right) < EDGE_SHARE * Math.max(left, right)
  return (endSlot - startSlot - 1) * 2 + (isEdge ? 1 : 0)
}

/** Adds the windows of the touchpoint on the sheet that have enough days. */
export function collectOrdinaryWindows(collected: readonly OrdinaryWindows[], sheet: ScanSheet): void {
  for (let w = 0; w < SCAN_WINDOWS.length; w++) {
    if ((sheet.windowDays[w] as number) < LEAST_WINDOW_DAYS) continue
    const kind = collected[windowKind(sheet, w)] as OrdinaryWindows
    kind.contrast.push((sheet.sumContrast[w] as number) / (sheet.sumPrecision[w] as number))
    kind.error.push(windowVariance(sheet, w) / (sheet.sumPrecision[w] as number))
  }
}

/**
 * tau²: how far ordinary hours deviate from their neighbours beyond their own noise, from the fleet.
 *
 * The tau² for which the g-quantile of (contrast - median)² / (error + tau²) is the chi-square(1) g-quantile c, for
 * g = .5 and .9; the larger of the two. For one order statistic that is the g-quantile of
 * (contrast - median)² / c - error, so nothing has to be iterated.
 *
 * @returns points², at least 1; 4 below 60 windows, where quantiles would say more about chance than about the fleet
 */
export function estimateTau2({ contrast, error }: OrdinaryWindows): number {
  if (contrast.length < LEAST_WINDOWS) return TAU2_UNKNOWN
  const median = quantile(Float64Array.from(contrast), 0.5)
  const excess = new Float64Array(contrast.length)
  let tau2 = LEAST_TAU2
  for (const share of SHARES) {
    const chi2 = normalQuantile((1 + share) / 2) ** 2
    for (let i = 0; i < excess.length; i++) {
      excess[i] = ((contrast[i] as number) - median) ** 2 / chi2 - (error[i] as number)
    }
    tau2 = Math.max(tau2, quantile(excess, share))
  }
  return tau2
}
