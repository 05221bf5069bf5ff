import { closeSync, existsSync, openSync, readSync, renameSync } from 'node:fs'
import Sqlite, { type Database } from 'better-sqlite3'
import { AppError } from '../../../shared/errors.ts'

export type Present = {
  /** null when the file is no database that can be read. */
  db: Database | null
  /** Moves it away under its own name with `suffix`, and closes it. @returns where it is now */
  moveAside(suffix: string): string
  close(): void
}

const isBusy = (error: unknown) => error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY')
/** With these beside it, a damaged database may still give its newest rows to those who know how. */
const companions = ['', '-wal', '-shm', '-journal']

/** SQLite deletes the WAL of a file that does not begin so, though it may hold rows (file format, §1.3). */
const magic = 'SQLite format 3\0'

function isDatabase(path: string): boolean {
  const fd = openSync(path, 'r')
  try {
    const head = Buffer.alloc(magic.length)
    return readSync(fd, head, 0, head.length, 0) === head.length && head.toString('latin1') === magic
  } finally {
    closeSync(fd)
  }
}

/**
 * Opens the database that is about to be replaced, alone.
 *
 * Leaving WAL mode needs the file for oneself, so it fails while any program has it open, and puts the WAL's rows into the file.
 *
 * @returns null when there is no file
 * @throws AppError `central-running` when another program has it open
 */
export function openPresent(path: string): Present | null {
  if (!existsSync(path)) return null
  let db: Database | null = null
  try {
    if (isDatabase(path)) db = new Sqlite(path, { fileMustExist: true, timeout: 0 })
    db?.pragma('journal_mode = DELETE')
  } catch (error) {
    db?.close()
    db = null
    if (isBusy(error)) throw new AppError('central-running', `${path}: another program has it open; stop it first`)
  }
  const close = () => void db?.close()
  return {
    db,
    close,
    moveAside(suffix) {
      close()
      for (const companion of companions) {
        if (existsSync(`${path}${companion}`)) renameSync(`${path}${companion}`, `${path}${suffix}${companion}`)
      }
      return `${path}${suffix}`
    },
  }
}
