import { quantile } from '../quantile.ts'
import type { ScanSheet } from './scan-sheet.ts'
import { SCAN_WINDOWS } from './scan-windows.ts'

/** Days a window must have before anything is said of it. */
export const LEAST_WINDOW_DAYS = 8
const CLIP_DEVIATIONS = 3

/**
 * Clips one window's contrasts to median ± 3 sqrt(scale / precision), so that one freak day cannot make or hide a dip.
 *
 * @param contrast points per day
 * @param precision 0 = day absent: it has no part in the median and stays as it is
 * @param scale points²; 0 clips nothing, since nothing then says what is usual
 * @param scratch at least as long as contrast; overwritten
 * @returns clipped, written into `into`
 */
export function clipContrasts(
  contrast: Float64Array,
  precision: Float64Array,
  scale: number,
  scratch: Float64Array,
  into: Float64Array,
): Float64Array {
  let present = 0
  for (let i = 0; i < contrast.length; i++) {
    if ((precision[i] as number) > 0) scratch[present++] = contrast[i] as number
  }
  const median = quantile(scratch, 0.5, present)
  for (let i = 0; i < contrast.length; i++) {
    const value = contrast[i] as number
    const reach = CLIP_DEVIATIONS * Math.sqrt(scale / (precision[i] as number))
    into[i] = scale > 0 && present > 0 ? Math.min(median + reach, Math.max(median - reach, value)) : value
  }
  return into
}

/**
 * Sums the sheet's windows, clips them by the touchpoint's own scale and sums again. Afterwards `clipped`, the sums per
 * window and `scale` (median over windows of the weighted variance of their days) are those of the clipped contrasts.
 */
export function clipSheet(sheet: ScanSheet): void {
  copyContrasts(sheet)
  sumWindows(sheet)
  const firstScale = medianScale(sheet)
  if (firstScale > 0) {
    for (let w = 0; w < SCAN_WINDOWS.length; w++) {
      const from = w * sheet.capacity + sheet.firstDay
      const to = w * sheet.capacity + sheet.endDay
      if ((sheet.windowDays[w] as number) === 0) continue
      const { contrast, precision, clipped, scratch } = sheet
      clipContrasts(
        contrast.subarray(from, to),
        precision.subarray(from, to),
        firstScale,
        scratch,
        clipped.subarray(from, to),
      )
    }
    sumWindows(sheet)
  }
  sheet.scale = medianScale(sheet)
}

function copyContrasts(sheet: ScanSheet): void {
  for (let w = 0; w < SCAN_WINDOWS.length; w++) {
    const from = w * sheet.capacity + sheet.firstDay
    sheet.clipped.set(sheet.contrast.subarray(from, w * sheet.capacity + sheet.endDay), from)
  }
}

function sumWindows(sheet: ScanSheet): void {
  const { clipped, precision } = sheet
  for (let w = 0; w < SCAN_WINDOWS.length; w++) {
    let days = 0
    let sumPrecision = 0
    let sumContrast = 0
    let sumSquares = 0
    for (let i = w * sheet.capacity + sheet.firstDay; i < w * sheet.capacity + sheet.endDay; i++) {
      const omega = precision[i] as number
      if (omega === 0) continue
      const contrast = clipped[i] as number
      days++
      sumPrecision += omega
      sumContrast += omega * contrast
      sumSquares += omega * contrast * contrast
    }
    sheet.windowDays[w] = days
    sheet.sumPrecision[w] = sumPrecision
    sheet.sumContrast[w] = sumContrast
    sheet.sumSquares[w] = sumSquares
  }
}

/** Weighted variance of one window's contrasts over its days, points². */
export function windowVariance(sheet: ScanSheet, w: number): number {
  const sumPrecision = sheet.sumPrecision[w] as number
  const residual = (sheet.sumSquares[w] as number) - (sheet.sumContrast[w] as number) ** 2 / sumPrecision
  return Math.max(0, residual) / ((sheet.windowDays[w] as number) - 1)
}

function medianScale(sheet: ScanSheet): number {
  let windows = 0
  for (let w = 0; w < SCAN_WINDOWS.length; w++) {
    if ((sheet.windowDays[w] as number) >= LEAST_WINDOW_DAYS) sheet.scratch[windows++] = windowVariance(sheet, w)
  }
  return quantile(sheet.scratch, 0.5, windows)
}
