import Sqlite, { type Database } from 'better-sqlite3'
import { AppError } from '../../../shared/errors.ts'

/**
 * Opens the database file in the only mode in which an acknowledged press survives a power cut: WAL with synchronous=FULL.
 * Both are read back, since SQLite keeps quiet about a journal mode that it could not take, and better-sqlite3 opens WAL with NORMAL.
 */
export function openConnection(path: string): Database {
  const db = new Sqlite(path)
  try {
    // Sizes go before the first table; afterwards SQLite ignores them.
    db.pragma('page_size = 4096')
    db.pragma('auto_vacuum = INCREMENTAL')
    db.pragma('busy_timeout = 5000')
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
    db.pragma('foreign_keys = ON')
    db.pragma('trusted_schema = OFF')
    db.pragma('cell_size_check = ON')
    db.pragma('mmap_size = 0')
    db.pragma('cache_size = -65536')
    db.pragma('wal_autocheckpoint = 4000')
    db.pragma('journal_size_limit = 67108864')
    const mode = db.pragma('journal_mode', { simple: true })
    const synchronous = db.pragma('synchronous', { simple: true })
    if (mode !== 'wal' || synchronous !== 2) {
      throw new AppError(
        'database-failed',
        `${path}: journal mode ${mode}, synchronous ${synchronous}; wal and 2 are needed`,
      )
    }
    return db
  } catch (error) {
    db.close()
    throw error
  }
}
