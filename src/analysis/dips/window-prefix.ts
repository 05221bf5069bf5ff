import { blockOfDay, WEEKDAY_SETS } from './scan-plan.ts'
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

/** Bit s of entry w = ISO weekday w belongs to set s. */
const SETS_OF_WEEKDAY = Uint16Array.from({ length: 8 }, (_, weekday) =>
  WEEKDAY_SETS.reduce((bits, set, s) => bits | (set.weekdays.includes(weekday) ? 1 << s : 0), 0),
)

/** Fills the running sums from the clipped contrasts of window w. */
export function sumWindowPrefix(prefix: WindowPrefix, sheet: ScanSheet, w: number, blocks: number): void {
  prefix.precision.fill(0)
  prefix.contrast.fill(0)
  prefix.days.fill(0)
  prefix.presses.fill(0)
  for (let day = sheet.firstDay; day < sheet.endDay; day++) {
    const at = w * sheet.capacity + day
    const omega = sheet.precision[at] as number
    if (omega === 0) continue
    const entry = blockOfDay(day, sheet.endDay, blocks) + 1
    const sets = SETS_OF_WEEKDAY[sheet.weekdays[day] as number] as number
    for (let s = 0; s < WEEKDAY_SETS.length; s++) {
      if ((sets & (1 << s)) === 0) continue
      const i = s * prefix.stride + entry
      prefix.precision[i] = (prefix.precision[i] as number) + omega
      prefix.contrast[i] = (prefix.contrast[i] as number) + omega * (sheet.clipped[at] as number)
      prefix.days[i] = (prefix.days[i] as number) + 1
      prefix.presses[i] = (prefix.presses[i] as number) + (sheet.windowPresses[at] as number)
    }
  }
  for (const sums of [prefix.precision, prefix.contrast, prefix.days, prefix.presses])
    accumulate(sums, prefix.stride, blocks)
}

function accumulate(sums: Float64Array, stride: number, blocks: number): void {
  for (let s = 0; s < WEEKDAY_SETS.length; s++) {
    for (let i = s * stride + 1; i <= s * stride + blocks; i++) {
      sums[i] = (sums[i] as number) + (sums[i - 1] as number)
    }
  }
}
