import type { Database } from 'better-sqlite3'
import type { StoredFix, StoredNight } from '../night.ts'

/** Enough to repeat a night from the one before it after some nights went wrong. */
const keptNights = 7

const columns = 'night, made_at_ms AS madeAtMs, content'

export function makeNightReader(db: Database) {
  const last = db.prepare<[], StoredNight>(`SELECT ${columns} FROM night ORDER BY night DESC LIMIT 1`)
  const before = db.prepare<[number], StoredNight>(
    `SELECT ${columns} FROM night WHERE night < ? ORDER BY night DESC LIMIT 1`,
  )
  const fixes = db.prepare<[], StoredFix>(
    'SELECT dip, fix_date AS fixDate, noted_at_ms AS notedAtMs FROM fix ORDER BY dip',
  )
  return {
    last: (): StoredNight | null => last.get() ?? null,
    before: (night: number): StoredNight | null => before.get(night) ?? null,
    fixes: (): StoredFix[] => fixes.all(),
  }
}

export function makeNightWriter(db: Database) {
  const removeLater = db.prepare('DELETE FROM night WHERE night > ?')
  const put = db.prepare('INSERT OR REPLACE INTO night VALUES ($night, $madeAtMs, $content)')
  const removeOld = db.prepare(
    `DELETE FROM night WHERE night NOT IN (SELECT night FROM night ORDER BY night DESC LIMIT ${keptNights})`,
  )
  const putFix = db.prepare('INSERT OR REPLACE INTO fix VALUES ($dip, $fixDate, $notedAtMs)')
  const removeFix = db.prepare('DELETE FROM fix WHERE dip = ?')
  return {
    put(night: StoredNight): void {
      removeLater.run(night.night)
      put.run(night)
      removeOld.run()
    },
    putFix: (fix: StoredFix): void => void putFix.run(fix),
    removeFix: (dip: string): boolean => removeFix.run(dip).changes > 0,
  }
}
