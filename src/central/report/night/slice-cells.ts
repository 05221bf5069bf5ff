import { SLOTS, type TouchpointCells } from '../../../analysis/touchpoint-cells.ts'

/** Some days of a grid, as views: nothing is copied, so that each night of a long span costs no memory of its own. */
export function sliceCells(cells: TouchpointCells, firstDay: number, days: number): TouchpointCells {
  const [from, to] = [firstDay * SLOTS, (firstDay + days) * SLOTS]
  return {
    id: cells.id,
    days,
    weekdays: cells.weekdays.subarray(firstDay, firstDay + days),
    openSlots: cells.openSlots?.subarray(from, to) ?? null,
    counts: cells.counts.map((ofValue) => ofValue.subarray(from, to)),
  }
}
