/** One day moves the evidence by what three standard deviations say at most. */
const REACH = 3

/**
 * What one day adds to the log evidence for "the mean is `step` points higher" against "it is at most 0": a Gaussian
 * log likelihood ratio, with the day's deviate clipped at ±3.
 *
 * exp of the sum over days is an e-process: whoever looks at it every night, however long, sees it reach x with a chance of
 * at most 1 / x while the hypothesis "at most 0" holds (Ville 1939). Clipping keeps that, since it makes the deviate less
 * spread. A step beyond three of the day's standard deviations is taken as three, for any step gives an e-process
 * and a longer one would, with clipped deviates, count against the very thing it looks for (curves of whole chains).
 *
 * @param deviation measured minus the mean under "at most 0", points
 * @param step points, > 0
 * @param precision of the day's contrast
 * @param scale residual variance of a contrast with precision 1, points², > 0
 * @see Wald 1945; dips.md §3.7 step 21 and §3.8 step 22
 */
export function dayEvidence(deviation: number, step: number, precision: number, scale: number): number {
  const unit = Math.sqrt(precision / scale)
  const lambda = Math.min(REACH, step * unit)
  return lambda * Math.min(REACH, Math.max(-REACH, deviation * unit)) - (lambda * lambda) / 2
}
