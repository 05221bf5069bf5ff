import { existsSync, mkdirSync } from 'node:fs'
import Database from 'better-sqlite3'
import { AppError } from '../../shared/errors.ts'
import type { Logger } from '../../shared/logger.ts'
import { migrateDatabase, refuseNewerSchema } from './migrate-database.ts'

/** Before the first table, and before WAL writes the file's header; later they change nothing. */
const pragmasOfNewFile = ['page_size = 4096', 'auto_vacuum = INCREMENTAL']
const pragmas = [
  'journal_mode = WAL',
  'synchronous = FULL',
  // The default of 1000 pages lets the WAL outgrow a nearly full card.
  'wal_autocheckpoint = 200',
  'journal_size_limit = 4194304',
  'foreign_keys = ON',
  'trusted_schema = OFF',
  'cell_size_check = ON',
  'mmap_size = 0',
  'busy_timeout = 5000',
  // better-sqlite3's 16 MB would fill once the whole file has been read; what a press touches are a dozen pages.
  'cache_size = -1000',
]

/** Without the file of shared memory, which needs room that a full disk has not; only one connection can be open then. */
const narrowPragma = 'locking_mode = EXCLUSIVE'

/** @throws AppError `config-invalid` where something else stands in the folder's place */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    if (!['EEXIST', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    const what = existsSync(folder) ? 'is a file, not a folder' : 'can not be a folder: a file stands on the way to it'
    throw new AppError('config-invalid', `terminal.data: ${folder} ${what}`, { cause: error })
  }
}

function requireDurability(db: Database.Database, path: string): void {
  const journal = db.pragma('journal_mode', { simple: true })
  const synchronous = db.pragma('synchronous', { simple: true })
  if (journal === 'wal' && synchronous === 2) return
  throw new AppError(
    'database-failed',
    `${path}: journal_mode is ${journal}, synchronous is ${synchronous}; presses would not survive a power cut`,
  )
}

/**
 * Opens the one connection to the terminal's database, durable and at the newest schema.
 *
 * better-sqlite3 opens WAL with synchronous=NORMAL, which may roll acknowledged presses back; so both are set and read back.
 *
 * @param isNarrow for a disk without a byte left: reads all the same, where there is a database
 * @throws AppError `database-failed` with SQLite's error as its cause, `database-too-new`, `config-invalid`
 */
export function openDatabase(path: string, logger: Logger, isNarrow = false): Database.Database {
  let db: Database.Database | undefined
  try {
    db = new Database(path, { fileMustExist: isNarrow })
    if (isNarrow) db.pragma(narrowPragma)
    refuseNewerSchema(db, path)
    for (const pragma of [...pragmasOfNewFile, ...pragmas]) db.pragma(pragma)
    requireDurability(db, path)
    migrateDatabase(db, path, logger)
    return db
  } catch (error) {
    db?.close()
    if (error instanceof AppError) throw error
    throw new AppError('database-failed', `${path}: ${(error as Error).message}`, { cause: error })
  }
}

/** An empty database of the newest schema that lives in memory alone. */
export function openStandIn(logger: Logger): Database.Database {
  const db = new Database(':memory:')
  migrateDatabase(db, ':memory:', logger)
  return db
}
