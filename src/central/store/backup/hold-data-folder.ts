import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { AppError } from '../../../shared/errors.ts'

/**
 * Takes a data folder for one program: a central that runs on it, or a restore that replaces its database.
 *
 * The lock is that of an SQLite file that nothing is ever written to. The kernel gives it back when the process ends, however it ends,
 * so that no file left behind by a power cut can keep a central from starting.
 *
 * @param patienceMs how long to wait for the program before, synchronously
 * @throws AppError `central-running` while another program has it, `database-failed` when the folder can't be used
 */
export function holdDataFolder(folder: string, patienceMs: number): { release(): void } {
  let lock: Sqlite.Database | undefined
  try {
    mkdirSync(folder, { recursive: true })
    lock = new Sqlite(join(folder, 'central.lock'), { timeout: patienceMs })
    lock.exec('BEGIN EXCLUSIVE')
    const held = lock
    return { release: () => void held.close() }
  } catch (error) {
    lock?.close()
    if (error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY'))
      throw new AppError('central-running', `${folder}: a central or a restore is at work on this data folder`)
    throw new AppError('database-failed', `${folder}: ${(error as Error).message}`, { cause: error })
  }
}
