import { quantile } from '../quantile.ts'
import type { DayContrasts } from './day-contrast.ts'
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
 * @param scratch at least as long as the days; overwritten
 * @param into where the clipped ones are written, at the same places
 * @param from first place of the window's days
 * @param to one past the last
 */
export function clipContrasts(
  { contrast, precision }: DayContrasts,
  scale: number,
  scratch: Float64Array,
  into: Float64Array,
  from = 0,
  to = contrast.length,
): Float64Array {
  let present = 0
  for (let i = from; i < to; i++) if ((precision[i] as number) > 0) scratch[present++] = contrast[i] as number
  const median = quantile(scratch, 0.5, present)
  // A day well within reach is spared the root; the margin is for rounding.
  const near = scale > 0 && present > 0 ? CLIP_DEVIATIONS ** 2 * scale * (1 - 1e-9) : Number.POSITIVE_INFINITY
  for (let i = from; i < to; i++) {
    const value = contrast[i] as number
    const omega = precision[i] as number
    const off = value - median
    into[i] = value
    if (off * off * omega < near || near === Number.POSITIVE_INFINITY) continue
    const reach = CLIP_DEVIATIONS * Math.sqrt(scale / omega)
    into[i] = Math.min(median + reach, Math.max(median - reach, value))
  }
  return into
}

/**
 * Sums the sheet's windows, clips them by the touchpoint's own scale and sums again. Afterwards `clipped`, the sums per
 * window and `scale` (median over windows of the weighted variance of their days) are those of the clipped contrasts.
 */
export function clipSheet(sheet: ScanSheet): void {
  const { contrast, clipped, capacity, firstDay, endDay } = sheet
  for (let w = 0; w < SCAN_WINDOWS.length; w++) sumWindow(sheet, w, contrast)
  const firstScale = medianScale(sheet)
  for (let w = 0; w < SCAN_WINDOWS.length; w++) {
    const from = w * capacity + firstDay
    const to = w * capacity + endDay
    if ((sheet.windowDays[w] as number) === 0 || !(firstScale > 0)) {
      for (let i = from; i < to; i++) clipped[i] = contrast[i] as number
      continue
    }
    clipContrasts(sheet, firstScale, sheet.scratch, clipped, from, to)
    sumWindow(sheet, w, clipped)
  }
  sheet.scale = medianScale(sheet)
}

function sumWindow(sheet: ScanSheet, w: number, values: Float64Array): void {
  const { precision } = sheet
  let days = 0
  let sumPrecision = 0
  let sumContrast = 0
  let sumSquares = 0
  for (let i = w * sheet.capacity + sheet.firstDay; i < w * sheet.capacity + sheet.endDay; i++) {
    const omega = precision[i] as number
    if (omega === 0) continue
    const contrast = values[i] as number
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
