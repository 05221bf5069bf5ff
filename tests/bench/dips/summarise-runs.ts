import { makeDraw } from './draw.ts'
import type { Outcome, RunScore } from './score-run.ts'

/** A figure with its standard error; value NaN where nothing was there to measure. */
export type Estimate = { value: number; error: number }

const MEASURES = [
  'power',
  'falseShare',
  'anyFinding',
  'falsePerThousand',
  'hourOverlap',
  'weekdayOverlap',
  'onsetErrorDays',
  'onsetCovered',
  'depthCovered',
  'msPerTouchpoint',
] as const
export type Measure = (typeof MEASURES)[number]
export type Summary = Record<Measure, Estimate>

const RESAMPLES = 300

/**
 * Pools runs. Runs are independent, touchpoints of a run are not (one correction for multiple tests), so standard errors
 * come from drawing whole runs with replacement (bootstrap, Efron & Tibshirani 1993), the same draws every time.
 */
export function summariseRuns(runs: readonly RunScore[]): Summary {
  const draw = makeDraw(1)
  const resampled = Array.from({ length: RESAMPLES }, () =>
    pool(runs.map(() => runs[draw.whole([0, runs.length - 1])] as RunScore)),
  )
  const pooled = pool(runs)
  return Object.fromEntries(
    MEASURES.map((measure) => {
      const values = resampled.map((sample) => sample[measure]).filter((value) => !Number.isNaN(value))
      return [measure, { value: pooled[measure], error: standardDeviation(values) }]
    }),
  ) as Summary
}

function pool(runs: readonly RunScore[]): Record<Measure, number> {
  const sum = (of: (run: RunScore) => number): number => runs.reduce((total, run) => total + of(run), 0)
  const outcomes = runs.flatMap((run) => run.outcomes)
  const known = (of: (outcome: Outcome) => number | boolean | null): number[] =>
    outcomes.flatMap((outcome) => {
      const value = of(outcome)
      return value === null ? [] : [Number(value)]
    })
  const touchpoints = sum((run) => run.touchpoints)
  return {
    power: mean(known(({ isFound }) => isFound)),
    falseShare: sum((run) => run.falseFindings) / sum((run) => run.findings),
    anyFinding: sum((run) => Number(run.findings > 0)) / runs.length,
    falsePerThousand: (1000 * sum((run) => run.falseFindings)) / touchpoints,
    hourOverlap: mean(known(({ hourOverlap }) => hourOverlap)),
    weekdayOverlap: mean(known(({ weekdayOverlap }) => weekdayOverlap)),
    onsetErrorDays: median(known(({ onsetErrorDays }) => onsetErrorDays)),
    onsetCovered: mean(known(({ isOnsetCovered }) => isOnsetCovered)),
    depthCovered: mean(known(({ isDepthCovered }) => isDepthCovered)),
    msPerTouchpoint: sum((run) => run.ms) / touchpoints,
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return ((sorted[(sorted.length - 1) >> 1] ?? Number.NaN) + (sorted[sorted.length >> 1] ?? Number.NaN)) / 2
}

function standardDeviation(values: readonly number[]): number {
  const centre = mean(values)
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)))
}
