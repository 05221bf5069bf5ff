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

const PRIOR_DF = 10
export const OWN_CORRELATION = 0.95
const OTHER_CORRELATION = 0.7
const LEAST_OTHER_DAYS = 6
/** Rounding must not turn a bound into a wrong answer. */
const BOUND_MARGIN = 1e-9

/**
 * Tests one cell. Null hypothesis: this window's contrast on these days is an ordinary natural deviation, with
 * standard deviation tau and carried over from its own past; so a huge shop does not "prove" half a point.
 *
 * @param into where the result is written: a scan tests thousands of cells and reads one at a time
 * @see Smyth 2004 for the moderated variance (10 prior degrees of freedom); dips.md §3.4 step 10
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
  const df = all.days - (hasOther ? 2 : 1) + PRIOR_DF
  const scale = (PRIOR_DF * prior.scale + Math.max(0, squares)) / df

  let reference = 0
  let kappa = 0
  let natural = 2 * prior.tau2
  if (ownDays >= prior.leastHistory || otherDays >= LEAST_OTHER_DAYS) {
    const isOwn = ownDays >= prior.leastHistory
    const tau2 = isOwn ? prior.tau2 : 2 * prior.tau2
    const correlation = isOwn ? OWN_CORRELATION : OTHER_CORRELATION
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

/** The least residual variance any cell of a window can have, points²: what the touchpoint brings along, no residuals of its own. */
export function leastScale(allDays: number, { scale }: CellPrior): number {
  return ((1 - BOUND_MARGIN) * PRIOR_DF * scale) / (allDays - 1 + PRIOR_DF)
}

/** The least variance of natural deviations that a cell can be left with, points²: a past known without error. */
export function leastNatural({ tau2 }: CellPrior): number {
  return (1 - BOUND_MARGIN) * (1 - OWN_CORRELATION ** 2) * tau2
}

/**
 * Whether a cell can have z > 1 at all, from bounds that cost a fraction of the test: no more carries over from the past
 * than the correlation allows, and the variance is no less than the floors. Never false for a cell that has z > 1.
 *
 * @param contrast Σ precision × contrast inside
 * @param precision Σ precision inside
 * @param pastContrast the same two of the days it would be compared with, or of more
 */
export function mayStandOut(
  contrast: number,
  precision: number,
  pastContrast: number,
  pastPrecision: number,
  scaleFloor: number,
  naturalFloor: number,
): boolean {
  if (pastContrast <= 0 || pastPrecision <= 0) {
    return contrast < 0 && contrast * contrast > precision * (scaleFloor + naturalFloor * precision)
  }
  // Both sides times precision and pastPrecision: a scan asks this six thousand times a touchpoint, and divisions are slow.
  const most = OWN_CORRELATION * pastContrast * precision - contrast * pastPrecision
  return most > 0 && most * most > pastPrecision * pastPrecision * precision * (scaleFloor + naturalFloor * precision)
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
