/** State of a dip. One scan knows only the first two; the others need a memory of earlier nights. */
export type DipState = 'suspected' | 'confirmed' | 'fixed' | 'over' | 'back'

/** q up to here is listed at all. */
export const SUSPECTED_Q = 0.2
/** q up to here alerts somebody; stricter than one report's .05, since every night looks anew. */
const CONFIRMED_Q = 0.01

/** @returns the state one scan gives, null above .20 */
export function dipStateOfScan(q: number): 'suspected' | 'confirmed' | null {
  if (q <= CONFIRMED_Q) return 'confirmed'
  return q <= SUSPECTED_Q ? 'suspected' : null
}
