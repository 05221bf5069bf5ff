import { closeSync, copyFileSync, existsSync, fsyncSync, openSync, readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { AppError } from '../../shared/errors.ts'
import type { Logger } from '../../shared/logger.ts'
import { records001 } from './migrations/001-records.ts'
import { checksums002 } from './migrations/002-checksums.ts'

/** In order; the file's `user_version` is how many of them it has had. */
const migrations: readonly string[] = [records001, checksums002]
export const newestSchema = migrations.length
const versionOf = (db: Database): number => db.pragma('user_version', { simple: true }) as number

/**
 * To be asked before anything is changed.
 *
 * @throws AppError `database-too-new`
 */
export function refuseNewerSchema(db: Database, path: string): void {
  const version = versionOf(db)
  if (version <= newestSchema) return
  throw new AppError(
    'database-too-new',
    `${path} has schema ${version}, this program knows ${newestSchema}; start the newer program, or move the file away`,
  )
}

/** Brings a database to the newest schema, after a copy of the file as it was: a program that went wrong can then be taken back. */
export function migrateDatabase(db: Database, path: string, logger: Logger): void {
  const version = versionOf(db)
  if (version > 0 && version < migrations.length) keepCopy(db, path, version, logger)
  for (let done = version; done < migrations.length; done += 1) {
    const apply = db.transaction(() => {
      db.exec(migrations[done] as string)
      db.pragma(`user_version = ${done + 1}`)
    })
    apply.immediate()
  }
}

const copyOf = (path: string, version: number): string => `${path}.schema-${version}`

function keepCopy(db: Database, path: string, version: number, logger: Logger): void {
  const copy = copyOf(path, version)
  try {
    db.pragma('wal_checkpoint(TRUNCATE)')
    copyFileSync(path, copy)
    const file = openSync(copy, 'r')
    fsyncSync(file)
    closeSync(file)
    logger.info({ copy, schema: version }, 'the database gets a newer schema; a copy of it is kept')
  } catch (error) {
    // Without room for a copy presses still matter more than the way back.
    rmSync(copy, { force: true })
    logger.warn({ copy, reason: (error as Error).message }, 'the database gets a newer schema without a copy')
  }
}

/** Copies of the database as it was before it got a newer schema. */
export function listCopies(path: string): string[] {
  const prefix = copyOf(basename(path), 0).slice(0, -1)
  if (!existsSync(dirname(path))) return []
  return readdirSync(dirname(path))
    .filter((name) => name.startsWith(prefix))
    .sort()
    .map((name) => join(dirname(path), name))
}
