import { dirname, join } from 'node:path'
import { centralDatabase, loadCentralConfig } from '../../central/config.ts'
import type { OpenDatabase } from '../../central/store/backup/copy-snapshot.ts'
import { summariseDatabase } from '../../central/store/backup/summarise-database.ts'
import { latestSchema } from '../../central/store/sqlite/migrations.ts'
import { loadTerminalConfig } from '../../terminal/config.ts'
import type { Manifest } from './manifest.ts'

type Summary = Pick<Manifest, 'rows' | 'tallies' | 'newestReceivedAtMs' | 'undelivered'>

/** A database that can be backed up and restored. */
export type Subject = {
  of: Manifest['of']
  /** Of the live database. */
  path: string
  folder: string
  /** Name of the copy in a backup. */
  file: string
  /** The newest schema that this program knows. */
  schema: number
  summarise(db: OpenDatabase): Summary
}

/** @throws ConfigError; without a path the defaults hold */
export function centralSubject(configPath: string | undefined): Subject {
  const path = centralDatabase(loadCentralConfig(configPath))
  const folder = dirname(path)
  return { of: 'central', path, folder, file: 'central.sqlite', schema: latestSchema, summarise: summariseDatabase }
}

/** @throws ConfigError */
export function terminalSubject(configPath: string): Subject {
  // Only the folder is wanted, and the secret may be known to the service manager alone.
  const { data: folder } = loadTerminalConfig(configPath, { SMILEPOST_SECRET: 'not needed here' }).terminal
  const path = join(folder, 'outbox.sqlite')
  // The daemon itself refuses an outbox of a later program.
  return {
    of: 'terminal',
    path,
    folder,
    file: 'outbox.sqlite',
    schema: Number.MAX_SAFE_INTEGER,
    summarise: summariseOutbox,
  }
}

/** Records of an outbox that no central has confirmed; plain SQL over its tables (src/terminal/outbox/migrations). */
export function countUndelivered(db: OpenDatabase): number {
  return db.prepare<[], number>('SELECT TOTAL(next - 1 - confirmed) FROM epochs').pluck().get() ?? 0
}

function summariseOutbox(db: OpenDatabase): Summary {
  const tables = db
    .prepare<[], string>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )
    .pluck()
    .all()
  const rowsOf = (table: string) => db.prepare<[], number>(`SELECT count(*) FROM "${table}"`).pluck().get() ?? 0
  return {
    rows: Object.fromEntries(tables.map((table) => [table, rowsOf(table)])),
    undelivered: countUndelivered(db),
  }
}
