// Finds recurring peaks: hours that became better than the hours around them. The mirror of `findDips`, as a family of its own.
// In: the same cells, and the dips found in them. Out: as for dips, in terms of peaks. Promises: as `findDips`; hours in a
// dip are closed first, since beside an hour that is far down its neighbours look far up.
import { closeHours } from './close-hours.ts'
import { type DipOptions, type DipScan, type FoundDip, findDips } from './find-dips.ts'
import type { TouchpointCells } from './touchpoint-cells.ts'
import { turnCells } from './turn-cells.ts'

/** One peak of one touchpoint; heights are points of the Happy Index, positive = better. All else as in `FoundDip`. */
type FoundPeak = Omit<FoundDip, 'rawDepth' | 'depth' | 'daysBelow' | 'trend'> & {
  rawHeight: number
  height: number
  /** of its days, how many were above the hours around */
  daysAbove: number
  trend: FoundDip['trend']
}

export type PeakScan = Omit<DipScan, 'found'> & { found: FoundPeak[] }

/**
 * Scans a family of touchpoints for peaks.
 *
 * @param dips every dip found in these touchpoints (q up to .20), with days as indices into their cells
 * @throws RangeError as `findDips`
 * @see dips.md §3.11
 */
export function findPeaks(
  touchpoints: readonly TouchpointCells[],
  dips: readonly FoundDip[],
  options: DipOptions,
): PeakScan {
  const turned = touchpoints.map((cells) => turnCells(closeHours(cells, dips)))
  return asPeaks(findDips(turned, options))
}

/** A scan of turned cells in the terms of peaks. */
export function asPeaks({ found, ...scan }: DipScan): PeakScan {
  return { ...scan, found: found.map(turnDip) }
}

function turnDip({ rawDepth, depth, daysBelow, ...dip }: FoundDip): FoundPeak {
  return {
    ...dip,
    index: 100 - dip.index,
    usual: 100 - dip.usual,
    inside: dip.inside.toReversed(),
    around: dip.around.toReversed(),
    rawHeight: rawDepth,
    height: depth,
    daysAbove: daysBelow,
  }
}
