/** Sums over days: Σ precision, Σ precision × contrast, and how many days. */
export type ContrastSums = { precision: number; contrast: number; days: number }

/** What one scan cell (window × weekday set × interval) is tested on. */
export type CellSums = {
  /** days of the weekday set inside the interval */
  inside: ContrastSums
  /** days of the weekday set, inside and outside the interval */
  ofSet: ContrastSums
  /** every day of the window */
  all: ContrastSums
  /** Σ precision × contrast² over every day of the window */
  allSquares: number
}

/** What the touchpoint and its fleet say before the cell is looked at. */
export type CellPrior = {
  /** the touchpoint's residual variance, points² */
  scale: number
  /** variance of ordinary windows of this kind, points² */
  tau2: number
  /** days of the set outside the interval that make a history */
  leastHistory: number
  /** of a natural deviation with the window's own past */
  correlation: number
  /** degrees of freedom that `scale` is worth */
  df: number
}

export type CellTest = {
  /** points lower than expected from the window's own past; positive = worse */
  depth: number
  /** residual variance of this window, shrunk to the touchpoint's, points² */
  scale: number
  /** share of the window's past that is expected to carry over */
  kappa: number
  /** variance of natural deviations that the past can't tell, points² */
  natural: number
  /** depth / its standard deviation under "an ordinary natural deviation" */
  z: number
  df: number
}

export const OTHER_CORRELATION = 0.7
export const LEAST_OTHER_DAYS = 6

/**
 * Tests one cell. Null hypothesis: this window's contrast on these days is an ordinary natural deviation, with
 * standard deviation tau and carried over from its own past; so a huge shop does not "prove" half a point.
 *
 * @param into where the result is written: a scan tests thousands of cells and reads one at a time
 * @see Smyth 2004 for the moderated variance; dips.md §3.4 step 10
 */
export function testCell(
  { inside, ofSet, all, allSquares }: CellSums,
  prior: CellPrior,
  into: CellTest = makeCellTest(),
): CellTest {
  const otherDays = all.days - inside.days
  const otherPrecision = all.precision - inside.precision
  const otherContrast = all.contrast - inside.contrast
  const ownDays = ofSet.days - inside.days
  const hasOther = otherDays > 0 && otherPrecision > 0
  const squares =
    allSquares - inside.contrast ** 2 / inside.precision - (hasOther ? otherContrast ** 2 / otherPrecision : 0)
  const df = all.days - (hasOther ? 2 : 1) + prior.df
  const scale = (prior.df * prior.scale + Math.max(0, squares)) / df

  let reference = 0
  let kappa = 0
  let natural = 2 * prior.tau2
  if (ownDays >= prior.leastHistory || otherDays >= LEAST_OTHER_DAYS) {
    const isOwn = ownDays >= prior.leastHistory
    const tau2 = isOwn ? prior.tau2 : 2 * prior.tau2
    const correlation = isOwn ? prior.correlation : OTHER_CORRELATION
    const precision = isOwn ? ofSet.precision - inside.precision : otherPrecision
    const contrast = isOwn ? ofSet.contrast - inside.contrast : otherContrast
    reference = contrast / precision
    kappa = (correlation * tau2) / (tau2 + scale / precision)
    natural = unexplainedVariance(tau2, correlation, scale / precision)
  }
  into.depth = kappa * reference - inside.contrast / inside.precision
  into.scale = scale
  into.kappa = kappa
  into.natural = natural
  into.z = into.depth / Math.sqrt(scale / inside.precision + natural)
  into.df = df
  return into
}

/**
 * z² of a cell, 0 where it is no dip: the z of `testCell` up to rounding, with everything multiplied out, at three divisions
 * instead of ten and no root. A scan asks this eight thousand times a touchpoint, and most answers are below 1.
 *
 * @param contrast Σ precision × contrast inside, precision Σ precision inside; likewise for the other days (precision > 0) and
 *   for those that make the past (0 and 0 for none)
 * @param correlation with the past
 * @param tau2 natural variance that goes with it, points²
 */
export function squaredDeviate(
  contrast: number,
  precision: number,
  otherContrast: number,
  otherPrecision: number,
  pastContrast: number,
  pastPrecision: number,
  correlation: number,
  tau2: number,
  { all, allSquares }: CellSums,
  prior: CellPrior,
): number {
  if (contrast >= 0 && pastContrast <= 0) return 0
  const between = contrast * contrast * otherPrecision + otherContrast * otherContrast * precision
  const squares = allSquares - between / (precision * otherPrecision)
  const scale = (prior.df * prior.scale + Math.max(0, squares)) / (all.days - 2 + prior.df)
  const total = tau2 * pastPrecision + scale
  const lead = correlation * tau2 * pastContrast * precision - contrast * total
  if (lead <= 0) return 0
  const natural = tau2 * (total - correlation * correlation * tau2 * pastPrecision)
  return (lead * lead) / (total * precision * (scale * total + precision * natural))
}

/** An empty result for `testCell` to write into. */
export function makeCellTest(): CellTest {
  return { depth: Number.NaN, scale: Number.NaN, kappa: Number.NaN, natural: Number.NaN, z: Number.NaN, df: 0 }
}

/**
 * Variance of a natural deviation once a noisy measurement of a correlated one is known.
 *
 * @param tau2 variance of natural deviations, points²
 * @param correlation between the deviation in question and the measured one
 * @param error variance of the measurement, points²
 */
export function unexplainedVariance(tau2: number, correlation: number, error: number): number {
  return tau2 - (correlation * tau2) ** 2 / (tau2 + error)
}
