// Whether a fix of a dip worked. In: a touchpoint's cells, reaching back before the dip began where they can; the dip as it
// was published; the day of the fix, or none. Out: a verdict with the evidence for both answers, what is left of the
// dip with its interval, and about how long until more can be said. Promises: pure; a verdict, once reached, is the same
// on every later night for the same days; window, weekdays and depth are those of the dip, never searched for again.
import { backSince } from './dips/back-since.ts'
import { type DipSeries, type DipWindow, readSeries, sliceSeries } from './dips/dip-series.ts'
import { type FixCheck, judgeFix } from './dips/fix-verdict.ts'
import { type NaturalLevel, naturalLevel, USUAL_TAU2 } from './dips/natural-level.ts'
import { overSince } from './dips/over-since.ts'
import { prepareSheet } from './dips/prepare-sheet.ts'
import { makeScanSheet } from './dips/scan-sheet.ts'
import { checkCells, type TouchpointCells } from './touchpoint-cells.ts'

/** A published dip; days are indices into the cells and may lie before them (negative). */
export type CheckedDip = DipWindow & {
  /** first day; null = it was there when the data began */
  onsetDay: number | null
  /** as shown, points, > 0 */
  depth: number
}

type Opened = { after: DipSeries; natural: NaturalLevel; scale: number }

/**
 * Checks a fix.
 *
 * @param fixDay first day on which the fix was in force
 * @param tau2 variance of ordinary windows of this kind in the fleet, points² (`DipScan.tau2`); 2.25 where not known
 * @returns too early, without evidence, where the touchpoint's own noise is not known yet (fewer than 8 days a window)
 * @throws RangeError when arrays do not fit, the window is longer than 3 slots, or depth is not above 0
 * @see dips.md §3.8 step 22
 */
export function checkFix(cells: TouchpointCells, dip: CheckedDip, fixDay: number, tau2 = USUAL_TAU2): FixCheck {
  const { after, natural, scale } = open(cells, dip, fixDay, tau2)
  return judgeFix(scale > 0 ? after : sliceSeries(after, cells.days, cells.days), natural, dip.depth, scale)
}

/**
 * Whether a dip for which no fix was entered seems over.
 *
 * @param endedDay last day of the dip as the scan last saw it, null = running
 * @returns the day index since when, null where it does not
 * @see dips.md §3.8 step 23
 */
export function seemsOver(
  cells: TouchpointCells,
  dip: CheckedDip,
  endedDay: number | null,
  tau2 = USUAL_TAU2,
): number | null {
  const { after, natural, scale } = open(cells, dip, dip.onsetDay ?? 0, tau2)
  return scale > 0 ? overSince(after, endedDay, natural, dip.depth, scale) : null
}

/**
 * Whether a dip that was fixed or over is back.
 *
 * @param endDay first day without it
 * @returns the day index since when, null where it is not
 * @see dips.md §3.8 step 22
 */
export function seemsBack(cells: TouchpointCells, dip: CheckedDip, endDay: number, tau2 = USUAL_TAU2): number | null {
  const { after, natural, scale } = open(cells, dip, endDay, tau2)
  return scale > 0 ? backSince(after, natural, dip.depth, scale) : null
}

function open(cells: TouchpointCells, dip: CheckedDip, fromDay: number, tau2: number): Opened {
  checkCells(cells)
  if (!(dip.depth > 0)) throw new RangeError('the depth of a dip is above 0')
  const sheet = makeScanSheet(cells.days)
  prepareSheet(sheet, cells, null)
  const series = readSeries(sheet, dip)
  const before = sliceSeries(series, 0, dip.onsetDay ?? 0)
  const natural = naturalLevel(before, sheet.scale, tau2)
  return { after: sliceSeries(series, fromDay, cells.days), natural, scale: sheet.scale }
}
