import { SLOTS } from '../touchpoint-cells.ts'
import { SCAN_WINDOWS } from './scan-windows.ts'

/**
 * The scan's scratch sheet: everything known of ONE touchpoint while it is being looked at. One sheet serves a whole
 * fleet, so memory does not grow with the number of touchpoints. Window × day arrays are indexed window × capacity + day.
 */
export type ScanSheet = {
  /** most days it can hold; the stride of the window × day arrays */
  capacity: number
  /** first day that counts: the touchpoint's first with a press */
  firstDay: number
  /** one past the last day */
  endDay: number
  weekdays: Uint8Array
  /** presses per cell after masking and opening hours, before the cap */
  presses: Float64Array
  /** presses per cell after the cap of freak cells */
  capped: Float64Array
  /** mean score per cell, 0..100; 0 where empty */
  score: Float64Array
  /** capped presses per slot, over all days */
  slotPresses: Float64Array
  /** running sums over the slots of each day, entry slot × capacity + day = everything before that slot; row 0 stays 0 */
  prefixWeight: Float64Array
  prefixScore: Float64Array
  prefixPresses: Float64Array
  /** contrast as measured */
  contrast: Float64Array
  /** contrast after clipping, used for all sums */
  clipped: Float64Array
  /** precision of the contrast; 0 = the day is absent for this window */
  precision: Float64Array
  /** capped presses inside the window */
  windowPresses: Float64Array
  /** days present, per window */
  windowDays: Float64Array
  /** Σ precision, per window */
  sumPrecision: Float64Array
  /** Σ precision × clipped, per window */
  sumContrast: Float64Array
  /** Σ precision × clipped², per window */
  sumSquares: Float64Array
  /** weight of the left and the right flank over all days, per window */
  leftWeight: Float64Array
  rightWeight: Float64Array
  /** residual variance of a contrast with precision 1, points²; NaN while no window has enough days */
  scale: number
  /** of one press's score, downwards: > 0 where most press the best face; 0 where it leans the other way */
  skewness: number
  /** scratch for medians */
  scratch: Float64Array
}

/** @param capacity most days of any touchpoint of the fleet */
export function makeScanSheet(capacity: number): ScanSheet {
  const cells = (): Float64Array => new Float64Array(capacity * SLOTS)
  const running = (): Float64Array => new Float64Array(capacity * (SLOTS + 1))
  const grid = (): Float64Array => new Float64Array(capacity * SCAN_WINDOWS.length)
  const perWindow = (): Float64Array => new Float64Array(SCAN_WINDOWS.length)
  return {
    capacity,
    firstDay: 0,
    endDay: 0,
    weekdays: new Uint8Array(capacity),
    presses: cells(),
    capped: cells(),
    score: cells(),
    slotPresses: new Float64Array(SLOTS),
    prefixWeight: running(),
    prefixScore: running(),
    prefixPresses: running(),
    contrast: grid(),
    clipped: grid(),
    precision: grid(),
    windowPresses: grid(),
    windowDays: perWindow(),
    sumPrecision: perWindow(),
    sumContrast: perWindow(),
    sumSquares: perWindow(),
    leftWeight: perWindow(),
    rightWeight: perWindow(),
    scale: Number.NaN,
    skewness: 0,
    scratch: new Float64Array(Math.max(capacity, SCAN_WINDOWS.length)),
  }
}
