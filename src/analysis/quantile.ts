/**
 * Quantile with linear interpolation between order statistics (R type 7), by quickselect.
 *
 * @param values reordered in place: callers own a scratch array and no copy is made
 * @param share in [0, 1]; 0.5 is the median
 * @param length how many leading values count
 * @returns NaN when length is 0
 * @see Hyndman & Fan 1996; R: quantile(x, share)
 * @example quantile(Float64Array.of(4, 1, 3, 2), 0.5) // 2.5
 */
export function quantile(values: Float64Array, share: number, length = values.length): number {
  if (length === 0) return Number.NaN
  const position = share * (length - 1)
  const rank = Math.floor(position)
  const lower = select(values, rank, length)
  const fraction = position - rank
  if (fraction === 0) return lower
  // After selecting, everything right of the rank is at least as large: the next order statistic is its minimum.
  let upper = Number.POSITIVE_INFINITY
  for (let i = rank + 1; i < length; i++) upper = Math.min(upper, values[i] as number)
  return lower + fraction * (upper - lower)
}

/** Hoare's selection: afterwards values[rank] is in its sorted place. */
function select(values: Float64Array, rank: number, length: number): number {
  let left = 0
  let right = length - 1
  while (left < right) {
    const pivot = values[(left + right) >> 1] as number
    let i = left
    let j = right
    while (i <= j) {
      while ((values[i] as number) < pivot) i++
      while ((values[j] as number) > pivot) j--
      if (i <= j) {
        const swap = values[i] as number
        values[i] = values[j] as number
        values[j] = swap
        i++
        j--
      }
    }
    if (rank <= j) right = j
    else if (rank >= i) left = i
    else break
  }
  return values[rank] as number
}
