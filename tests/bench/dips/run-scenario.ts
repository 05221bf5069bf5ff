import type { TouchpointCells } from '../../../src/analysis/find-dips.ts'
import { generateFleet } from './generate-fleet.ts'
import type { Method } from './methods.ts'
import type { Scenario } from './scenarios.ts'
import { type RunScore, scoreRun, type Truth } from './score-run.ts'

/** Scores of each method, by its name, one entry a run. */
export type ScenarioScores = Map<string, RunScore[]>

/** Seeds of the runs of one scenario; scenarios share them, so that they differ by their numbers only. */
export function runScenario(
  scenario: Scenario,
  methods: readonly Method[],
  seed: number,
  runs: number,
  onRun: () => void,
): ScenarioScores {
  const scores: ScenarioScores = new Map(methods.map(({ name }) => [name, []]))
  for (let run = 0; run < runs; run++) {
    const truths: Truth[] = []
    const fleet: TouchpointCells[] = []
    for (const { dips, nature, cells } of generateFleet(scenario, seed + run)) {
      truths.push({ dips, pressesPerDay: nature.pressesPerDay, openWeekdays: nature.openWeekdays })
      fleet.push(cells)
    }
    for (const { name, find } of methods) {
      const startMs = performance.now()
      const findings = find(fleet)
      scores.get(name)?.push(scoreRun(truths, findings, performance.now() - startMs))
    }
    onRun()
  }
  return scores
}
