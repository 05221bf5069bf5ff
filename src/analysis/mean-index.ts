/** The mean of answers on a scale, mapped to 0..100, with what an interval needs. */
export type MeanIndex = {
  /** 0 (all worst) .. 100 (all best) */
  index: number
  presses: number
  /** sample variance in points², divisor presses - 1; 0 for a single press */
  variance: number
  /** sqrt(variance / presses); treats presses as independent, which presses of one day are not */
  standardError: number
}

/**
 * Happy Index: the mean of all answers, where value v of a scale 0..max is worth 100 v / max points.
 * Four faces are worth 0, 33.3, 66.7 and 100.
 *
 * @param counts presses per value, worst first; its length is max + 1 (at least 2)
 * @returns null without presses: an index that was not measured is not 0
 * @throws RangeError when the scale has fewer than two values
 * @example meanIndex([9, 7, 20, 64])?.index // 79.66666667
 */
export function meanIndex(counts: ArrayLike<number>): MeanIndex | null {
  const max = counts.length - 1
  if (max < 1) throw new RangeError('a scale has at least two values')
  let presses = 0
  let sum = 0
  for (let value = 0; value <= max; value++) {
    const count = counts[value] as number
    presses += count
    sum += count * value
  }
  if (presses === 0) return null
  const mean = sum / presses
  let squares = 0
  for (let value = 0; value <= max; value++) squares += (counts[value] as number) * (value - mean) ** 2
  const point = 100 / max
  const variance = presses > 1 ? (squares * point * point) / (presses - 1) : 0
  return { index: mean * point, presses, variance, standardError: Math.sqrt(variance / presses) }
}
