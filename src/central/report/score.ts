import { hourProfile, type SlotProfile } from '../../analysis/hour-profile.ts'
import type { TouchpointCells } from '../../analysis/touchpoint-cells.ts'
import { foldDays } from './make-cells.ts'

/** Confidence of every interval on the pages. */
export const confidence = 0.95

export type Score = {
  presses: number
  /** Per value, best first. */
  counts: number[]
  index: number | null
  low: number | null
  high: number | null
}

export function toScore({ presses, counts, index, interval }: SlotProfile): Score {
  return {
    presses,
    counts: counts.toReversed(),
    // Sums of thirds end up a hair beyond the scale.
    index: index === null ? null : Math.min(100, Math.max(0, index)),
    low: interval?.lower ?? null,
    high: interval?.upper ?? null,
  }
}

/** The score of a whole period within opening hours, its interval from day to day. */
export function scoreOfDays(cells: TouchpointCells): Score {
  const [total] = hourProfile(foldDays(cells), confidence)
  if (!total) throw new Error('an hour profile has 24 slots')
  return toScore(total)
}
