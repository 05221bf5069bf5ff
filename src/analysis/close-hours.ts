import { SLOTS, type TouchpointCells } from './touchpoint-cells.ts'

/** Hours of a dip or peak; days are indices into the touchpoint's cells. */
export type FoundHours = {
  id: string
  /** ISO weekdays, null = every day */
  weekdays: readonly number[] | null
  startSlot: number
  /** exclusive */
  endSlot: number
  /** null = from the first day on */
  onsetDay: number | null
  /** last day; null = to the end */
  endedDay: number | null
}

/**
 * Closes what was found in a touchpoint, on its weekdays from onset to end: beside an hour that is far off, its neighbours
 * look far off the other way, and before one that changed, its own past does.
 *
 * @param found of any touchpoints; those of others are passed over
 */
export function closeHours(cells: TouchpointCells, found: readonly FoundHours[]): TouchpointCells {
  const own = found.filter(({ id }) => id === cells.id)
  if (own.length === 0) return cells
  const openSlots = cells.openSlots?.slice() ?? new Uint8Array(cells.days * SLOTS).fill(1)
  for (const { weekdays, onsetDay, endedDay, startSlot, endSlot } of own) {
    for (let day = onsetDay ?? 0; day <= (endedDay ?? cells.days - 1); day++) {
      if (weekdays !== null && !weekdays.includes(cells.weekdays[day] as number)) continue
      openSlots.fill(0, day * SLOTS + startSlot, day * SLOTS + endSlot)
    }
  }
  return { ...cells, openSlots }
}
