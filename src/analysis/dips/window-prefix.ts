import { blockOfDay, WEEKDAY_SETS, type WeekdaySet } from './scan-plan.ts'
import type { ScanSheet } from './scan-sheet.ts'

/**
 * Running sums of ONE window over blocks, per weekday set: entry set × stride + block holds everything before that block,
 * so the sums of any run of blocks are one subtraction.
 */
export type WindowPrefix = {
  stride: number
  precision: Float64Array
  contrast: Float64Array
  days: Float64Array
  presses: Float64Array
}

/** @param blocks most blocks of any touchpoint */
export function makeWindowPrefix(blocks: number): WindowPrefix {
  const stride = blocks + 1
  const sums = (): Float64Array => new Float64Array(stride * WEEKDAY_SETS.length)
  return { stride, precision: sums(), contrast: sums(), days: sums(), presses: sums() }
}

const SETS = WEEKDAY_SETS.length
/** Weekday sets end with the seven single days, Monday first. */
const FIRST_SINGLE = SETS - 7

/** Fills the running sums from the clipped contrasts of window w. */
export function sumWindowPrefix(prefix: WindowPrefix, sheet: ScanSheet, w: number, blocks: number): void {
  const { precision, contrast, days, presses, stride } = prefix
  for (const sums of [precision, contrast, days, presses]) sums.fill(0)
  for (let day = sheet.firstDay; day < sheet.endDay; day++) {
    const at = w * sheet.capacity + day
    const omega = sheet.precision[at] as number
    if (omega === 0) continue
    const single = FIRST_SINGLE + (sheet.weekdays[day] as number) - 1
    const i = single * stride + blockOfDay(day, sheet.endDay, blocks) + 1
    precision[i] = (precision[i] as number) + omega
    contrast[i] = (contrast[i] as number) + omega * (sheet.clipped[at] as number)
    days[i] = (days[i] as number) + 1
    presses[i] = (presses[i] as number) + (sheet.windowPresses[at] as number)
  }
  for (const sums of [precision, contrast, days, presses]) {
    addSingleDays(sums, stride, blocks)
    accumulate(sums, stride, blocks)
  }
}

/** Sums of the sets of several weekdays from those of their days. */
function addSingleDays(sums: Float64Array, stride: number, blocks: number): void {
  for (let set = 0; set < FIRST_SINGLE; set++) {
    for (const weekday of (WEEKDAY_SETS[set] as WeekdaySet).weekdays) {
      const from = (FIRST_SINGLE + weekday - 1) * stride
      const to = set * stride
      for (let i = 1; i <= blocks; i++) sums[to + i] = (sums[to + i] as number) + (sums[from + i] as number)
    }
  }
}

function accumulate(sums: Float64Array, stride: number, blocks: number): void {
  for (let set = 0; set < SETS; set++) {
    for (let i = set * stride + 1; i <= set * stride + blocks; i++) {
      sums[i] = (sums[i] as number) + (sums[i - 1] as number)
    }
  }
}
