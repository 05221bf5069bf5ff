import { closeSync, existsSync, openSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import Sqlite, { type Database } from 'better-sqlite3'
import { AppError } from '../../../shared/errors.ts'
import { syncPath } from './file-safety.ts'

/** Pages between two looks at the progress: 1 MB. */
const pagesAtOnce = 256
/** Before it, checkpoints of several programs at once could damage a database in WAL mode (SQLite's release notes of 3.51.3). */
const firstSafeSqlite = [3, 51, 3] as const

/** An SQLite database as this folder hands it out, of the central or of a terminal. */
export type OpenDatabase = Database
export type Snapshot<S> = { summary: S; schema: number; sqlite: string; atMs: number }
type Summarise<S> = (db: Database) => S

function openReadOnly(path: string): Database {
  if (!existsSync(path))
    throw new AppError('backup-failed', `${path}: there is no database; is this the right configuration?`)
  try {
    return new Sqlite(path, { readonly: true, fileMustExist: true })
  } catch (error) {
    throw new AppError('backup-failed', `${path}: ${(error as Error).message}`)
  }
}

const schemaOf = (db: Database) => db.pragma('user_version', { simple: true }) as number

/** @throws AppError `backup-failed` for an SQLite that must not work on a database beside another program */
function requireSafeSqlite(db: Database): string {
  const version = db.prepare<[], string>('SELECT sqlite_version()').pluck().get() ?? ''
  const parts = version.split('.').map(Number)
  const at = firstSafeSqlite.findIndex((part, i) => (parts[i] ?? 0) !== part)
  if (at >= 0 && (parts[at] ?? 0) < (firstSafeSqlite[at] as number))
    throw new AppError('backup-failed', `SQLite ${version} is too old to read a database in use; 3.51.3 is needed`)
  return version
}

/**
 * Checks a database file that nobody else has open, and leaves it as one file without a WAL beside it.
 *
 * @throws AppError `backup-damaged`
 */
export function inspectCopy<S>(path: string, summarise: Summarise<S>): { summary: S; schema: number } {
  let db: Database | undefined
  try {
    db = new Sqlite(path, { fileMustExist: true })
    db.pragma('journal_mode = DELETE')
    const [first] = db.pragma('integrity_check(1)') as { integrity_check: string }[]
    if (first?.integrity_check !== 'ok') throw new Error(first?.integrity_check ?? 'integrity check says nothing')
    return { summary: db.transaction(() => summarise(db as Database))(), schema: schemaOf(db) }
  } catch (error) {
    throw new AppError('backup-damaged', `${path}: ${(error as Error).message}`, { cause: error })
  } finally {
    db?.close()
  }
}

/**
 * Copies a database while other programs read and write it.
 *
 * SQLite's backup interface starts again from the first page with each commit of another program, and would never end beside a busy
 * central. Here the source is held in one read transaction, so that all pages are of one moment however much is written meanwhile, and
 * the summary of the source is of the same moment. (`VACUUM INTO` gives one moment too, but rebuilds every index and says nothing of
 * its progress.) The writer's WAL can't be reset while this goes on; it shrinks again afterwards.
 *
 * @param target must not exist
 * @throws AppError `backup-failed`; `backup-damaged` when the copy is not whole or differs from the source
 */
export async function copySnapshot<S>(options: {
  source: string
  target: string
  summarise: Summarise<S>
  onProgress(donePages: number, allPages: number): void
}): Promise<Snapshot<S>> {
  const { source, target, summarise, onProgress } = options
  const db = openReadOnly(source)
  let snapshot: Snapshot<S>
  try {
    const sqlite = requireSafeSqlite(db)
    db.pragma('busy_timeout = 10000')
    db.exec('BEGIN')
    snapshot = { summary: summarise(db), schema: schemaOf(db), sqlite, atMs: Date.now() }
    closeSync(openSync(target, 'wx', 0o600))
    await db.backup(target, {
      progress({ totalPages, remainingPages }) {
        onProgress(totalPages - remainingPages, totalPages)
        return pagesAtOnce
      },
    })
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('backup-failed', `copying ${source} to ${target}: ${(error as Error).message}`, { cause: error })
  } finally {
    db.close()
  }
  const copy = inspectCopy(target, summarise)
  if (copy.schema !== snapshot.schema || !isDeepStrictEqual(copy.summary, snapshot.summary))
    throw new AppError('backup-damaged', `${target}: the copy holds other rows than ${source} did`)
  syncPath(target)
  return snapshot
}

/** Changes a copy that nobody else has open, in one transaction. */
export function changeCopy<T>(path: string, work: (db: OpenDatabase) => T): T {
  const db = new Sqlite(path, { fileMustExist: true })
  try {
    return db.transaction(() => work(db)).immediate()
  } finally {
    db.close()
  }
}
