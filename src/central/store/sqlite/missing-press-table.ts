import type { Database } from 'better-sqlite3'
import type { MissingPress } from '../custody.ts'
import type { Names } from './names.ts'

type Row = { box: string; from: number; to: number; seenAtMs: number; isRaised: number }

/** Presses that were found missing; the text of a box, '' for touch presses, since a box that nothing came from has no number. */
export function makeMissingPressReader(db: Database, names: Names) {
  const select = db.prepare<[number], Row>(
    `SELECT box, from_seq AS "from", to_seq AS "to", seen_at_ms AS seenAtMs, is_raised AS isRaised FROM missing_press
      WHERE terminal = ? ORDER BY box, from_seq`,
  )
  return {
    missingPresses: (terminal: string): MissingPress[] =>
      select
        .all(names.find(terminal) ?? -1)
        .map(({ box, isRaised, ...row }) => ({ ...row, box: box === '' ? null : box, isRaised: isRaised === 1 })),
  }
}

export function makeMissingPressWriter(db: Database, names: Names) {
  const drop = db.prepare('DELETE FROM missing_press WHERE terminal = ?')
  const put = db.prepare('INSERT OR REPLACE INTO missing_press VALUES (?, ?, ?, ?, ?, ?)')
  return {
    noteMissingPresses(terminal: string, ranges: readonly MissingPress[]): void {
      const no = names.number(terminal)
      drop.run(no)
      for (const { box, from, to, seenAtMs, isRaised } of ranges)
        put.run(no, box ?? '', from, to, seenAtMs, isRaised ? 1 : 0)
    },
  }
}
