/** Slots of a business day; slot 0 is its first hour, whatever the clock says there. */
export const SLOTS = 24

/** Counted presses of one touchpoint and question: a business day × slot grid, oldest day first. */
export type TouchpointCells = {
  id: string
  /** complete business days, oldest first */
  days: number
  /** ISO weekday 1..7 of each day's business date */
  weekdays: Uint8Array
  /** 1 = inside opening hours, per cell (days × 24); null = always open. Presses outside are not scanned */
  openSlots: Uint8Array | null
  /** one array per value, worst first (four faces: 4), each days × 24 long, cell = day × 24 + slot; 32 bits for sums */
  counts: readonly (Uint16Array | Uint32Array)[]
}

/**
 * Refuses a grid whose parts do not fit together; that is a broken promise of the caller, not bad input.
 *
 * @throws RangeError naming the touchpoint and the part
 */
export function checkCells(cells: TouchpointCells): void {
  const size = cells.days * SLOTS
  const refuse = (part: string): never => {
    throw new RangeError(`touchpoint ${cells.id}: ${part} does not fit ${cells.days} days`)
  }
  if (!Number.isInteger(cells.days) || cells.days < 0) refuse('days')
  if (cells.weekdays.length !== cells.days) refuse('weekdays')
  if (cells.openSlots !== null && cells.openSlots.length !== size) refuse('openSlots')
  if (cells.counts.length < 2 || cells.counts.some((counts) => counts.length !== size)) refuse('counts')
}
