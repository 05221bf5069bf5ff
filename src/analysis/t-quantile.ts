import { logGamma } from './log-gamma.ts'
import { normalQuantile } from './normal-quantile.ts'
import { tTail } from './t-tail.ts'

/**
 * Quantile of Student's t distribution.
 *
 * Newton steps on the upper tail from the normal quantile, which lies left of the root; the tail is convex there, so
 * every step stays left of the root and none overshoots.
 *
 * @param probability in (0, 1)
 * @param df degrees of freedom ≥ 1
 * @throws RangeError outside these ranges
 * @see R: qt
 * @example tQuantile(0.975, 5) // 2.570581836
 */
export function tQuantile(probability: number, df: number): number {
  if (!(df >= 1)) throw new RangeError('degrees of freedom must be at least 1')
  if (probability < 0.5) return -tQuantile(1 - probability, df)
  let t = normalQuantile(probability)
  const tail = 1 - probability
  const logScale = logGamma((df + 1) / 2) - logGamma(df / 2) - 0.5 * Math.log(df * Math.PI)
  for (let step = 0; step < 200; step++) {
    const density = Math.exp(logScale - ((df + 1) / 2) * Math.log1p((t * t) / df))
    const move = (tTail(t, df) - tail) / density
    t += move
    if (Math.abs(move) <= 1e-14 * (1 + t)) break
  }
  return t
}
