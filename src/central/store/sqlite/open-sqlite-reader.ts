import Sqlite, { type Database } from 'better-sqlite3'
import { AppError } from '../../../shared/errors.ts'
import type { StoreReader } from '../port.ts'
import { makeReader } from './make-reader.ts'

/** Enough for a table read from end to end once; the store's own connections keep what is read again. */
const cachePages = 1_000

/**
 * Opens a reading connection beside the store that has brought the file up to date and holds it open.
 *
 * @throws AppError `database-failed`
 */
export function openSqliteReader(path: string): { read: StoreReader; close(): void } {
  let db: Database | undefined
  try {
    db = new Sqlite(path, { readonly: true, fileMustExist: true })
    db.pragma('busy_timeout = 5000')
    db.pragma('trusted_schema = OFF')
    db.pragma('mmap_size = 0')
    db.pragma(`cache_size = ${cachePages}`)
    return { read: makeReader(db), close: () => void db?.close() }
  } catch (error) {
    db?.close()
    throw new AppError('database-failed', `${path}: ${(error as Error).message}`, { cause: error })
  }
}
