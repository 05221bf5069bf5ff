import { normalQuantile } from '../normal-quantile.ts'

/** The depth to show, with its interval; points, positive = worse. */
export type ShownDepth = { depth: number; lower: number; upper: number }

const LEAST_FACTOR = 0.5

/**
 * Takes the winner's curse out of a depth that was chosen because it was large, and widens its interval for having
 * been selected among many (false coverage rate).
 *
 * @param raw measured depth
 * @param standardError of raw, > 0
 * @param selected touchpoints reported, at least 1
 * @param tested touchpoints looked at
 * @param fdr level of the report, in (0, 1)
 * @see Benjamini & Yekutieli 2005; dips.md §3.6 step 17
 * @example shrinkDepth(12, 2, 10, 200, 0.05) // { depth: 10.6667, lower: 4.62, upper: 17.3748 }
 */
export function shrinkDepth(
  raw: number,
  standardError: number,
  selected: number,
  tested: number,
  fdr: number,
): ShownDepth {
  const z = raw / standardError
  const factor = Math.max(LEAST_FACTOR, 1 - 4 / (z * z))
  const reach = normalQuantile(1 - (fdr * selected) / (2 * tested)) * standardError
  return { depth: raw * factor, lower: Math.max(0, factor * raw - reach), upper: raw + factor * reach }
}
