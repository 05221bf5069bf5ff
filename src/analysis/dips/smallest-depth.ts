/** Deviates a dip must reach to be found after counting everything looked at, and .84 for four times out of five. */
const FOUND_DEVIATES = 4.3 + 0.84

/**
 * Smallest depth likely to be noticed (power .8).
 *
 * @param scale residual variance, points²
 * @param precision Σ precision of the days looked at, > 0
 * @param natural variance of natural deviations that the window's past can't tell, points²
 * @returns points of the Happy Index
 * @see dips.md §3.9
 */
export function smallestDepth(scale: number, precision: number, natural: number): number {
  return FOUND_DEVIATES * Math.sqrt(scale / precision + natural)
}
