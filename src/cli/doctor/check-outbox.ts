import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { newestSchema } from '../../terminal/outbox/migrate-database.ts'
import { type OutboxAccount, readAccount } from '../../terminal/outbox/read-account.ts'
import { isOthers } from './check-disk.ts'
import { type Check, type Facts, type Finding, makeFinding, type ShowStep } from './finding.ts'
import { outboxTexts } from './outbox-texts.ts'
import type { Scene } from './scene.ts'

const find = (code: keyof typeof outboxTexts, facts: Facts) => makeFinding('outbox', code, outboxTexts[code], facts)

/**
 * The outbox itself, read beside the daemon or without it.
 *
 * By a connection that can't write, and so neither checkpoints nor takes a WAL away when it is closed (sqlite.org/wal.html); and only by
 * the owner of the file, since what SQLite makes beside it would keep another owner's daemon out.
 */
export function makeOutboxCheck(scene: Scene): Check {
  return { name: 'outbox', run: async (showStep) => checkOutbox(scene, showStep) }
}

const pathOf = ({ dataFolder }: Scene): string | null => {
  const path = dataFolder === null ? null : join(dataFolder, 'outbox.sqlite')
  const stats = path === null ? undefined : statSync(path, { throwIfNoEntry: false })
  return stats?.isFile() && !isOthers(stats.uid) ? path : null
}

/** @returns null where there is none to be read, or it can't be */
export function readOutboxAccount(scene: Scene, marks: Readonly<Record<string, number>> = {}): OutboxAccount | null {
  const path = pathOf(scene)
  if (path === null) return null
  try {
    return withOutbox(path, (db) => readAccount(db, marks))
  } catch {
    return null
  }
}

function withOutbox<T>(path: string, read: (db: Database.Database) => T): T {
  const db = openBeside(path)
  try {
    db.pragma('cache_size = -1000')
    // One moment for all queries, while a daemon goes on writing.
    return db.transaction(() => read(db))()
  } finally {
    db.close()
  }
}

/** A database that nobody has open and that is whole in its file is read from memory: SQLite would leave two files beside it. */
function openBeside(path: string): Database.Database {
  if (existsSync(`${path}-wal`) || existsSync(`${path}-journal`))
    return new Database(path, { readonly: true, timeout: 3_000 })
  const file = readFileSync(path)
  // sqlite.org/fileformat2.html §1.3: written and read as WAL, which is nothing that memory can be.
  if (file.length >= 100) file.fill(1, 18, 20)
  return new Database(file, { readonly: true })
}

function checkOutbox(scene: Scene, showStep: ShowStep): Finding[] {
  const path = pathOf(scene)
  if (path === null) return []
  showStep('reading the outbox')
  try {
    return withOutbox(path, (db) => describe(db, path))
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    const facts = { path, error: message }
    if (/^SQLITE_(CORRUPT|NOTADB)/.test(code ?? '')) return [find('damaged', facts)]
    return [find(code?.startsWith('SQLITE_BUSY') ? 'held' : 'unreadable', facts)]
  }
}

function describe(db: Database.Database, path: string): Finding[] {
  const schema = db.pragma('user_version', { simple: true }) as number
  if (schema > newestSchema) return [find('newer-schema', { path, schema, known: newestSchema })]
  const check = db.pragma('quick_check(1)', { simple: true }) as string
  if (check !== 'ok') return [find('damaged', { path, error: check })]
  const { epochs, records, oldestWaitingAtMs } = readAccount(db)
  const facts = {
    path,
    epochs: epochs.length,
    ...records,
    delivered: records.held - records.waiting,
    oldestWaitingAtMs,
  }
  return [
    find('sound', facts),
    ...(records.missing > 0 ? [find('holes', facts)] : []),
    ...(records.rejected > 0 ? [find('rejected', facts)] : []),
  ]
}
