import type { TouchpointCells } from '../../../../src/analysis/touchpoint-cells.ts'
import type { Finding } from '../finding.ts'
import { flaggedRuns } from './flagged-runs.ts'
import { slotScores, spread } from './hour-scores.ts'

const LEAST_PRESSES = 30

/** What a spreadsheet does: hours whose mean over the period is 2 standard deviations below the mean of the hours. */
export function findWorstHours(fleet: readonly TouchpointCells[]): Finding[] {
  return fleet.flatMap((cells, touchpoint) => {
    const { presses, score } = slotScores(cells)
    const means = Array.from(score, (sum, slot) =>
      (presses[slot] as number) >= LEAST_PRESSES ? sum / (presses[slot] as number) : null,
    )
    const known = means.filter((mean) => mean !== null)
    if (known.length < 3) return []
    const { mean, sd } = spread(known)
    return flaggedRuns(touchpoint, (slot) => (means[slot] ?? mean) < mean - 2 * sd)
  })
}
