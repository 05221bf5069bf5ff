import type { Database } from 'better-sqlite3'
import { AppError } from '../../../shared/errors.ts'
import { ground } from './001-ground.ts'
import { lights } from './002-lights.ts'
import { custody } from './003-custody.ts'
import { told } from './004-told.ts'
import { boots } from './005-boots.ts'
import { tenure } from './006-tenure.ts'
import { refusals } from './007-refusals.ts'
import { comparison } from './008-comparison.ts'
import { nights } from './009-nights.ts'
import { accounts } from './010-accounts.ts'

/** One SQL script a version, in order; a script that has been released never changes. */
const migrations: readonly string[] = [
  ground,
  lights,
  custody,
  told,
  boots,
  tenure,
  refusals,
  comparison,
  nights,
  accounts,
]

/** Of a database that this program has brought up to date. */
export const latestSchema: number = migrations.length

/**
 * Brings the schema up to date, each step in a transaction of its own together with its number (`user_version` is transactional).
 *
 * @throws AppError `database-too-new` when a later program has been here: its tables may mean something else
 */
export function migrate(db: Database, path: string): void {
  const version = () => db.pragma('user_version', { simple: true }) as number
  if (version() > migrations.length) {
    throw new AppError(
      'database-too-new',
      `${path} has schema ${version()}, this program knows ${migrations.length}: run the newer program that wrote it`,
    )
  }
  for (let next = version(); next < migrations.length; next += 1) {
    const step = db.transaction(() => {
      // Another process may have taken this step while we waited for the lock.
      if (version() !== next) return
      db.exec(migrations[next] as string)
      db.pragma(`user_version = ${next + 1}`)
    })
    step.immediate()
  }
}
