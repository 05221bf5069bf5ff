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
  let presses = 0
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
    presses += count
  }
  sheet.slotPresses[slot] = presses
}

function measureWindow(sheet: ScanSheet, w: number): void {
  const { capacity, prefixWeight, prefixScore, prefixPresses, windowPresses } = sheet
  const { startSlot, endSlot, leftSlot, rightSlot } = SCAN_WINDOWS[w] as ScanWindow
  if (!hasPresses(sheet, startSlot, endSlot)) {
    leaveOut(sheet, w)
    return
  }
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

function hasPresses({ slotPresses }: ScanSheet, startSlot: number, endSlot: number): boolean {
  for (let slot = startSlot; slot < endSlot; slot++) if ((slotPresses[slot] as number) > 0) return true
  return false
}

/** A window that is closed every day, as a third of them are, needs no measuring. */
function leaveOut(sheet: ScanSheet, w: number): void {
  const from = w * sheet.capacity + sheet.firstDay
  const to = w * sheet.capacity + sheet.endDay
  for (const values of [sheet.contrast, sheet.precision, sheet.windowPresses]) values.fill(0, from, to)
  sheet.leftWeight[w] = 0
  sheet.rightWeight[w] = 0
}
