import { wallaceTail } from '../wallace-tail.ts'
import { type CellPrior, type CellSums, type CellTest, type ContrastSums, makeCellTest } from './cell-test.ts'
import type { FleetPrior } from './fleet-prior.ts'
import { USUAL_DF } from './natural-variation.ts'
import type { ScanSheet } from './scan-sheet.ts'

/** The scan cell that speaks loudest for a dip. */
export type BestCell = {
  window: number
  set: number
  firstBlock: number
  lastBlock: number
  /** the window's residual variance in this cell, points² */
  scale: number
  /** variance of natural deviations that the window's past can't tell, points² */
  natural: number
  /** weight / p by the plain t tail; what the cell was chosen by */
  support: number
}

const LEAST_DEPTH = 2

/** What one touchpoint's scan adds up, and the scratch it works on. */
export type ScanTally = {
  cells: number
  weight: number
  support: number
  best: BestCell | null
  /** z of the best, 0 while there is none */
  bestZ: number
  sums: CellSums
  prior: CellPrior
  test: CellTest
  /** of one press, downwards */
  skewness: number
}

export function makeTally({ scale, skewness }: ScanSheet, { correlation, df }: FleetPrior): ScanTally {
  const noSums = (): ContrastSums => ({ precision: Number.NaN, contrast: Number.NaN, days: 0 })
  return {
    cells: 0,
    weight: 0,
    support: 0,
    best: null,
    bestZ: 0,
    sums: { inside: noSums(), ofSet: noSums(), all: noSums(), allSquares: Number.NaN },
    prior: { scale, tau2: Number.NaN, leastHistory: 0, correlation, df },
    test: makeCellTest(),
    skewness,
  }
}

/**
 * Keeps the cell that says best where and when. Cells of one dip are chosen among by the plain t tail with the usual degrees of freedom:
 * the tail that judges them grows so slowly where hours differ by nature that a part of the dip's weeks, with the other part as
 * its past, would often win over all of them.
 */
export function keepBest(
  tally: ScanTally,
  weight: number,
  window: number,
  set: number,
  firstBlock: number,
  lastBlock: number,
): void {
  const { z, depth, scale, natural, df } = tally.test
  // No weight makes up for being this far behind, so the tail is spared.
  if (depth < LEAST_DEPTH || z < 0.9 * tally.bestZ - 1.2) return
  const support = weight / wallaceTail(z, df - tally.prior.df + USUAL_DF)
  if (tally.best !== null && support <= tally.best.support) return
  tally.best = { window, set, firstBlock, lastBlock, scale, natural, support }
  tally.bestZ = z
}
