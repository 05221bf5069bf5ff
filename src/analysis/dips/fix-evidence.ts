import { dayEvidence } from './day-evidence.ts'

const LEAST_LEFT = 2
const LEAST_STEP = 1

/** Below this share of the depth a remainder is as good as none; above it the dip is still there. */
export const LEFT_SHARE = 1 / 3

/**
 * What one day after a fix adds to the log evidence that the dip is gone: "nothing is left" against "half or more is".
 *
 * @param change the day's contrast minus the window's natural level, points; negative = worse
 * @param depth of the dip as shown when the fix was entered, points
 * @param scale residual variance, points², > 0
 * @see dips.md §3.8 step 22
 */
export function goneEvidence(change: number, precision: number, depth: number, scale: number): number {
  return dayEvidence(change + depth / 2, depth / 2, precision, scale)
}

/** The same for "all of it is left" against "a third or less is" (less than 2 points never count as a dip). */
export function stillThereEvidence(change: number, precision: number, depth: number, scale: number): number {
  const left = Math.max(LEAST_LEFT, depth * LEFT_SHARE)
  return dayEvidence(-change - left, Math.max(LEAST_STEP, depth - left), precision, scale)
}
