import { SLOTS } from '../touchpoint-cells.ts'

/** A run of slots that may hold a dip, and the slots beside it that it is compared with. */
export type ScanWindow = {
  startSlot: number
  /** exclusive, 1..24 */
  endSlot: number
  leftSlot: number
  /** exclusive */
  rightSlot: number
}

const LONGEST = 3
const FLANK_SLOTS = 3

/**
 * Every window of 1, 2 and 3 slots within the business day (69 of them), flanks of 3 slots cut at its ends.
 * Shorter windows come first: where two windows hold the same presses, the scan keeps the first.
 */
export const SCAN_WINDOWS: readonly ScanWindow[] = Array.from({ length: LONGEST }, (_, i) => i + 1).flatMap((length) =>
  Array.from({ length: SLOTS - length + 1 }, (_, startSlot) => ({
    startSlot,
    endSlot: startSlot + length,
    leftSlot: Math.max(0, startSlot - FLANK_SLOTS),
    rightSlot: Math.min(SLOTS, startSlot + length + FLANK_SLOTS),
  })),
)
