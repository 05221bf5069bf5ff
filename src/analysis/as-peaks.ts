// Recurring peaks: hours that became better than the hours around them. In: the scan for dips of cells turned around (`turnCells`).
// Out: the same in terms of peaks. `findDipsAndPeaks` scans for them.
import type { DipScan, FoundDip } from './find-dips.ts'

/** One peak of one touchpoint; heights are points of the Happy Index, positive = better. All else as in `FoundDip`. */
type FoundPeak = Omit<FoundDip, 'rawDepth' | 'depth' | 'daysBelow' | 'trend'> & {
  rawHeight: number
  height: number
  /** of its days, how many were above the hours around */
  daysAbove: number
  trend: FoundDip['trend']
}

export type PeakScan = Omit<DipScan, 'found'> & { found: FoundPeak[] }

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
