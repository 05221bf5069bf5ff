import { formatTable } from './format-table.ts'
import { OURS } from './methods.ts'
import type { ScenarioScores } from './run-scenario.ts'
import type { ScenarioName } from './scenarios.ts'
import { type Estimate, type Measure, type Summary, summariseRuns } from './summarise-runs.ts'

export type Results = Map<ScenarioName, ScenarioScores>

/** Share of findings that are false over these scenarios together is what the product promises to keep small. */
const POOLED: readonly ScenarioName[] = ['easy', 'realistic', 'mash-heavy', 'sparse']
const DEPTHS = [4, 6, 8, 10, 12, 16, 20]
const VOLUMES = [18, 50, 100, 200, 450, 700]

const HEADS: Record<Measure, { head: string; digits: number }> = {
  power: { head: 'power', digits: 3 },
  falseShare: { head: 'false', digits: 3 },
  anyFinding: { head: 'any', digits: 2 },
  falsePerThousand: { head: 'false/1000', digits: 1 },
  hourOverlap: { head: 'hours', digits: 2 },
  weekdayOverlap: { head: 'weekdays', digits: 2 },
  onsetErrorDays: { head: 'onset off', digits: 1 },
  onsetCovered: { head: 'onset in', digits: 2 },
  depthCovered: { head: 'depth in', digits: 2 },
  msPerTouchpoint: { head: 'ms', digits: 2 },
}

const LEGEND = `power: dips found of all planted · false: false findings of all findings · any: runs with any finding · false/1000: false
findings per 1000 touchpoints · hours, weekdays: overlap (Jaccard) of hits · onset off: median days · onset in, depth in: truth
inside the interval · ms: a touchpoint, one core · ±: standard error over runs`

function formatEstimate({ value, error }: Estimate, digits: number): string {
  return Number.isNaN(value) ? '–' : `${value.toFixed(digits)} ±${error.toFixed(digits)}`
}

/** The whole report as text. */
export function formatResults(results: Results): string {
  const head = ['scenario · method', ...Object.values(HEADS).map((column) => column.head)]
  const rows = [...results].flatMap(([scenario, scores]) => [
    ['', ...head.slice(1).map(() => '')],
    ...[...scores].map(([method, runs]) => [`${scenario} · ${method}`, ...formatSummary(summariseRuns(runs))]),
  ])
  const blocks = [formatTable([head, ...rows]).join('\n'), LEGEND]
  const pooled = poolScenarios(results)
  if (pooled !== null) {
    blocks.push(`${OURS}, ${POOLED.join(' + ')}: false share ${formatEstimate(pooled.falseShare, 4)}`)
  }
  const grid = formatGrid(results)
  if (grid.length > 2)
    blocks.push(`${OURS}: power (and dips planted) by depth in points and presses a day`, grid.join('\n'))
  return blocks.join('\n\n')
}

function formatSummary(summary: Summary): string[] {
  return Object.entries(HEADS).map(([measure, { digits }]) => formatEstimate(summary[measure as Measure], digits))
}

/** Null while not all of them were run. */
export function poolScenarios(results: Results): Summary | null {
  if (!POOLED.every((name) => results.has(name))) return null
  return summariseRuns(POOLED.flatMap((name) => results.get(name)?.get(OURS) ?? []))
}

function formatGrid(results: Results): string[] {
  const outcomes = [...results.values()].flatMap((scores) => scores.get(OURS)?.flatMap((run) => run.outcomes) ?? [])
  const bins = (edges: readonly number[]): [number, number][] =>
    edges.slice(1).map((high, i) => [edges[i] as number, high])
  const rows = bins(VOLUMES).map(([low, high]) => [
    `${low}–${high} a day`,
    ...bins(DEPTHS).map(([least, most]) => {
      const inBin = outcomes.filter(
        ({ pressesPerDay, depth }) => pressesPerDay >= low && pressesPerDay < high && depth >= least && depth < most,
      )
      const found = inBin.filter(({ isFound }) => isFound).length
      return inBin.length === 0 ? '–' : `${(found / inBin.length).toFixed(2)} (${inBin.length})`
    }),
  ])
  return outcomes.length === 0
    ? []
    : formatTable([['', ...bins(DEPTHS).map(([low, high]) => `${low}–${high}`)], ...rows])
}
