import { readFileSync } from 'node:fs'
import { Compile } from 'typebox/compile'
import { ConfigError } from '../../src/shared/config-file.ts'
import { type Scenario, type ScenarioStep, type StepName, scenarioSteps } from './scenario.ts'

/**
 * Reads a scenario from its JSON: `{ "about": "…", "steps": [{ "do": "press", "button": 1 }, …] }`.
 *
 * @param source name of the file, for faults
 * @throws ConfigError with every fault, each with the number of its step (from 1) and its key
 */
export function parseScenario(text: string, source: string): Scenario {
  const raw = parseJson(text, source)
  const faults = topFaults(raw)
  if (faults.length > 0) throw new ConfigError(source, faults)
  const { steps } = raw as { steps: unknown[] }
  const stepFaults = [...steps.flatMap((step, index) => faultsOfStep(step, index + 1)), ...orderFaults(steps)]
  if (stepFaults.length > 0) throw new ConfigError(source, stepFaults)
  return raw as Scenario
}

/** @throws ConfigError also when the file can't be read */
export function loadScenario(path: string): Scenario {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new ConfigError(path, [`cannot be read: ${(error as Error).message}`])
  }
  return parseScenario(text, path)
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new ConfigError(source, [`not JSON: ${(error as Error).message}`])
  }
}

function topFaults(raw: unknown): string[] {
  if (!isObject(raw)) return ['must be an object with steps']
  const unknown = Object.keys(raw).filter((key) => key !== 'about' && key !== 'steps')
  const faults = unknown.map((key) => `${key}: unknown key; there are about, steps`)
  if (raw.about !== undefined && typeof raw.about !== 'string') faults.push('about: must be string')
  if (!Array.isArray(raw.steps) || raw.steps.length === 0) faults.push('steps: must be a list of at least one step')
  return faults
}

function faultsOfStep(step: unknown, number: number): string[] {
  if (!isObject(step)) return [`step ${number}: must be an object`]
  const { do: name } = step
  if (typeof name !== 'string' || !Object.hasOwn(scenarioSteps, name))
    return [`step ${number}, do: must be one of ${Object.keys(scenarioSteps).join(', ')}`]
  const { validator, keys } = compiled(name as StepName)
  const where = `step ${number} (${name})`
  const faults = Object.keys(step)
    .filter((key) => !keys.includes(key))
    .map((key) => `${where}, ${key}: unknown key; there are ${keys.filter((known) => known !== 'do').join(', ')}`)
  for (const { instancePath, message, keyword, params } of validator.Errors(step)) {
    if (keyword === 'additionalProperties' || keyword === 'boolean') continue
    const missing = keyword === 'required' ? (params as { requiredProperties: string[] }).requiredProperties : null
    if (missing) faults.push(...missing.map((key) => `${where}, ${key}: missing`))
    else faults.push(`${where}, ${instancePath.slice(1).replaceAll('/', '.')}: ${message}`)
  }
  return [...new Set(faults), ...rangeFaults(step as ScenarioStep, where)]
}

function rangeFaults(step: ScenarioStep, where: string): string[] {
  if (step.do !== 'jumble') return []
  return (['gapMs', 'holdMs', 'bounceMs'] as const).flatMap((key) => {
    const range = step[key]
    return Array.isArray(range) && range[0] > range[1] ? [`${where}, ${key}: from is more than to`] : []
  })
}

function orderFaults(steps: readonly unknown[]): string[] {
  let latest = 0
  return steps.flatMap((step, index) => {
    const atMs = isObject(step) ? step.atMs : undefined
    if (typeof atMs !== 'number') return []
    if (atMs < latest) return [`step ${index + 1}, atMs: ${atMs} is before ${latest} of an earlier step`]
    latest = atMs
    return []
  })
}

function compiled(name: StepName) {
  const schema = scenarioSteps[name]
  return { validator: Compile(schema), keys: Object.keys(schema.properties) }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
