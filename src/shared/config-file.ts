/**
 * Configuration files: TOML, checked whole against a schema. All faults are listed at once, each with the key's path and what was expected.
 */
import { readFileSync } from 'node:fs'
import { parse, TomlError } from 'smol-toml'
import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Settings } from 'typebox/system'
import { Default } from 'typebox/value'
import { AppError } from './errors.ts'

/** A configuration that can't be used; `faults` are one line each. The program exits with code 78 (EX_CONFIG of sysexits). */
export class ConfigError extends AppError {
  readonly faults: string[]
  constructor(source: string, faults: string[]) {
    super(
      'config-invalid',
      [`${source}: ${faults.length} fault${faults.length === 1 ? '' : 's'}`, ...faults].join('\n  '),
    )
    this.faults = faults
  }
}

type SchemaFault = { instancePath: string; message: string; keyword: string; params: unknown }

function describeFault({ instancePath, message, keyword, params }: SchemaFault): string[] {
  const path = instancePath.split('/').slice(1)
  const name = (parts: string[]) => parts.join('.') || '(top level)'
  if (keyword === 'additionalProperties') {
    const keys = (params as { additionalProperties: string[] }).additionalProperties
    return keys.map((key) => `${name([...path, key])}: unknown key`)
  }
  if (keyword === 'required') {
    const keys = (params as { requiredProperties: string[] }).requiredProperties
    return keys.map((key) => `${name([...path, key])}: missing`)
  }
  return keyword === 'boolean' ? [] : [`${name(path)}: ${message}`]
}

/** TypeBox stops at 8 faults, which is right for wires and wrong for a person who mends a file. */
function listFaults(validate: () => SchemaFault[]): SchemaFault[] {
  const { maxErrors } = Settings.Get()
  Settings.Set({ maxErrors: 1000 })
  try {
    return validate()
  } finally {
    Settings.Set({ maxErrors })
  }
}

type Table = Record<string, unknown>
/** Values by section and key that win over the file's: secrets, which belong in the environment. */
export type Overrides = Record<string, Table>

function override(raw: Table, overrides: Overrides): Table {
  const sections = Object.entries(overrides).map(([name, values]) => [name, { ...(raw[name] as Table), ...values }])
  return { ...raw, ...Object.fromEntries(sections) }
}

/**
 * Reads and checks a configuration.
 *
 * @param schema an object schema with defaults and `additionalProperties: false`
 * @throws ConfigError with every fault found
 */
export function parseConfig<S extends TSchema>(
  schema: S,
  text: string,
  source: string,
  overrides: Overrides = {},
): Static<S> {
  let raw: Table
  try {
    raw = parse(text)
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    throw new ConfigError(source, [`line ${error.line}, column ${error.column}: ${error.message.split('\n')[0]}`])
  }
  const value: unknown = Default(schema, override(raw, overrides))
  const validator = Compile(schema as TSchema)
  if (validator.Check(value)) return value as Static<S>
  const faults = listFaults(() => validator.Errors(value) as SchemaFault[]).flatMap(describeFault)
  throw new ConfigError(source, [...new Set(faults)])
}

/** @throws ConfigError also when the file can't be read */
export function loadConfigFile<S extends TSchema>(schema: S, path: string, overrides: Overrides = {}): Static<S> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new ConfigError(path, [`cannot be read: ${(error as Error).message}`])
  }
  return parseConfig<S>(schema, text, path, overrides)
}
