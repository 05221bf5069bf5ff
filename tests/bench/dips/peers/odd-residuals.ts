import { quantile } from '../../../../src/analysis/quantile.ts'
import { tQuantile } from '../../../../src/analysis/t-quantile.ts'
import { SLOTS, type TouchpointCells } from '../../../../src/analysis/touchpoint-cells.ts'
import type { Finding } from '../finding.ts'
import { flaggedRuns } from './flagged-runs.ts'
import { cellScores } from './hour-scores.ts'

const LEVEL = 0.05
const MOST_SHARE = 0.02
/** Odd hours on so many days make a recurring claim. */
const LEAST_DAYS = 3
const MAD_TO_SD = 1.4826

/**
 * What an anomaly library does (S-H-ESD, Hochenbaum, Vallis & Kejariwal 2017, with a robust periodic median in place of
 * STL's loess): hourly means minus their usual value for that weekday and hour, then the generalised ESD test with median
 * and MAD for up to 2 % odd hours. An hour is claimed when odd and low on three days. A recurring dip is seasonality to it.
 */
export function findOddResiduals(fleet: readonly TouchpointCells[]): Finding[] {
  return fleet.flatMap((cells, touchpoint) => {
    const odd = new Uint8Array(SLOTS)
    for (const cell of oddLowCells(cells)) odd[cell % SLOTS] = (odd[cell % SLOTS] as number) + 1
    return flaggedRuns(touchpoint, (slot) => (odd[slot] as number) >= LEAST_DAYS)
  })
}

function oddLowCells(cells: TouchpointCells): number[] {
  const { presses, score } = cellScores(cells)
  const known = Array.from(presses.keys()).filter((cell) => (presses[cell] as number) > 0)
  const mean = new Map(known.map((cell) => [cell, (score[cell] as number) / (presses[cell] as number)]))
  const seasonOf = (cell: number): number =>
    (cells.weekdays[Math.floor(cell / SLOTS)] as number) * SLOTS + (cell % SLOTS)
  const bySeason = new Map<number, number[]>()
  for (const cell of known) bySeason.set(seasonOf(cell), [...(bySeason.get(seasonOf(cell)) ?? []), cell])
  const usual = new Map(
    [...bySeason].map(([season, at]) => [season, median(at.map((cell) => mean.get(cell) as number))]),
  )
  const residuals = known.map((cell) => ({
    cell,
    value: (mean.get(cell) as number) - (usual.get(seasonOf(cell)) as number),
  }))
  const most = Math.floor(MOST_SHARE * residuals.length)
  return extremes(residuals, most)
    .filter(({ value }) => value < 0)
    .map(({ cell }) => cell)
}

/** Generalised ESD (Rosner 1983): the largest number of extremes at which the test still rejects. */
function extremes(residuals: { cell: number; value: number }[], most: number): { cell: number; value: number }[] {
  const centre = median(residuals.map(({ value }) => value))
  const spread = MAD_TO_SD * median(residuals.map(({ value }) => Math.abs(value - centre)))
  if (!(spread > 0)) return []
  const ordered = residuals.toSorted((a, b) => Math.abs(b.value - centre) - Math.abs(a.value - centre))
  let found = 0
  for (let i = 0; i < most; i++) {
    const left = residuals.length - i
    const t = tQuantile(1 - LEVEL / (2 * left), left - 2)
    const critical = ((left - 1) * t) / Math.sqrt((left - 2 + t * t) * left)
    if (Math.abs((ordered[i] as { value: number }).value - centre) / spread > critical) found = i + 1
  }
  return ordered.slice(0, found)
}

function median(values: readonly number[]): number {
  return quantile(Float64Array.from(values), 0.5)
}
