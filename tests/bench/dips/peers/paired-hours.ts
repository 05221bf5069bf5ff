import { benjaminiHochberg } from '../../../../src/analysis/benjamini-hochberg.ts'
import { tTail } from '../../../../src/analysis/t-tail.ts'
import { SLOTS, type TouchpointCells } from '../../../../src/analysis/touchpoint-cells.ts'
import type { Finding } from '../finding.ts'
import { flaggedRuns } from './flagged-runs.ts'
import { cellScores, spread } from './hour-scores.ts'

const LEVEL = 0.05
const LEAST_DAYS = 8

/** What a careful analyst does: each hour's mean against the rest of the same day, a paired t test over days, BH. */
export function findPairedHours(fleet: readonly TouchpointCells[]): Finding[] {
  const p = new Float64Array(fleet.length * SLOTS).fill(Number.NaN)
  fleet.forEach((cells, touchpoint) => {
    differences(cells).forEach((days, slot) => {
      if (days.length < LEAST_DAYS) return
      const { mean, sd } = spread(days)
      p[touchpoint * SLOTS + slot] = sd === 0 ? 1 : tTail((-mean / sd) * Math.sqrt(days.length), days.length - 1)
    })
  })
  const tested = Array.from(p.keys()).filter((at) => !Number.isNaN(p[at]))
  const q = benjaminiHochberg(tested.map((at) => p[at] as number))
  const found = new Set(tested.filter((_, i) => (q[i] as number) <= LEVEL))
  return fleet.flatMap((_, touchpoint) => flaggedRuns(touchpoint, (slot) => found.has(touchpoint * SLOTS + slot)))
}

/** Per slot, hour's mean minus the mean of the day's other presses, one entry per day with both. */
function differences(cells: TouchpointCells): number[][] {
  const { presses, score } = cellScores(cells)
  const bySlot = Array.from({ length: SLOTS }, (): number[] => [])
  for (let day = 0; day < cells.days; day++) {
    const at = day * SLOTS
    const dayPresses = presses.subarray(at, at + SLOTS).reduce((sum, count) => sum + count, 0)
    const dayScore = score.subarray(at, at + SLOTS).reduce((sum, points) => sum + points, 0)
    bySlot.forEach((days, slot) => {
      const n = presses[at + slot] as number
      if (n === 0 || n === dayPresses) return
      const points = score[at + slot] as number
      days.push(points / n - (dayScore - points) / (dayPresses - n))
    })
  }
  return bySlot
}
