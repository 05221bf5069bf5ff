import { cellTail, faintTail, SPEAKS_FROM } from './cell-tail.ts'
import { LEAST_OTHER_DAYS, OTHER_CORRELATION, squaredDeviate, testCell } from './cell-test.ts'
import { LEAST_WINDOW_PRESSES } from './missing-days.ts'
import { type ScanPlan, WEEKDAY_SETS, type WeekdaySet } from './scan-plan.ts'
import { keepBest, type ScanTally } from './scan-tally.ts'
import { CONTRAST, DAYS, PRECISION, PRESSES, ROW, type WindowPrefix } from './window-prefix.ts'

/** Share of an ended dip's depth that must be against the hours around it, the rest being against its own later level. */
const LEAST_OWN_SHARE = 0.5

/**
 * All intervals of one window and weekday set. Six cells in seven have z ≤ 1: they say nothing for a dip and count as p = 1, so
 * what is needed for that verdict is kept in plain numbers. Of the others, those with z below 2 are weighed coarsely.
 */
export function scanSet(
  tally: ScanTally,
  plan: ScanPlan,
  { rows, stride }: WindowPrefix,
  window: number,
  set: number,
): void {
  const { leastBlocks, leastDays, leastHistory } = WEEKDAY_SETS[set] as WeekdaySet
  const { ofSet } = tally.sums
  const base = set * stride * ROW
  const end = base + plan.blocks * ROW
  ofSet.precision = rows[end + PRECISION] as number
  ofSet.contrast = rows[end + CONTRAST] as number
  ofSet.days = rows[end + DAYS] as number
  if (ofSet.days < leastDays || (rows[end + PRESSES] as number) < LEAST_WINDOW_PRESSES) return
  tally.prior.leastHistory = leastHistory
  const ongoingWeight = plan.ongoingWeight[set] as number
  const endedWeight = plan.endedWeight[set] as number
  let { cells, weight: allWeight, support: allSupport } = tally
  for (let first = 0; first + leastBlocks <= plan.blocks; first++) {
    const from = base + first * ROW
    const precisionBefore = rows[from + PRECISION] as number
    const contrastBefore = rows[from + CONTRAST] as number
    const daysBefore = rows[from + DAYS] as number
    const pressesBefore = rows[from + PRESSES] as number
    for (let last = first + leastBlocks - 1; last < plan.blocks; last++) {
      const to = base + (last + 1) * ROW
      const days = (rows[to + DAYS] as number) - daysBefore
      const presses = (rows[to + PRESSES] as number) - pressesBefore
      if (days < leastDays || presses < LEAST_WINDOW_PRESSES) continue
      const precision = (rows[to + PRECISION] as number) - precisionBefore
      const contrast = (rows[to + CONTRAST] as number) - contrastBefore
      const weight = last === plan.blocks - 1 ? ongoingWeight : endedWeight
      cells++
      allWeight += weight
      const hasEnded = last < plan.blocks - 1
      if (hasEnded && contrast >= 0) {
        allSupport += weight
        continue
      }
      const square = squareOf(tally, days, precision, contrast)
      if (square < SPEAKS_FROM) {
        allSupport += square > 1 ? weight / faintTail(square) : weight
        continue
      }
      const p = testedP(tally, days, precision, contrast, presses, hasEnded)
      allSupport += weight / p
      if (p < 1) keepBest(tally, weight, window, set, first, last)
    }
  }
  tally.cells = cells
  tally.weight = allWeight
  tally.support = allSupport
}

/** z² against the past that the cell has: its own weekdays', else all other days', else none. Endless without other days. */
function squareOf({ sums, prior }: ScanTally, days: number, precision: number, contrast: number): number {
  const { all, ofSet } = sums
  const otherDays = all.days - days
  const otherPrecision = all.precision - precision
  const otherContrast = all.contrast - contrast
  if (!(otherDays > 0 && otherPrecision > 0)) return Number.POSITIVE_INFINITY
  const isOwn = ofSet.days - days >= prior.leastHistory
  const isKnown = isOwn || otherDays >= LEAST_OTHER_DAYS
  const pastContrast = isOwn ? ofSet.contrast - contrast : isKnown ? otherContrast : 0
  const pastPrecision = isOwn ? ofSet.precision - precision : isKnown ? otherPrecision : 0
  return squaredDeviate(
    contrast,
    precision,
    otherContrast,
    otherPrecision,
    pastContrast,
    pastPrecision,
    isOwn ? prior.correlation : OTHER_CORRELATION,
    isOwn ? prior.tau2 : 2 * prior.tau2,
    sums,
    prior,
  )
}

/**
 * p of one cell by the full test; 1 within one standard deviation.
 *
 * A cell that has ended counts as 1 too, unless the window was more below the hours around it than it stands above them now:
 * an hour that was lower than its own later level, but not lower than its neighbours, is a rise, not a dip that is over.
 */
function testedP(
  { sums, prior, test, skewness }: ScanTally,
  days: number,
  precision: number,
  contrast: number,
  presses: number,
  hasEnded: boolean,
): number {
  const { inside } = sums
  inside.days = days
  inside.precision = precision
  inside.contrast = contrast
  const { z, depth } = testCell(sums, prior, test)
  if (!(z > 1) || (hasEnded && -contrast / precision < depth * LEAST_OWN_SHARE)) return 1
  return cellTail(test, precision, presses, skewness)
}
