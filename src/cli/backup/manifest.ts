import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { AppError } from '../../shared/errors.ts'

const count = Type.Integer({ minimum: 0 })

/** What lies beside the database in a backup and says what it must be. */
export const Manifest = Type.Object({
  format: Type.Literal(1),
  of: Type.Union([Type.Literal('central'), Type.Literal('terminal')]),
  /** Of Smilepost and of the SQLite library that wrote it. */
  program: Type.String(),
  sqlite: Type.String(),
  schema: count,
  /** The moment the copy shows. */
  atMs: Type.Integer(),
  file: Type.String({ pattern: '^[a-z]+\\.sqlite$' }),
  bytes: count,
  sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  /** Rows by table. */
  rows: Type.Record(Type.String(), count),
  /** Of a central: presses in tallies and presses by their rows, by class. */
  tallies: Type.Optional(Type.Record(Type.String(), Type.Object({ tallied: Type.Integer(), stored: count }))),
  newestReceivedAtMs: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
  /** Of a terminal: records that no central has confirmed. */
  undelivered: Type.Optional(count),
})
export type Manifest = Static<typeof Manifest>

export const manifestName = 'manifest.json'
const validator = Compile(Manifest)

/**
 * @param folder of one backup
 * @returns null where there is no manifest: no backup, or one that was never completed
 * @throws AppError `backup-damaged`
 */
export function readManifest(folder: string): Manifest | null {
  const path = join(folder, manifestName)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return null
  }
  try {
    const value: unknown = JSON.parse(text)
    if (validator.Check(value)) return value
  } catch {
    // Named below, whatever it is that can't be read.
  }
  throw new AppError('backup-damaged', `${path}: this is no manifest of a backup that this program knows`)
}
