import { meanOfSeries, readSeries } from '../../../analysis/dips/dip-series.ts'
import { prepareSheet } from '../../../analysis/dips/prepare-sheet.ts'
import { makeScanSheet } from '../../../analysis/dips/scan-sheet.ts'
import { SCAN_WINDOWS } from '../../../analysis/dips/scan-windows.ts'
import { windowKind } from '../../../analysis/dips/window-kind.ts'
import type { FoundDip } from '../../../analysis/find-dips.ts'
import { meanIndex } from '../../../analysis/mean-index.ts'
import { SLOTS, type TouchpointCells } from '../../../analysis/touchpoint-cells.ts'
import type { DipDetails } from './night-report.ts'

/**
 * What is told of a found dip beside its hours and days.
 *
 * @param counted the cells it was found in
 * @param raw the same cells with misuse counted too
 * @param tau2 of the family, per kind of window, points²
 */
export function makeDetails(
  dip: FoundDip,
  counted: TouchpointCells,
  raw: TouchpointCells,
  tau2: readonly number[],
): DipDetails {
  const sheet = makeScanSheet(counted.days)
  prepareSheet(sheet, counted, null)
  const window = SCAN_WINDOWS.findIndex((one) => one.startSlot === dip.startSlot && one.endSlot === dip.endSlot)
  const kind = windowKind(sheet, window)
  const { onsetDay, endedDay } = dip
  const days = [...readSeries(sheet, dip).day].filter(
    (day) => day >= (onsetDay ?? 0) && day <= (endedDay ?? counted.days - 1),
  )
  const { index, usual, rawDepth, depth, ciLow, ciHigh, p, q, rank, presses, daysBelow } = dip
  return {
    ...{ index, usual, rawDepth, depth, ciLow, ciHigh, p, q, rank, presses, days: dip.days, daysBelow },
    inside: dip.inside.toReversed(),
    around: dip.around.toReversed(),
    withMisuse: withMisuse(dip, raw, days),
    tau2: tau2[kind] as number,
  }
}

/** The same hours on the same days, measured in the same way. */
function withMisuse(dip: FoundDip, raw: TouchpointCells, days: readonly number[]): DipDetails['withMisuse'] {
  const inside = raw.counts.map((counts) => {
    let sum = 0
    for (const day of days) {
      for (let cell = day * SLOTS + dip.startSlot; cell < day * SLOTS + dip.endSlot; cell++) {
        if (raw.openSlots?.[cell] !== 0) sum += counts[cell] as number
      }
    }
    return sum
  })
  const sheet = makeScanSheet(raw.days)
  prepareSheet(sheet, raw, null)
  const series = readSeries(sheet, dip)
  const at = days.map((day) => series.day.indexOf(day)).filter((i) => i >= 0)
  const { mean } = meanOfSeries({
    day: Int32Array.from(at, (i) => series.day[i] as number),
    contrast: Float64Array.from(at, (i) => series.contrast[i] as number),
    precision: Float64Array.from(at, (i) => series.precision[i] as number),
  })
  const index = meanIndex(inside)?.index ?? dip.index
  return { presses: inside.reduce((sum, count) => sum + count, 0), index, usual: index - mean }
}
