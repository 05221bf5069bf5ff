/**
 * The central store in one SQLite file.
 *
 * In: what `StoreWriter` names, inside `transact`. Out: what is committed. `transact` resolves only after the COMMIT has been flushed
 * (WAL with synchronous=FULL). Transactions queue up one after the other; reads go through a second connection, so they never see
 * half a transaction and never wait for one. Another process (the command line) may write beside: SQLite's lock keeps the two apart.
 */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Sqlite, { type Database } from 'better-sqlite3'
import { AppError } from '../../../shared/errors.ts'
import type { Logger } from '../../../shared/logger.ts'
import type { Store, StoreWriter } from '../port.ts'
import { makeKeptRows } from './kept-rows.ts'
import { makeReader } from './make-reader.ts'
import { makeWriter } from './make-writer.ts'
import { migrate } from './migrations.ts'
import { makeNames } from './names.ts'
import { openConnection } from './open-connection.ts'

export type SqliteStoreOptions = {
  /** The database file; made with its folder when it is not there. */
  path: string
  logger: Logger
}

const outsideFailure = /^SQLITE_(FULL|IOERR|BUSY|READONLY|CANTOPEN|CORRUPT|NOTADB|NOMEM|PERM|AUTH)/

function openBoth(path: string): { writing: Database; reading: Database } {
  let writing: Database | undefined
  try {
    mkdirSync(dirname(path), { recursive: true })
    writing = openConnection(path)
    migrate(writing, path)
    const reading = openConnection(path)
    reading.pragma('query_only = ON')
    return { writing, reading }
  } catch (error) {
    writing?.close()
    if (error instanceof AppError) throw error
    throw new AppError('database-failed', `${path}: ${(error as Error).message}`, { cause: error })
  }
}

/** @throws AppError `database-failed` when the file can't be used, `database-too-new` when a later program wrote it */
export async function openSqliteStore({ path, logger }: SqliteStoreOptions): Promise<Store> {
  const { writing, reading } = openBoth(path)
  const names = makeNames(writing)
  const kept = makeKeptRows(writing)
  const writer = makeWriter(writing, names, kept)
  const begin = writing.prepare('BEGIN IMMEDIATE')
  const commit = writing.prepare('COMMIT')
  const rollback = writing.prepare('ROLLBACK')
  let last: Promise<unknown> = Promise.resolve()
  let isClosed = false

  /** The disk or another program failed, not the work that was asked for. */
  function asOutsideFailure(error: unknown): unknown {
    if (!(error instanceof Sqlite.SqliteError) || !outsideFailure.test(error.code)) return error
    return new AppError('database-failed', `${path}: ${error.message}`, { cause: error })
  }

  async function run<T>(work: (writer: StoreWriter) => Promise<T>): Promise<T> {
    try {
      begin.run()
      kept.refresh()
      const result = await work(writer)
      commit.run()
      return result
    } catch (error) {
      // SQLite itself rolls back when the disk is full; a second ROLLBACK would hide that error behind its own.
      names.forget()
      kept.forget()
      if (writing.inTransaction) rollback.run()
      throw asOutsideFailure(error)
    }
  }

  logger.info({ path }, 'store open')
  return {
    read: makeReader(reading),
    transact(work) {
      if (isClosed) return Promise.reject(new Error('the store is closed'))
      const result = last.then(() => run(work))
      last = result.catch(() => undefined)
      return result
    },
    async close() {
      if (isClosed) return
      isClosed = true
      await last
      reading.close()
      writing.close()
    },
  }
}
