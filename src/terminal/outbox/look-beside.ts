import { existsSync, readFileSync, statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { newestSchema } from './migrate-database.ts'
import { maxCheckedBytes } from './open-sound-database.ts'
import { type OutboxAccount, readAccount } from './read-account.ts'

/** An outbox as somebody sees it who may change nothing of it. */
export type OutboxLook = {
  schema: number
  /** The newest that this program knows. */
  newestSchema: number
  /** Not where it is larger than what the daemon itself checks. */
  isChecked: boolean
  /** What is wrong with its structure, null for nothing, or where it is not checked. */
  findDamage(): string | null
  /** As it is at one moment. */
  account(marks?: Readonly<Record<string, number>>): OutboxAccount
}

/**
 * Looks at an outbox beside the daemon that has it, or without one. Between two questions nothing is held: whoever reads keeps the daemon
 * from writing its WAL back, for which it would wait with everything else.
 *
 * By a connection that can't write, and so neither checkpoints nor takes a WAL away when it is closed (sqlite.org/wal.html). Only the
 * owner of the file should: what SQLite makes beside it would keep another owner's daemon out.
 *
 * @throws what SQLite does
 */
export function lookBeside<T>(path: string, read: (look: OutboxLook) => T): T {
  const db = openBeside(path)
  try {
    db.pragma('cache_size = -1000')
    const look: OutboxLook = {
      ...{ schema: db.pragma('user_version', { simple: true }) as number, newestSchema },
      isChecked: isSmall(path),
      findDamage() {
        if (!look.isChecked) return null
        const found = db.pragma('quick_check(1)', { simple: true }) as string
        return found === 'ok' ? null : found
      },
      account: (marks) => db.transaction(() => readAccount(db, marks))(),
    }
    return read(look)
  } finally {
    db.close()
  }
}

const isSmall = (path: string): boolean => statSync(path).size <= maxCheckedBytes

/**
 * A database that nobody has open and that is whole in its file is read from memory: SQLite would leave two files beside it. It does so
 * for one that has no place there.
 */
function openBeside(path: string): Database.Database {
  if (existsSync(`${path}-wal`) || existsSync(`${path}-journal`) || !isSmall(path))
    return new Database(path, { readonly: true, timeout: 3_000 })
  const file = readFileSync(path)
  // sqlite.org/fileformat2.html §1.3: written and read as WAL, which is nothing that memory can be.
  if (file.length >= 100) file.fill(1, 18, 20)
  return new Database(file, { readonly: true })
}
