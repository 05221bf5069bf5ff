import { quantile } from '../quantile.ts'
import { unexplainedVariance } from './cell-test.ts'
import { LEAST_WINDOW_DAYS } from './clip-contrasts.ts'
import type { FleetPrior } from './fleet-prior.ts'
import type { ScanSheet } from './scan-sheet.ts'
import { SCAN_WINDOWS, type ScanWindow } from './scan-windows.ts'
import { smallestDepth } from './smallest-depth.ts'
import { windowKind } from './window-kind.ts'

const WITHIN_DAYS = 28
const LEAST_HISTORY_DAYS = 6

/**
 * Depth of a daily one-slot dip that would be noticed within four weeks at this touchpoint's traffic: the median over
 * its one-slot windows, each with its own precision, the days before those four weeks being its past.
 *
 * @param sheet a prepared touchpoint
 * @returns points, or null where no one-slot window has enough days
 */
export function noticeableDepth(
  sheet: ScanSheet,
  { tau2, correlation }: Pick<FleetPrior, 'tau2' | 'correlation'>,
): number | null {
  const span = sheet.endDay - sheet.firstDay
  const past = span - WITHIN_DAYS
  let windows = 0
  for (let w = 0; w < SCAN_WINDOWS.length; w++) {
    const { startSlot, endSlot } = SCAN_WINDOWS[w] as ScanWindow
    if (endSlot - startSlot > 1 || (sheet.windowDays[w] as number) < LEAST_WINDOW_DAYS) continue
    const perDay = (sheet.sumPrecision[w] as number) / span
    const variance = tau2[windowKind(sheet, w)] as number
    const natural =
      past >= LEAST_HISTORY_DAYS
        ? unexplainedVariance(variance, correlation, sheet.scale / (perDay * past))
        : 2 * variance
    sheet.scratch[windows++] = smallestDepth(sheet.scale, perDay * WITHIN_DAYS, natural)
  }
  return windows === 0 ? null : quantile(sheet.scratch, 0.5, windows)
}
