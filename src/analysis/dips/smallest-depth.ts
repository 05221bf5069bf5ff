/**
 * Deviates a dip must reach to be found after counting everything looked at, and .84 for four times out of five. 5.2 was measured:
 * daily one-hour dips of exactly this depth were planted for four weeks in a sixth of made-up fleets of 200 without dips. Found were 85 %
 * (realistic volumes; 88 % at 50 to 150 presses a day, 81 % above 300), 81 % (hard), 88 % (steeper days, more bad ones) and 77 %
 * (below 50 presses a day, where presses are too skewed for deviates to say all). With 4.3, as in dips.md, it was 69, 56 and 59 %.
 */
const FOUND_DEVIATES = 5.2 + 0.84

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
