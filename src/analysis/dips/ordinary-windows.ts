import { LEAST_WINDOW_DAYS, windowVariance } from './clip-contrasts.ts'
import type { ScanSheet } from './scan-sheet.ts'
import { SCAN_WINDOWS } from './scan-windows.ts'
import { windowKind } from './window-kind.ts'

/** What the fleet is asked of each window that has enough days. Most have no dip, and quantiles pass over those that do. */
export type OrdinaryWindow = {
  /** length and edge, see `windowKind` */
  kind: number
  days: number
  /** weighted mean over its days, points */
  contrast: number
  /** Σ precision over its days */
  precision: number
  /** of its days' contrasts, at precision 1, points² */
  variance: number
  /** the same of the whole touchpoint, points² */
  scale: number
  /** mean of the first half of the period minus that of the second, points; null = too few days in either */
  step: number | null
  /** 1 / precision of both halves, summed */
  stepSpread: number
}

/** Days a half needs to be compared with the other. */
const LEAST_HALF_DAYS = 6

/** The windows of the touchpoint on the sheet that have enough days. */
export function ordinaryWindows(sheet: ScanSheet): OrdinaryWindow[] {
  const windows: OrdinaryWindow[] = []
  for (let w = 0; w < SCAN_WINDOWS.length; w++) {
    const days = sheet.windowDays[w] as number
    if (days < LEAST_WINDOW_DAYS) continue
    const precision = sheet.sumPrecision[w] as number
    windows.push({
      kind: windowKind(sheet, w),
      days,
      contrast: (sheet.sumContrast[w] as number) / precision,
      precision,
      variance: windowVariance(sheet, w),
      scale: sheet.scale,
      ...compareHalves(sheet, w),
    })
  }
  return windows
}

function compareHalves(sheet: ScanSheet, w: number): { step: number | null; stepSpread: number } {
  const middle = sheet.firstDay + ((sheet.endDay - sheet.firstDay) >> 1)
  const first = sumClipped(sheet, w, sheet.firstDay, middle)
  const second = sumClipped(sheet, w, middle, sheet.endDay)
  if (Math.min(first.days, second.days) < LEAST_HALF_DAYS) return { step: null, stepSpread: 0 }
  return {
    step: first.contrast / first.precision - second.contrast / second.precision,
    stepSpread: 1 / first.precision + 1 / second.precision,
  }
}

function sumClipped(sheet: ScanSheet, w: number, from: number, to: number) {
  const sums = { days: 0, precision: 0, contrast: 0 }
  for (let at = w * sheet.capacity + from; at < w * sheet.capacity + to; at++) {
    const omega = sheet.precision[at] as number
    if (omega === 0) continue
    sums.days++
    sums.precision += omega
    sums.contrast += omega * (sheet.clipped[at] as number)
  }
  return sums
}
