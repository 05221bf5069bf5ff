import type { Interval } from './interval.ts'
import { normalQuantile } from './normal-quantile.ts'

/**
 * Wilson score interval of a proportion.
 *
 * A fractional number of successes is allowed: for a score bounded to [0, 1] the sum of scores in place of successes
 * gives an interval that is never too narrow for independent presses, since such a score varies at most as much as a
 * yes/no answer with the same mean.
 *
 * @param successes 0..trials
 * @param trials 0 gives null: no data is not an error
 * @param confidence in (0, 1)
 * @returns lower and upper bound in [0, 1]
 * @throws RangeError when successes are negative or more than trials
 * @see Wilson 1927; R: prop.test(correct = FALSE)
 * @example wilsonInterval(7, 10, 0.95) // { lower: 0.3968, upper: 0.8922 }
 */
export function wilsonInterval(successes: number, trials: number, confidence: number): Interval | null {
  if (!(successes >= 0 && successes <= trials)) throw new RangeError('successes must be within 0..trials')
  if (trials === 0) return null
  const z = normalQuantile((1 + confidence) / 2)
  const share = successes / trials
  const z2 = z * z
  const scale = 1 / (1 + z2 / trials)
  const centre = scale * (share + z2 / (2 * trials))
  const half = scale * z * Math.sqrt((share * (1 - share)) / trials + z2 / (4 * trials * trials))
  return {
    lower: successes === 0 ? 0 : Math.max(0, centre - half),
    upper: successes === trials ? 1 : Math.min(1, centre + half),
  }
}
