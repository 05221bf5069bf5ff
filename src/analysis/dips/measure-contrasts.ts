import { SLOTS } from '../touchpoint-cells.ts'
import { dayContrast, type WeightedSum } from './day-contrast.ts'
import { pressWeight } from './press-weight.ts'
import type { ScanSheet } from './scan-sheet.ts'
import { SCAN_WINDOWS, type ScanWindow } from './scan-windows.ts'

/** Running sums over the slots of one day: entry i holds everything before slot i. */
type DayPrefix = { weight: Float64Array; score: Float64Array; presses: Float64Array }

/**
 * Measures every window on every day of the loaded touchpoint: contrast, precision and presses per window and day,
 * and the weight of both flanks per window. The day's own level, good or bad, cancels here.
 */
export function measureContrasts(sheet: ScanSheet): void {
  const prefix: DayPrefix = {
    weight: new Float64Array(SLOTS + 1),
    score: new Float64Array(SLOTS + 1),
    presses: new Float64Array(SLOTS + 1),
  }
  sheet.leftWeight.fill(0)
  sheet.rightWeight.fill(0)
  for (let day = sheet.firstDay; day < sheet.endDay; day++) {
    sumDay(prefix, sheet, day)
    for (let w = 0; w < SCAN_WINDOWS.length; w++) measureWindow(sheet, prefix, w, day)
  }
}

function sumDay(prefix: DayPrefix, sheet: ScanSheet, day: number): void {
  let weight = 0
  let score = 0
  let presses = 0
  for (let slot = 0; slot < SLOTS; slot++) {
    const count = sheet.capped[day * SLOTS + slot] as number
    if (count > 0) {
      const cellWeight = pressWeight(count)
      weight += cellWeight
      score += cellWeight * (sheet.score[day * SLOTS + slot] as number)
      presses += count
    }
    prefix.weight[slot + 1] = weight
    prefix.score[slot + 1] = score
    prefix.presses[slot + 1] = presses
  }
}

function measureWindow(sheet: ScanSheet, prefix: DayPrefix, w: number, day: number): void {
  const { startSlot, endSlot, leftSlot, rightSlot } = SCAN_WINDOWS[w] as ScanWindow
  const at = w * sheet.capacity + day
  const left = between(prefix, leftSlot, startSlot)
  const right = between(prefix, endSlot, rightSlot)
  sheet.leftWeight[w] = (sheet.leftWeight[w] as number) + left.weight
  sheet.rightWeight[w] = (sheet.rightWeight[w] as number) + right.weight
  const measured = dayContrast(between(prefix, startSlot, endSlot), left, right)
  sheet.contrast[at] = measured === null ? 0 : measured.contrast
  sheet.precision[at] = measured === null ? 0 : measured.precision
  sheet.windowPresses[at] = (prefix.presses[endSlot] as number) - (prefix.presses[startSlot] as number)
}

function between(prefix: DayPrefix, from: number, to: number): WeightedSum {
  return {
    weight: (prefix.weight[to] as number) - (prefix.weight[from] as number),
    score: (prefix.score[to] as number) - (prefix.score[from] as number),
  }
}
