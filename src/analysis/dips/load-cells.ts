import { quantile } from '../quantile.ts'
import { SLOTS, type TouchpointCells } from '../touchpoint-cells.ts'
import { downwardSkewness } from './downward-skewness.ts'
import type { ScanSheet } from './scan-sheet.ts'

const LEAST_CAP = 8
const CAP_MEDIANS = 4

/**
 * Writes one touchpoint's presses and scores onto the sheet: closed and masked cells become empty, and cells with far more
 * presses than that slot's usual day (a school class, a stuck filter) are capped, keeping their mean.
 *
 * Days before the first press are not part of the data: a terminal put up last week has seven days, not fifty-six.
 *
 * @param masked 1 = leave out, per cell; null = nothing masked
 */
export function loadCells(sheet: ScanSheet, cells: TouchpointCells, masked: Uint8Array | null): void {
  sheet.endDay = cells.days
  sheet.weekdays.set(cells.weekdays)
  sumPresses(sheet, cells, masked)
  sheet.firstDay = firstDayWithPress(sheet, cells.days)
  for (let slot = 0; slot < SLOTS; slot++) capSlot(sheet, slot)
}

function sumPresses(sheet: ScanSheet, cells: TouchpointCells, masked: Uint8Array | null): void {
  const { presses, score } = sheet
  const point = 100 / (cells.counts.length - 1)
  const size = cells.days * SLOTS
  presses.fill(0, 0, size)
  score.fill(0, 0, size)
  const totals = cells.counts.map(() => 0)
  for (let value = 0; value < cells.counts.length; value++) {
    const counts = cells.counts[value] as Uint16Array
    let total = 0
    for (let cell = 0; cell < size; cell++) {
      const count = counts[cell] as number
      total += count
      presses[cell] = (presses[cell] as number) + count
      score[cell] = (score[cell] as number) + count * value
    }
    totals[value] = total
  }
  sheet.skewness = downwardSkewness(totals)
  const open = cells.openSlots
  for (let cell = 0; cell < size; cell++) {
    const isLeftOut = (open !== null && open[cell] === 0) || (masked !== null && masked[cell] === 1)
    const count = isLeftOut ? 0 : (presses[cell] as number)
    presses[cell] = count
    score[cell] = count === 0 ? 0 : ((score[cell] as number) * point) / count
  }
}

function firstDayWithPress(sheet: ScanSheet, days: number): number {
  for (let cell = 0; cell < days * SLOTS; cell++)
    if ((sheet.presses[cell] as number) > 0) return Math.floor(cell / SLOTS)
  return days
}

function capSlot(sheet: ScanSheet, slot: number): void {
  const { presses, capped, scratch } = sheet
  let busyDays = 0
  for (let day = sheet.firstDay; day < sheet.endDay; day++) {
    const count = presses[day * SLOTS + slot] as number
    if (count > 0) scratch[busyDays++] = count
  }
  const cap = busyDays === 0 ? 0 : Math.max(LEAST_CAP, CAP_MEDIANS * quantile(scratch, 0.5, busyDays))
  for (let day = sheet.firstDay; day < sheet.endDay; day++) {
    const cell = day * SLOTS + slot
    capped[cell] = Math.min(cap, presses[cell] as number)
  }
}
