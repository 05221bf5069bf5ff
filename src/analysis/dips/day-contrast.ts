/** Weighted sums of scores over some cells of one day: the mean is score / weight. */
export type WeightedSum = { weight: number; score: number }

/** How far a window was from its flanks on one day. */
export type DayContrast = {
  /** points; negative = lower than the hours around */
  contrast: number
  /** 1 / variance of the contrast, up to the touchpoint's own scale */
  precision: number
}

const LEAST_WINDOW_WEIGHT = 0.5
const LEAST_FLANKS_WEIGHT = 2
const LEAST_OWN_FLANK_WEIGHT = 3

/**
 * One day's contrast: mean of the window minus the average of its flanks.
 *
 * Taking the average of both flank means, not the mean of all flank presses, makes a linear slope over the day cancel;
 * where a flank is too thin for a mean of its own, both are pooled.
 *
 * @returns null where window or flanks hold too little: the day is absent for this window
 */
export function dayContrast(window: WeightedSum, left: WeightedSum, right: WeightedSum): DayContrast | null {
  if (window.weight < LEAST_WINDOW_WEIGHT || left.weight + right.weight < LEAST_FLANKS_WEIGHT) return null
  const mean = window.score / window.weight
  if (left.weight >= LEAST_OWN_FLANK_WEIGHT && right.weight >= LEAST_OWN_FLANK_WEIGHT) {
    const reference = (left.score / left.weight + right.score / right.weight) / 2
    const variance = 1 / window.weight + (1 / left.weight + 1 / right.weight) / 4
    return { contrast: mean - reference, precision: 1 / variance }
  }
  const pooled = left.weight + right.weight
  return {
    contrast: mean - (left.score + right.score) / pooled,
    precision: 1 / (1 / window.weight + 1 / pooled),
  }
}
