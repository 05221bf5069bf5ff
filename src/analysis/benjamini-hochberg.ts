/**
 * Benjamini-Hochberg q-values: rejecting every q ≤ α keeps the expected share of false rejections at α or less,
 * for independent or positively dependent p-values.
 *
 * @param pValues in any order, each in [0, 1]
 * @returns q-values in the same order; equal p-values get equal q-values; empty gives empty
 * @see Benjamini & Hochberg 1995; R: p.adjust(p, 'BH')
 * @example benjaminiHochberg([0.01, 0.01, 0.04]) // [0.015, 0.015, 0.04]
 */
export function benjaminiHochberg(pValues: ArrayLike<number>): Float64Array {
  const p = Float64Array.from(pValues)
  const order = Array.from(p.keys()).sort((a, b) => (p[a] as number) - (p[b] as number))
  const q = new Float64Array(p.length)
  let smallest = 1
  for (let rank = order.length; rank >= 1; rank--) {
    const position = order[rank - 1] as number
    smallest = Math.min(smallest, ((p[position] as number) * order.length) / rank)
    q[position] = smallest
  }
  return q
}
