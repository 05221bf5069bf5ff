import { SLOTS, type TouchpointCells } from './touchpoint-cells.ts'

/** A touchpoint of a place, with how its grid lies against the place's. */
export type PlaceMember = {
  cells: TouchpointCells
  /** local hour of the member's slot 0 minus that of the place's: hours of the clock are summed, not slots */
  shiftSlots: number
}

/**
 * The curve of a place or chain: presses of its touchpoints per local hour, for a scan as one more family.
 *
 * Presses outside a member's opening hours are left out, and an hour is open where a member is. What a shift moves before the
 * first or behind the last day is left out too.
 *
 * @param members at least one, all over the same business dates and the same scale
 * @throws RangeError when days, weekdays or scales differ
 */
export function sumCells(id: string, members: readonly PlaceMember[]): TouchpointCells {
  const first = members[0]?.cells
  if (first === undefined) throw new RangeError(`place ${id} has no touchpoints`)
  const size = first.days * SLOTS
  const counts = first.counts.map(() => new Uint32Array(size))
  const openSlots = new Uint8Array(size)
  for (const { cells, shiftSlots } of members) {
    checkAlike(id, first, cells)
    for (let cell = 0; cell < size; cell++) {
      const to = cell + shiftSlots
      if (to < 0 || to >= size || cells.openSlots?.[cell] === 0) continue
      openSlots[to] = 1
      counts.forEach((sums, value) => {
        sums[to] = (sums[to] as number) + ((cells.counts[value] as Uint16Array)[cell] as number)
      })
    }
  }
  return { id, days: first.days, weekdays: first.weekdays, openSlots, counts }
}

function checkAlike(id: string, a: TouchpointCells, b: TouchpointCells): void {
  const isAlike =
    a.days === b.days && a.counts.length === b.counts.length && a.weekdays.every((day, i) => day === b.weekdays[i])
  if (!isAlike) throw new RangeError(`place ${id}: touchpoint ${b.id} has other days or another scale than ${a.id}`)
}
