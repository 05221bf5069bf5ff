import type { DipShape } from '../../../analysis/memory/remembered-dip.ts'
import { SLOTS, type TouchpointCells } from '../../../analysis/touchpoint-cells.ts'

/** A dip nobody presses in is not known to run. Of few weekdays, as many of its days pass by. */
const leastDays = 14
const leastOfWeekday = 4

/**
 * The last day with a press in these hours and weekdays, where that is long ago: two weeks, and four days of its weekdays.
 *
 * @returns an index into the cells, -1 where they hold none at all; null where it is not long ago
 */
export function lastPressDay(cells: TouchpointCells, { startSlot, endSlot, weekdays }: DipShape): number | null {
  const least = Math.max(leastDays, Math.ceil((leastOfWeekday * 7) / (weekdays?.length ?? 7)))
  for (let day = cells.days - 1; day >= 0; day--) {
    if (weekdays && !weekdays.includes(cells.weekdays[day] as number)) continue
    if (hasPress(cells, day * SLOTS + startSlot, day * SLOTS + endSlot)) {
      return cells.days - 1 - day >= least ? day : null
    }
  }
  return -1
}

function hasPress({ counts, openSlots }: TouchpointCells, from: number, to: number): boolean {
  for (let cell = from; cell < to; cell++) {
    if (openSlots?.[cell] !== 0 && counts.some((ofValue) => (ofValue[cell] as number) > 0)) return true
  }
  return false
}
