import { dayEvidence } from './day-evidence.ts'

const LEAST_MARGIN = 1.5
const LEAST_STEP = 1

/**
 * What one day after a dip became suspected adds to the log evidence that it is real. Window and weekdays must stay those
 * of the day of suspicion: then P(evidence ever ≥ ln 20 | no dip) ≤ 1/20, however often one looks.
 *
 * @param contrast of a day of the dip's weekdays, points
 * @param depth as shown on the day of suspicion, points
 * @param scale residual variance, points², > 0
 * @see dips.md §3.7 step 21
 */
export function freshEvidence(contrast: number, precision: number, depth: number, scale: number): number {
  const margin = Math.max(LEAST_MARGIN, depth / 4)
  const step = Math.max(LEAST_STEP, 0.75 * depth - margin)
  return dayEvidence(-contrast - margin, step, precision, scale)
}
