import { SLOTS } from '../touchpoint-cells.ts'

/** Presses of one touchpoint on a business day × slot grid, with where silence would mean something. */
export type CoveredPresses = {
  id: string
  /** business days, oldest first; the last one is the day in question */
  days: number
  /** ISO weekday 1..7 per day */
  weekdays: Uint8Array
  /** 1 = inside opening hours and the terminal is known to have worked (`alive`) throughout, per cell (days × 24) */
  covered: Uint8Array
  /** all presses, mashing too: whoever plays proves that the box works */
  presses: Uint16Array
}

/**
 * Refuses a grid whose parts do not fit together.
 *
 * @throws RangeError naming the touchpoint and the part
 */
export function checkCovered({ id, days, weekdays, covered, presses }: CoveredPresses): void {
  const refuse = (part: string): never => {
    throw new RangeError(`touchpoint ${id}: ${part} does not fit ${days} days`)
  }
  if (!Number.isInteger(days) || days < 1) refuse('days')
  if (weekdays.length !== days) refuse('weekdays')
  if (covered.length !== days * SLOTS) refuse('covered')
  if (presses.length !== days * SLOTS) refuse('presses')
}
