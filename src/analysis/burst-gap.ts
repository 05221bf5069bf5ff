import { quantile } from './quantile.ts'

const SLOWEST_GAP_MS = 4000
const FASTEST_GAP_MS = 700
const HOUR_MS = 3_600_000

/**
 * The longest gap between two presses that still belong to one run of the mash filter.
 *
 * A fifth of the mean gap in a busy hour, so that a queue at the exit is not taken for play: 0.2 × 3600 s / r,
 * within 0.7..4 s, where r is the 90th percentile of the touchpoint's non-empty hours.
 *
 * @param hourlyPresses presses per hour of the reference time (the 8 weeks before); zeros are ignored
 * @returns milliseconds; 4000 while nothing is known
 * @example burstGapMs([600, 600, 0, 600]) // 1200
 */
export function burstGapMs(hourlyPresses: ArrayLike<number>): number {
  const busy = Float64Array.from(hourlyPresses).filter((presses) => presses > 0)
  if (busy.length === 0) return SLOWEST_GAP_MS
  const gapMs = (0.2 * HOUR_MS) / quantile(busy, 0.9)
  return Math.min(SLOWEST_GAP_MS, Math.max(FASTEST_GAP_MS, gapMs))
}
