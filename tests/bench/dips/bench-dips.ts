// The published benchmark of the dip scan: npm run bench:dips. In: a number of runs, scenarios, a seed. Out: one table of
// power and mistakes against the methods that a user would otherwise take, every figure with its standard error. Same seed,
// same table, but for milliseconds. Progress goes to stderr.
import { parseArgs } from 'node:util'
import { METHODS, type Method, OURS } from './methods.ts'
import { formatResults, poolScenarios, type Results } from './print-results.ts'
import { runScenario } from './run-scenario.ts'
import { SCENARIOS, type ScenarioName, WORLD } from './scenarios.ts'
import { summariseRuns } from './summarise-runs.ts'

const USAGE = `npm run bench:dips -- [--runs N] [--scenario NAME]... [--seed N] [--ours] [--json]
  --runs      fleets a scenario (40; 4 for a quick look)
  --scenario  one of ${Object.keys(SCENARIOS).join(', ')}; all unless given
  --seed      of the first run (1)
  --ours      without the methods it is compared with, three times as fast
  --json      figures as JSON`

type Asked = { runs: number; seed: number; names: ScenarioName[]; methods: readonly Method[]; json: boolean }

function readArguments(): Asked {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '40' },
      scenario: { type: 'string', multiple: true, default: Object.keys(SCENARIOS) },
      seed: { type: 'string', default: '1' },
      ours: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  })
  const [runs, seed] = [Number(values.runs), Number(values.seed)]
  const unknown = values.scenario.filter((name) => !Object.hasOwn(SCENARIOS, name))
  if (unknown.length > 0) throw new Error(`no scenario is called ${unknown.join(', ')}`)
  if (!(Number.isInteger(runs) && runs > 0)) throw new Error('--runs must be a whole number above 0')
  if (!Number.isInteger(seed)) throw new Error('--seed must be a whole number')
  const methods = METHODS.filter(({ name }) => !values.ours || name === OURS)
  return { runs, seed, names: values.scenario as ScenarioName[], methods, json: values.json }
}

function runAll({ runs, seed, names, methods }: Omit<Asked, 'json'>): Results {
  const results: Results = new Map()
  const startMs = performance.now()
  let done = 0
  for (const name of names) {
    const scores = runScenario(SCENARIOS[name], methods, seed, runs, () => {
      done++
      const seconds = (performance.now() - startMs) / 1000
      const left = (seconds / done) * (names.length * runs - done)
      process.stderr.write(`\r${name}: run ${done} of ${names.length * runs}, about ${Math.ceil(left)} s left   `)
    })
    results.set(name, scores)
  }
  process.stderr.write('\n')
  return results
}

function toJson(results: Results, runs: number, seed: number): string {
  const scenarios = Object.fromEntries(
    [...results].map(([name, scores]) => [
      name,
      Object.fromEntries([...scores].map(([method, runs]) => [method, summariseRuns(runs)])),
    ]),
  )
  const { touchpoints, days } = WORLD
  return JSON.stringify({ bench: 'dips', runs, seed, touchpoints, days, scenarios, pooled: poolScenarios(results) })
}

function readOrRefuse(): Asked | null {
  try {
    return readArguments()
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`)
    process.exitCode = 2
    return null
  }
}

const asked = readOrRefuse()
if (asked !== null) {
  const { runs, seed, json } = asked
  const results = runAll(asked)
  const size = `${runs} runs a scenario of ${WORLD.touchpoints} touchpoints × ${WORLD.days} days, from seed ${seed}`
  console.log(json ? toJson(results, runs, seed) : `${size}\n\n${formatResults(results)}`)
}
