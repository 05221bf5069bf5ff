// Dips and peaks of one family, told apart. Each alone is also seen by the scan for the other: beside a peak the hours around
// look like dips, and the time before it like a dip that ended. In: as for `findDips`. Out: both scans, each a
// family of its own. Promises: as `findDips`; a dip that is only the shadow of a stronger peak is not found, nor the reverse.
// Each touchpoint is scanned once each way; only those in which something was closed are looked at again, unless they are many.

import { asPeaks, type PeakScan } from './as-peaks.ts'
import { closeHours } from './close-hours.ts'
import {
  type DipOptions,
  type DipScan,
  type EarlierScans,
  type FoundDip,
  findDips,
  noEarlierScans,
} from './find-dips.ts'
import type { TouchpointCells } from './touchpoint-cells.ts'
import { turnCells } from './turn-cells.ts'

/** Share of touchpoints in which something may be closed before the fleet is estimated afresh. */
const MOST_CHANGED = 0.1

/**
 * Scans for dips and for peaks. Where a touchpoint has both, the surer one is taken first, and the other only if it is
 * still found once the hours of the first are closed.
 *
 * @throws RangeError as `findDips`
 * @see dips.md §3.11 (peaks)
 */
export function findDipsAndPeaks(
  touchpoints: readonly TouchpointCells[],
  options: DipOptions,
): { dips: DipScan; peaks: PeakScan } {
  const turned = turnAll(touchpoints)
  const dips = besidePeaks(touchpoints, turned, options)
  const closed = touchpoints.map((cells, i) => {
    const left = closeHours(cells, dips.found)
    return left === cells ? (turned.cells[i] as TouchpointCells) : turnCells(left)
  })
  const changed = closed.filter((cells, i) => cells !== turned.cells[i]).length
  return { dips, peaks: asPeaks(findDips(closed, options, scansBeside(turned.scans, changed, closed.length))) }
}

/**
 * The dips of `findDipsAndPeaks` without its peaks, for nights of which no peaks are told.
 *
 * @throws RangeError as `findDips`
 */
export function findDipsBesidePeaks(touchpoints: readonly TouchpointCells[], options: DipOptions): DipScan {
  return besidePeaks(touchpoints, turnAll(touchpoints), options)
}

/** The family turned around, and what scans have made out of it. */
type TurnedFamily = { cells: TouchpointCells[]; scans: EarlierScans }

function turnAll(touchpoints: readonly TouchpointCells[]): TurnedFamily {
  return { cells: touchpoints.map(turnCells), scans: noEarlierScans() }
}

function besidePeaks(touchpoints: readonly TouchpointCells[], turned: TurnedFamily, options: DipOptions): DipScan {
  const scans = noEarlierScans()
  const dips = findDips(touchpoints, options, scans)
  const rises = findDips(turned.cells, options, turned.scans)
  const surest = new Map(strongest(dips.found).map(({ id, p }) => [id, p]))
  const first = strongest(rises.found).filter(({ id, p, q }) => q <= options.fdr && p < (surest.get(id) ?? 1))
  if (first.length === 0) return dips
  return findDips(
    touchpoints.map((cells) => closeHours(cells, first)),
    options,
    scansBeside(scans, first.length, touchpoints.length),
  )
}

/** What of earlier scans still holds: the quantiles by which a fleet is known bear a few touchpoints that are off, not many. */
function scansBeside(scans: EarlierScans, changed: number, of: number): EarlierScans {
  return changed <= of * MOST_CHANGED ? scans : noEarlierScans()
}

/** The touchpoints' strongest findings that differ from the hours around them, not only from another time. */
function strongest(found: readonly FoundDip[]): FoundDip[] {
  return found.filter(({ rank, rawDepth }) => rank === 1 && rawDepth > 0)
}
