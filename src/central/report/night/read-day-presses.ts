import { SLOTS } from '../../../analysis/touchpoint-cells.ts'
import type { StoreReader, Tally } from '../../store/port.ts'
import type { Curve } from './curve.ts'
import { dateOfDay } from './day-number.ts'

/** All presses of one touchpoint on one business day, misuse and other questions too. */
export type DayPresses = {
  slots: Uint32Array
  /** Presses whose hour nobody knows, on the local date. */
  uncertain: number
}

/** @returns by touchpoint; those without a press that day are not in it */
export async function readDayPresses(
  store: StoreReader,
  curves: readonly Curve[],
  night: number,
): Promise<Map<string, DayPresses>> {
  const dayStarts = new Map(curves.map(({ id, dayStart }) => [id, dayStart]))
  const presses = new Map<string, DayPresses>()
  for (const date of [0, 1]) {
    for (const tally of await store.talliesOn(dateOfDay(night + date))) {
      const dayStart = dayStarts.get(tally.touchpoint)
      if (dayStart === undefined || tally.class === 'counted') continue
      const found = presses.get(tally.touchpoint) ?? { slots: new Uint32Array(SLOTS), uncertain: 0 }
      presses.set(tally.touchpoint, found)
      if (tally.class === 'uncertain') found.uncertain += date === 0 || dayStart > 0 ? pressesOf(tally) : 0
      else addHour(found.slots, tally.hour - dayStart + date * SLOTS, pressesOf(tally))
    }
  }
  return presses
}

function addHour(slots: Uint32Array, slot: number, presses: number): void {
  if (slot >= 0 && slot < SLOTS) slots[slot] = (slots[slot] as number) + presses
}

function pressesOf({ counts }: Tally): number {
  return counts.reduce((sum, count) => sum + count, 0)
}
