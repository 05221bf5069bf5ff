import { blockOfDay, FIRST_SINGLE, WEEKDAY_SETS } from './scan-plan.ts'
import type { ScanSheet } from './scan-sheet.ts'

/** Places of the four sums within a row. */
export const PRECISION = 0
export const CONTRAST = 1
export const DAYS = 2
export const PRESSES = 3
/** Numbers a row. */
export const ROW = 4

/**
 * Running sums of ONE window over blocks, per weekday set: row `set × stride + block` holds everything before that block, so
 * the sums of any run of blocks are one subtraction. A row is Σ precision, Σ precision × contrast, days, presses.
 */
export type WindowPrefix = {
  /** rows a set: blocks + 1 */
  stride: number
  rows: Float64Array
  /** where each day's numbers go, as an index into rows */
  placeOfDay: Uint32Array
}

/** @param capacity most days of any touchpoint */
export function makeWindowPrefix(capacity: number): WindowPrefix {
  const stride = Math.floor(capacity / 7) + 1
  return {
    stride,
    rows: new Float64Array(stride * WEEKDAY_SETS.length * ROW),
    placeOfDay: new Uint32Array(capacity),
  }
}

/** Settles, once a touchpoint, which block and weekday each day adds to. */
export function placeDays(prefix: WindowPrefix, sheet: ScanSheet, blocks: number): void {
  for (let day = sheet.firstDay; day < sheet.endDay; day++) {
    const single = FIRST_SINGLE + (sheet.weekdays[day] as number) - 1
    prefix.placeOfDay[day] = (single * prefix.stride + blockOfDay(day, sheet.endDay, blocks) + 1) * ROW
  }
}

/** Fills the running sums from the clipped contrasts of window w, after `placeDays`. */
export function sumWindowPrefix({ rows, stride, placeOfDay }: WindowPrefix, sheet: ScanSheet, w: number): void {
  const { precision, clipped, windowPresses } = sheet
  rows.fill(0)
  for (let day = sheet.firstDay; day < sheet.endDay; day++) {
    const at = w * sheet.capacity + day
    const omega = precision[at] as number
    if (omega === 0) continue
    const i = placeOfDay[day] as number
    rows[i + PRECISION] = (rows[i + PRECISION] as number) + omega
    rows[i + CONTRAST] = (rows[i + CONTRAST] as number) + omega * (clipped[at] as number)
    rows[i + DAYS] = (rows[i + DAYS] as number) + 1
    rows[i + PRESSES] = (rows[i + PRESSES] as number) + (windowPresses[at] as number)
  }
  addSingleDays(rows, stride * ROW)
  accumulate(rows, stride * ROW)
}

/** Sums of the sets of several weekdays (all, Monday to Friday, the weekend) from those of their days. */
function addSingleDays(rows: Float64Array, setSize: number): void {
  const monday = FIRST_SINGLE * setSize
  for (let i = ROW; i < setSize; i++) {
    let weekdays = 0
    for (let at = monday + i; at < monday + 5 * setSize; at += setSize) weekdays += rows[at] as number
    const saturday = rows[monday + 5 * setSize + i] as number
    const sunday = rows[monday + 6 * setSize + i] as number
    rows[i] = weekdays + saturday + sunday
    rows[setSize + i] = weekdays
    rows[2 * setSize + i] = saturday + sunday
  }
}

function accumulate(rows: Float64Array, setSize: number): void {
  for (let start = 0; start < rows.length; start += setSize) {
    for (let i = start + ROW; i < start + setSize; i++) rows[i] = (rows[i] as number) + (rows[i - ROW] as number)
  }
}
