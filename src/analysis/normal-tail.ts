const INVERSE_SQRT_2PI = 1 / Math.sqrt(2 * Math.PI)
/** Below, the series converges in few terms; above, Cody's rational approximation holds up to the next bound. */
const SERIES_BELOW = 0.7
/** From here on the fraction needs few terms. */
const FRACTION_FROM = 5.6
const FRACTION_DEPTH = 24
/**
 * Upper tail of the standard normal distribution, P(X > z), with a relative error below 1e-12.
 * A Maclaurin series near 0, a rational approximation up to 5.6 and Laplace's continued fraction of the Mills ratio beyond.
 *
 * @param z any number
 * @returns 0..1; 0 where the tail is smaller than the smallest double (z > 38)
 * @see Cody 1969, Rational Chebyshev approximations for the error function; Abramowitz & Stegun 26.2.11 and 26.2.14; R: pnorm(z, lower.tail = FALSE)
 * @example normalTail(1.959963984540054) // 0.025
 */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z)
  const density = INVERSE_SQRT_2PI * Math.exp(-0.5 * z * z)
  if (z < SERIES_BELOW) return 0.5 - density * oddSeries(z)
  return z < FRACTION_FROM ? Math.exp(-0.5 * z * z) * rational(z) : density * millsRatio(z)
}

/** Tail over exp(-z² / 2): Cody's coefficients for the middle range, as in R's pnorm, by Horner's rule. */
function rational(z: number): number {
  let above = 1.0765576773720192e-8 * z + 0.39894151208813466
  let below = z + 22.266688044328117
  above = above * z + 8.883149794388377
  below = below * z + 235.387901782625
  above = above * z + 93.50665613217785
  below = below * z + 1519.3775994075547
  above = above * z + 597.2702763948002
  below = below * z + 6485.558298266761
  above = above * z + 2494.5375852903726
  below = below * z + 18615.571640885097
  above = above * z + 6848.190450536283
  below = below * z + 34900.95272114598
  above = above * z + 11602.65143764735
  below = below * z + 38912.00328609327
  above = above * z + 9842.714838383978
  below = below * z + 19685.429676859992
  return above / below
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
