/**
 * Natural logarithm of the gamma function: Stirling's series after shifting the argument above 15,
 * where five terms leave an error near 1e-16.
 *
 * @param x > 0
 * @throws RangeError for x ≤ 0
 * @see Abramowitz & Stegun 6.1.41; R: lgamma
 * @example logGamma(5) // 3.1780538303 = ln 24
 */
export function logGamma(x: number): number {
  if (!(x > 0)) throw new RangeError('logGamma needs x > 0')
  let shifted = x
  let product = 1
  while (shifted < 15) {
    product *= shifted
    shifted += 1
  }
  const inverse = 1 / shifted
  const square = inverse * inverse
  const series =
    inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square * (1 / 1188)))))
  return (shifted - 0.5) * Math.log(shifted) - shifted + 0.5 * Math.log(2 * Math.PI) + series - Math.log(product)
}
