import { SLOTS } from '../touchpoint-cells.ts'
import type { CoveredPresses } from './covered-presses.ts'

/** Means of the touchpoint's past per ISO weekday and slot: entry (weekday - 1) × 24 + slot. */
export type UsualPresses = {
  /** presses an hour; 0 where too few days are known */
  mean: Float64Array
  /** days behind each mean */
  days: Uint16Array
}

/** Days of a weekday that make a mean. */
const LEAST_DAYS = 3

/** Mean presses of the covered hours before the last day, per weekday and slot. */
export function usualPresses({ days, weekdays, covered, presses }: CoveredPresses): UsualPresses {
  const mean = new Float64Array(7 * SLOTS)
  const known = new Uint16Array(7 * SLOTS)
  for (let cell = 0; cell < (days - 1) * SLOTS; cell++) {
    if (covered[cell] !== 1) continue
    const at = hourOfWeek(weekdays, cell)
    mean[at] = (mean[at] as number) + (presses[cell] as number)
    known[at] = (known[at] as number) + 1
  }
  for (let at = 0; at < mean.length; at++) {
    mean[at] = (known[at] as number) < LEAST_DAYS ? 0 : (mean[at] as number) / (known[at] as number)
  }
  return { mean, days: known }
}

/** Place of a cell in the week: (weekday - 1) × 24 + slot. */
export function hourOfWeek(weekdays: Uint8Array, cell: number): number {
  return ((weekdays[Math.floor(cell / SLOTS)] as number) - 1) * SLOTS + (cell % SLOTS)
}
