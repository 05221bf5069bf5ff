/**
 * Landau shift of a weighted harmonic mean p: makes the mean of many dependent p-values a p-value of its own.
 *
 * @param harmonicMean 1 / Σ(weight / p), weights summing to 1
 * @param cells how many p-values went in
 * @returns (0, 1]; 1 where the shift has no positive denominator, that is, where nothing can be claimed
 * @see Wilson 2019, The harmonic mean p-value for combining dependent tests
 * @example landauShift(9.979840722e-6, 4) // 9.98000102e-6
 */
export function landauShift(harmonicMean: number, cells: number): number {
  const bracket = 1 - harmonicMean * Math.log(cells + 1)
  return bracket <= 0 ? 1 : Math.min(1, harmonicMean / bracket)
}

/**
 * Weighted harmonic mean of p-values, unshifted. Weights need not sum to 1.
 *
 * @param pValues each in (0, 1]
 * @param weights same length, ≥ 0
 * @returns 1 for none: no test is no evidence
 * @throws RangeError when the lengths differ
 * @example harmonicMeanP([1e-6, 0.001, 0.2, 0.8], [0.1, 0.2, 0.3, 0.4]) // 9.979840722e-6
 */
export function harmonicMeanP(pValues: ArrayLike<number>, weights: ArrayLike<number>): number {
  if (pValues.length !== weights.length) throw new RangeError('one weight for each p-value')
  let total = 0
  let sum = 0
  for (let i = 0; i < pValues.length; i++) {
    total += weights[i] as number
    sum += (weights[i] as number) / (pValues[i] as number)
  }
  return total === 0 ? 1 : total / sum
}
