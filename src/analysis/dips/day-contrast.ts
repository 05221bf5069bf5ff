/** Where contrasts of days are written: points (negative = lower than the hours around) and 1 / variance, up to a scale. */
export type DayContrasts = {
  contrast: Float64Array
  /** 0 = the day is absent for this window */
  precision: Float64Array
}

const LEAST_WINDOW_WEIGHT = 0.5
const LEAST_FLANKS_WEIGHT = 2
const LEAST_OWN_FLANK_WEIGHT = 3

/**
 * One day's contrast: mean of the window minus the average of its flanks. Each of the three comes as the weighted sum of its
 * scores and its weight; plain numbers, since a scan measures thousands of days a touchpoint.
 *
 * Taking the average of both flank means, not the mean of all flank presses, makes a linear slope over the day cancel;
 * where a flank is too thin for a mean of its own, both are pooled. Where window or flanks hold too little the day is absent.
 *
 * @param into written to at `at`; both 0 where absent
 */
export function dayContrast(
  windowWeight: number,
  windowScore: number,
  leftWeight: number,
  leftScore: number,
  rightWeight: number,
  rightScore: number,
  into: DayContrasts,
  at: number,
): void {
  const pooled = leftWeight + rightWeight
  if (windowWeight < LEAST_WINDOW_WEIGHT || pooled < LEAST_FLANKS_WEIGHT) {
    into.contrast[at] = 0
    into.precision[at] = 0
    return
  }
  const mean = windowScore / windowWeight
  if (leftWeight >= LEAST_OWN_FLANK_WEIGHT && rightWeight >= LEAST_OWN_FLANK_WEIGHT) {
    into.contrast[at] = mean - (leftScore / leftWeight + rightScore / rightWeight) / 2
    into.precision[at] = 1 / (1 / windowWeight + (1 / leftWeight + 1 / rightWeight) / 4)
    return
  }
  into.contrast[at] = mean - (leftScore + rightScore) / pooled
  into.precision[at] = 1 / (1 / windowWeight + 1 / pooled)
}
