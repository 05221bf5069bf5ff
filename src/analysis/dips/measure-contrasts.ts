import { SLOTS } from '../touchpoint-cells.ts'
import { dayContrast } from './day-contrast.ts'
import { pressWeight } from './press-weight.ts'
import type { ScanSheet } from './scan-sheet.ts'
import { SCAN_WINDOWS, type ScanWindow } from './scan-windows.ts'

/**
 * Measures every window on every day of the loaded touchpoint: contrast, precision and presses per window and day,
 * and the weight of both flanks per window. The day's own level, good or bad, cancels here.
 */
export function measureContrasts(sheet: ScanSheet): void {
  for (let slot = 0; slot < SLOTS; slot++) sumSlot(sheet, slot)
  for (let w = 0; w < SCAN_WINDOWS.length; w++) measureWindow(sheet, w)
}

/** Adds a slot to the running sums of each day: row s holds everything before slot s. */
function sumSlot(sheet: ScanSheet, slot: number): void {
  const { capped, score, prefixWeight, prefixScore, prefixPresses } = sheet
  const shift = sheet.capacity
  for (let day = sheet.firstDay; day < sheet.endDay; day++) {
    const before = slot * shift + day
    let weight = prefixWeight[before] as number
    let points = prefixScore[before] as number
    const count = capped[day * SLOTS + slot] as number
    if (count > 0) {
      const cellWeight = pressWeight(count)
      weight += cellWeight
      points += cellWeight * (score[day * SLOTS + slot] as number)
    }
    prefixWeight[before + shift] = weight
    prefixScore[before + shift] = points
    prefixPresses[before + shift] = (prefixPresses[before] as number) + count
  }
}

function measureWindow(sheet: ScanSheet, w: number): void {
  const { capacity, prefixWeight, prefixScore, prefixPresses, windowPresses } = sheet
  const { startSlot, endSlot, leftSlot, rightSlot } = SCAN_WINDOWS[w] as ScanWindow
  let allLeft = 0
  let allRight = 0
  for (let day = sheet.firstDay; day < sheet.endDay; day++) {
    const from = startSlot * capacity + day
    const to = endSlot * capacity + day
    const left = leftSlot * capacity + day
    const right = rightSlot * capacity + day
    const startWeight = prefixWeight[from] as number
    const endWeight = prefixWeight[to] as number
    const leftWeight = startWeight - (prefixWeight[left] as number)
    const rightWeight = (prefixWeight[right] as number) - endWeight
    allLeft += leftWeight
    allRight += rightWeight
    const startScore = prefixScore[from] as number
    const endScore = prefixScore[to] as number
    const leftScore = startScore - (prefixScore[left] as number)
    const rightScore = (prefixScore[right] as number) - endScore
    const at = w * capacity + day
    dayContrast(
      endWeight - startWeight,
      endScore - startScore,
      leftWeight,
      leftScore,
      rightWeight,
      rightScore,
      sheet,
      at,
    )
    windowPresses[at] = (prefixPresses[to] as number) - (prefixPresses[from] as number)
  }
  sheet.leftWeight[w] = allLeft
  sheet.rightWeight[w] = allRight
}
