const INVERSE_SQRT_2PI = 1 / Math.sqrt(2 * Math.PI)
/** Below 3 the series needs fewer than 50 terms and loses three digits at most; above it the fraction converges fast. */
const SERIES_BELOW = 3
const FRACTION_DEPTH = 60

/**
 * Upper tail of the standard normal distribution, P(X > z), with a relative error below 1e-12.
 * A Maclaurin series up to 3 and Laplace's continued fraction of the Mills ratio beyond.
 *
 * @param z any number
 * @returns 0..1; 0 where the tail is smaller than the smallest double (z > 38)
 * @see Abramowitz & Stegun 26.2.11 and 26.2.14; R: pnorm(z, lower.tail = FALSE)
 * @example normalTail(1.959963984540054) // 0.025
 */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z)
  const density = INVERSE_SQRT_2PI * Math.exp(-0.5 * z * z)
  return z < SERIES_BELOW ? 0.5 - density * oddSeries(z) : density * millsRatio(z)
}

/** z + z³/3 + z⁵/(3·5) + …, which times the density is the area between 0 and z. */
function oddSeries(z: number): number {
  const square = z * z
  let term = z
  let sum = z
  for (let odd = 3; term > sum * 1e-17; odd += 2) {
    term *= square / odd
    sum += term
  }
  return sum
}

/** 1/(z + 1/(z + 2/(z + 3/(z + …)))). */
function millsRatio(z: number): number {
  let fraction = z
  for (let depth = FRACTION_DEPTH; depth >= 1; depth--) fraction = z + depth / fraction
  return 1 / fraction
}
