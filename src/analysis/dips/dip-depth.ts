import { SLOTS, type TouchpointCells } from '../touchpoint-cells.ts'
import type { ScanSheet } from './scan-sheet.ts'
import { SCAN_WINDOWS, type ScanWindow } from './scan-windows.ts'

/** What was measured on the days of a dip. */
export type MeasuredDip = {
  startSlot: number
  endSlot: number
  /** minus the weighted mean contrast, not clipped: positive = worse */
  rawDepth: number
  /** of the depth beyond what the hour deviates by nature: noise, and natural deviation that its past can't tell */
  standardError: number
  /** days on which the window was below the hours around it */
  daysBelow: number
  /** presses per value, worst first, in the window and in the hours around it */
  inside: number[]
  around: number[]
}

/**
 * Measures a dip on its final days.
 *
 * @param days day indices with data, at least one
 * @param scale residual variance of the dip's cell, points²
 * @param natural variance of natural deviations there, points²: without it an interval would miss the truth wherever hours
 *   differ more than presses are noisy
 */
export function measureDip(
  sheet: ScanSheet,
  cells: TouchpointCells,
  window: number,
  days: readonly number[],
  scale: number,
  natural: number,
): MeasuredDip {
  let precision = 0
  let contrast = 0
  let daysBelow = 0
  for (const day of days) {
    const at = window * sheet.capacity + day
    precision += sheet.precision[at] as number
    contrast += (sheet.precision[at] as number) * (sheet.contrast[at] as number)
    if ((sheet.contrast[at] as number) < 0) daysBelow++
  }
  const found = SCAN_WINDOWS[window] as ScanWindow
  const { startSlot, endSlot } = trimEmptySlots(sheet, found, days)
  const left = sumValues(sheet, cells, days, found.leftSlot, found.startSlot)
  const right = sumValues(sheet, cells, days, found.endSlot, found.rightSlot)
  return {
    startSlot,
    endSlot,
    rawDepth: -contrast / precision,
    standardError: Math.sqrt(scale / precision + natural),
    daysBelow,
    inside: sumValues(sheet, cells, days, startSlot, endSlot),
    around: left.map((count, value) => count + (right[value] as number)),
  }
}

/** A window may reach into closed or masked slots, which hold no presses; the dip is only said where there are some. */
function trimEmptySlots(
  sheet: ScanSheet,
  window: ScanWindow,
  days: readonly number[],
): { startSlot: number; endSlot: number } {
  const hasPresses = (slot: number): boolean => days.some((day) => (sheet.presses[day * SLOTS + slot] as number) > 0)
  let { startSlot, endSlot } = window
  while (startSlot < endSlot - 1 && !hasPresses(startSlot)) startSlot++
  while (endSlot > startSlot + 1 && !hasPresses(endSlot - 1)) endSlot--
  return { startSlot, endSlot }
}

function sumValues(
  sheet: ScanSheet,
  cells: TouchpointCells,
  days: readonly number[],
  fromSlot: number,
  toSlot: number,
): number[] {
  return cells.counts.map((counts) => {
    let sum = 0
    for (const day of days) {
      for (let cell = day * SLOTS + fromSlot; cell < day * SLOTS + toSlot; cell++) {
        if ((sheet.presses[cell] as number) > 0) sum += counts[cell] as number
      }
    }
    return sum
  })
}
