import { type DipWindow, meanOfSeries, readSeries, sliceSeries } from '../dips/dip-series.ts'
import { naturalLevel, USUAL_TAU2 } from '../dips/natural-level.ts'
import { prepareSheet } from '../dips/prepare-sheet.ts'
import { makeScanSheet } from '../dips/scan-sheet.ts'
import type { TouchpointCells } from '../touchpoint-cells.ts'
import type { MemberDepth } from './shared-depth.ts'

/**
 * A touchpoint's depth in the window, weekdays and days of a dip that was found elsewhere (in its place's curve).
 *
 * @param days as indices into the cells: `onsetDay` = the dip's first day, null = since before them; `endedDay` = its last
 *   day, null = running; `fromDay` = the first day to measure, when that is not its first
 * @param tau2 variance of ordinary windows, points²
 * @returns null where the touchpoint has no data in these days, or too little to know its noise
 */
export function memberDepth(
  cells: TouchpointCells,
  window: DipWindow,
  { onsetDay, endedDay, fromDay }: { onsetDay: number | null; endedDay: number | null; fromDay?: number },
  tau2 = USUAL_TAU2,
): MemberDepth | null {
  const sheet = makeScanSheet(cells.days)
  prepareSheet(sheet, cells, null)
  const series = readSeries(sheet, window)
  const inside = meanOfSeries(sliceSeries(series, fromDay ?? onsetDay ?? 0, (endedDay ?? cells.days - 1) + 1))
  if (inside.precision === 0 || !(sheet.scale > 0)) return null
  const natural = naturalLevel(sliceSeries(series, 0, onsetDay ?? 0), sheet.scale, tau2)
  return {
    id: cells.id,
    depth: natural.level - inside.mean,
    variance: sheet.scale / inside.precision + natural.variance,
  }
}
