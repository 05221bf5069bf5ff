import { logGamma } from './log-gamma.ts'

/**
 * Regularised incomplete beta function I_x(a, b): the chance that a Beta(a, b) variable is below x.
 *
 * @param x in [0, 1]
 * @param a > 0
 * @param b > 0
 * @returns 0..1
 * @see Abramowitz & Stegun 26.5.8 (continued fraction); R: pbeta(x, a, b)
 * @example incompleteBeta(0.5, 2, 3) // 0.6875
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  // The fraction converges fast only left of the mean; the other side is its mirror image.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a)
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a
  return front * betaFraction(x, a, b)
}

/** 1/(1 + d1/(1 + d2/(1 + …))), evaluated forwards by the modified Lentz method. */
function betaFraction(x: number, a: number, b: number): number {
  let fraction = 1
  let above = 1
  let below = 0
  for (let step = 1; step <= 1000; step++) {
    const coefficient = fractionCoefficient(step, x, a, b)
    below = 1 / awayFromZero(1 + coefficient * below)
    above = awayFromZero(1 + coefficient / above)
    fraction *= above * below
    if (Math.abs(above * below - 1) < 1e-16) break
  }
  return 1 / fraction
}

function fractionCoefficient(step: number, x: number, a: number, b: number): number {
  const m = step >> 1
  const end = a + 2 * m
  return step % 2 === 0 ? (m * (b - m) * x) / ((end - 1) * end) : (-(a + m) * (a + b + m) * x) / (end * (end + 1))
}

function awayFromZero(value: number): number {
  return Math.abs(value) < 1e-300 ? 1e-300 : value
}
