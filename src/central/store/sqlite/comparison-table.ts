import type { Database } from 'better-sqlite3'
import type { Compared } from '../port.ts'

/** The last comparison of tallies with presses. */
export function makeComparisonTable(db: Database) {
  const select = db.prepare<[], Compared>('SELECT at_ms AS atMs, differences FROM comparison')
  const put = db.prepare('INSERT OR REPLACE INTO comparison VALUES (1, ?, ?)')
  return {
    compared: (): Compared | null => select.get() ?? null,
    noteCompared: ({ atMs, differences }: Compared) => void put.run(atMs, differences),
  }
}
