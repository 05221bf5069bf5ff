import { SLOTS, type TouchpointCells } from '../../../../src/analysis/touchpoint-cells.ts'

/** Presses, unhappy presses (the two faces below) and sum of scores 0..100, per slot or per cell. */
export type HourScores = { presses: Float64Array; unhappy: Float64Array; score: Float64Array }

/** Totals per slot over all days. */
export function slotScores(cells: TouchpointCells): HourScores {
  return addScores(cells, SLOTS)
}

/** One entry per cell (day × 24 + slot). */
export function cellScores(cells: TouchpointCells): HourScores {
  return addScores(cells, cells.days * SLOTS)
}

function addScores({ counts, days }: TouchpointCells, size: number): HourScores {
  const zeros = (): Float64Array => new Float64Array(size)
  const scores = { presses: zeros(), unhappy: zeros(), score: zeros() }
  counts.forEach((ofValue, value) => {
    for (let cell = 0; cell < days * SLOTS; cell++) {
      const count = ofValue[cell] as number
      const at = cell % size
      scores.presses[at] = (scores.presses[at] as number) + count
      if (value < 2) scores.unhappy[at] = (scores.unhappy[at] as number) + count
      scores.score[at] = (scores.score[at] as number) + (count * value * 100) / 3
    }
  })
  return scores
}

/** Mean and sample standard deviation. */
export function spread(values: readonly number[]): { mean: number; sd: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, sd: Math.sqrt(squares / (values.length - 1)) }
}
