import { wallaceTail } from '../wallace-tail.ts'
import type { CellTest } from './cell-test.ts'

/** Natural deviations have heavier tails than noise: a lunch hour is far off more often than a normal curve would have it. */
const NATURAL_DF = 20
const LEAST_P = 1e-300

/** z² below which a cell says so little that its p is read off a table. */
export const SPEAKS_FROM = 4
const STEPS = 100
const FAINT = Float64Array.from({ length: STEPS }, (_, i) =>
  wallaceTail(Math.sqrt(1 + (i * (SPEAKS_FROM - 1)) / STEPS), NATURAL_DF),
)

/**
 * p of a cell of little weight, on the safe side: with the fewest degrees of freedom. Five of six cells that are
 * tested at all are of this kind, and together they hardly move a small p of the touchpoint.
 *
 * @param square z², 1 to 4
 */
export function faintTail(square: number): number {
  return FAINT[Math.floor(((square - 1) * STEPS) / (SPEAKS_FROM - 1))] as number
}

/**
 * p of one tested cell.
 *
 * Two things keep a plain t tail from being right. The deviate's variance is a sum, of noise, whose variance is known well,
 * and of natural deviations, whose isn't: its degrees of freedom follow from both (Satterthwaite 1946). And most
 * people press the best face: a mean of few presses falls further below its expectation than it rises above, so that far-off means
 * in hours of 40 presses are no rarity. The deviate is that of the gamma distribution with the same
 * skewness, brought to a normal one (Wilson & Hilferty 1931).
 *
 * @param test with z from 2 on
 * @param precision Σ precision inside the cell
 * @param presses inside the cell, > 0
 * @param skewness of one press downwards (`downwardSkewness`), ≥ 0
 * @returns (0, 1]
 */
export function cellTail(
  { z, df, scale, natural }: CellTest,
  precision: number,
  presses: number,
  skewness: number,
): number {
  const noise = scale / precision
  const total = noise + natural
  const effectiveDf = total ** 2 / (noise ** 2 / df + natural ** 2 / NATURAL_DF)
  const deviate = normalDeviate(z, skewnessOfMean(skewness, precision, presses) * (noise / total) ** 1.5)
  return deviate <= 0 ? 1 : Math.max(LEAST_P, wallaceTail(deviate, effectiveDf))
}

/**
 * Skewness of a weighted mean of days: Σ ω³ κ / n² over (Σ ω)^1.5, where a day of n presses has ω ≈ c n with one c for all.
 * What the hours around add the other way is left out, being a tenth of it.
 */
function skewnessOfMean(skewness: number, precision: number, presses: number): number {
  return (skewness * precision * Math.sqrt(precision)) / (presses * presses)
}

/**
 * Normal deviate with the same upper tail as a gamma variable of this skewness at z.
 *
 * @see Wilson & Hilferty 1931, The distribution of chi-square
 */
function normalDeviate(z: number, skewness: number): number {
  if (skewness < 1e-6) return z
  return (6 / skewness) * (Math.cbrt(1 + (skewness * z) / 2) - 1) + skewness / 6
}
