import type { Database } from 'better-sqlite3'

/** More changes of places and surveys than anybody makes between two backups. */
const unknownChanges = 1_000

type Present = { rev: number; terminals: string[] }

const readRev = (db: Database) => db.prepare<[], number>('SELECT rev FROM catalogue_rev').pluck().get() ?? 1
const readTerminals = (db: Database) => db.prepare<[], string>('SELECT id FROM terminal ORDER BY id').pluck().all()

function readPresent(db: Database | null): Present | null {
  try {
    return db && { rev: readRev(db), terminals: readTerminals(db) }
  } catch {
    return null
  }
}

/** Sessions and links that ended since the backup would be good again. Passwords, tokens and disabled users are as they were then. */
function endEntries(restored: Database): void {
  const hasAccounts = restored.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'session'").get()
  if (hasAccounts) restored.exec('DELETE FROM session; DELETE FROM link')
}

/**
 * Makes a database from a backup fit to follow the present one: terminals in the field have seen later revisions of the catalogue, and
 * a higher one is newer to them, so the restored one goes beyond them all. Whoever was signed in signs in again.
 *
 * @param present null when there is none; one that can't be read counts as none
 * @returns terminals that were created after the backup, which the restored central therefore does not know
 */
export function adoptRestored(restored: Database, present: Database | null): string[] {
  const rev = readRev(restored)
  const before = readPresent(present)
  const next = before ? Math.max(rev, before.rev) + 1 : rev + unknownChanges
  restored.prepare('UPDATE catalogue_rev SET rev = ?').run(next)
  endEntries(restored)
  const known = new Set(readTerminals(restored))
  return (before?.terminals ?? []).filter((terminal) => !known.has(terminal))
}
