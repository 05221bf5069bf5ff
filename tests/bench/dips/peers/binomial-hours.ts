import { benjaminiHochberg } from '../../../../src/analysis/benjamini-hochberg.ts'
import { incompleteBeta } from '../../../../src/analysis/incomplete-beta.ts'
import { SLOTS, type TouchpointCells } from '../../../../src/analysis/touchpoint-cells.ts'
import type { Finding } from '../finding.ts'
import { flaggedRuns } from './flagged-runs.ts'
import { slotScores } from './hour-scores.ts'

const LEVEL = 0.05

/** Exact binomial test per hour: are more unhappy than in the touchpoint's other hours? Bonferroni over the fleet's hours. */
export function findBonferroniHours(fleet: readonly TouchpointCells[]): Finding[] {
  const p = hourPValues(fleet)
  const tested = p.filter((value) => !Number.isNaN(value)).length
  return flagged(fleet, (at) => (p[at] as number) * tested <= LEVEL)
}

/** The same test with Benjamini-Hochberg over the fleet's hours. */
export function findBhHours(fleet: readonly TouchpointCells[]): Finding[] {
  const p = hourPValues(fleet)
  const tested = Array.from(p.keys()).filter((at) => !Number.isNaN(p[at]))
  const q = benjaminiHochberg(tested.map((at) => p[at] as number))
  const found = new Set(tested.filter((_, i) => (q[i] as number) <= LEVEL))
  return flagged(fleet, (at) => found.has(at))
}

function flagged(fleet: readonly TouchpointCells[], isFlagged: (at: number) => boolean): Finding[] {
  return fleet.flatMap((_, touchpoint) => flaggedRuns(touchpoint, (slot) => isFlagged(touchpoint * SLOTS + slot)))
}

/** One per touchpoint and slot; NaN where there are no presses. */
function hourPValues(fleet: readonly TouchpointCells[]): Float64Array {
  const p = new Float64Array(fleet.length * SLOTS).fill(Number.NaN)
  fleet.forEach((cells, touchpoint) => {
    const { presses, unhappy } = slotScores(cells)
    const allPresses = presses.reduce((sum, count) => sum + count, 0)
    const allUnhappy = unhappy.reduce((sum, count) => sum + count, 0)
    for (let slot = 0; slot < SLOTS; slot++) {
      const n = presses[slot] as number
      const k = unhappy[slot] as number
      if (n === 0 || n === allPresses) continue
      const usual = (allUnhappy - k) / (allPresses - n)
      // P(X >= k) of a binomial is a regularised incomplete beta function (Abramowitz & Stegun 26.5.24).
      p[touchpoint * SLOTS + slot] = k === 0 ? 1 : incompleteBeta(usual, k, n - k + 1)
    }
  })
  return p
}
