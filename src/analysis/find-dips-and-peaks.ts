// Dips and peaks of one family, told apart. Each alone is also seen by the scan for the other: beside a peak the hours around
// look like dips, and the time before it like a dip that ended. In: as for `findDips`. Out: both scans, each a
// family of its own. Promises: as `findDips`; a dip that is only the shadow of a stronger peak is not found, nor the reverse.
import { closeHours } from './close-hours.ts'
import { type DipOptions, type DipScan, type FoundDip, findDips } from './find-dips.ts'
import { findPeaks, type PeakScan } from './find-peaks.ts'
import type { TouchpointCells } from './touchpoint-cells.ts'
import { turnCells } from './turn-cells.ts'

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
  const dips = findDipsBesidePeaks(touchpoints, options)
  return { dips, peaks: findPeaks(touchpoints, dips.found, options) }
}

/**
 * The dips of `findDipsAndPeaks` without its peaks, for nights of which no peaks are told: a scan less.
 *
 * @throws RangeError as `findDips`
 */
export function findDipsBesidePeaks(touchpoints: readonly TouchpointCells[], options: DipOptions): DipScan {
  const dips = findDips(touchpoints, options)
  const rises = findDips(touchpoints.map(turnCells), options)
  const surest = new Map(standing(dips.found).map(({ id, p }) => [id, p]))
  const first = standing(rises.found).filter(({ id, p, q }) => q <= options.fdr && p < (surest.get(id) ?? 1))
  if (first.length === 0) return dips
  return findDips(
    touchpoints.map((cells) => closeHours(cells, first)),
    options,
  )
}

/** The touchpoints' strongest findings that differ from the hours around them, not only from another time. */
function standing(found: readonly FoundDip[]): FoundDip[] {
  return found.filter(({ rank, ciLow }) => rank === 1 && ciLow > 0)
}
