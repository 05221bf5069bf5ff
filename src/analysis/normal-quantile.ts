import { normalTail } from './normal-tail.ts'

/**
 * Quantile of the standard normal distribution: the z below which a share `probability` lies.
 * A rational start value (error below 5e-4) and Newton steps on the tail, until they no longer move.
 *
 * @param probability in (0, 1)
 * @throws RangeError outside (0, 1)
 * @see Abramowitz & Stegun 26.2.23 (start value); R: qnorm
 * @example normalQuantile(0.975) // 1.959963984540054
 */
export function normalQuantile(probability: number): number {
  if (!(probability > 0 && probability < 1)) throw new RangeError('probability must be inside (0, 1)')
  if (probability === 0.5) return 0
  return probability < 0.5 ? -upperQuantile(probability) : upperQuantile(1 - probability)
}

function upperQuantile(tail: number): number {
  const t = Math.sqrt(-2 * Math.log(tail))
  const numerator = 2.515517 + t * (0.802853 + t * 0.010328)
  const denominator = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308))
  let z = Math.max(0, t - numerator / denominator)
  for (let step = 0; step < 20; step++) {
    // Relative to the tail itself: the plain difference would vanish far out.
    const error = Math.log(normalTail(z) / tail)
    const slope = Math.exp(-0.5 * z * z) / (Math.sqrt(2 * Math.PI) * normalTail(z))
    const move = error / slope
    z += move
    if (Math.abs(move) < 1e-14 * (1 + z)) break
  }
  return z
}
