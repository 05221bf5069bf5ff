import type { Database } from 'better-sqlite3'
import type { BoxTold } from '../custody.ts'
import type { Names } from './names.ts'

type Row = Omit<BoxTold, 'terminal'> & { terminal: number }
/** A terminal has one box, and some more over the years; one that makes boxes up must not fill the disk. */
const maxBoxesOfTerminal = 200

const prepareSelect = (db: Database) =>
  db.prepare<[number], Row>(
    'SELECT terminal, next, pending, at_ms AS atMs, from_at_ms AS fromAtMs, from_next AS fromNext FROM box_told WHERE box = ? ORDER BY terminal',
  )

/** What terminals last told of their boxes. */
export function makeBoxToldReader(db: Database, names: Names) {
  const select = prepareSelect(db)
  return {
    boxTold: (box: string): BoxTold[] =>
      select.all(names.find(box) ?? -1).map((row) => ({ ...row, terminal: names.text(row.terminal) })),
  }
}

const hadItLater = (row: Row, than: Row) =>
  row.next > than.next || (row.next === than.next && row.fromAtMs > than.fromAtMs)

export function makeBoxToldWriter(db: Database, names: Names) {
  const select = prepareSelect(db)
  const countBoxes = db.prepare<[number], number>('SELECT count(*) FROM terminal_box WHERE terminal = ?').pluck()
  const hasBox = db
    .prepare<[number, number], number>('SELECT 1 FROM terminal_box WHERE terminal = ? AND box = ?')
    .pluck()
  const putBox = db.prepare('INSERT OR IGNORE INTO terminal_box VALUES (?, ?)')
  const put = db.prepare('INSERT OR REPLACE INTO box_told VALUES (?, ?, ?, ?, ?, ?, ?)')

  return {
    noteBoxTold(terminal: string, told: { box: string; next: number; pending: number; atMs: number }): void {
      const terminalNo = names.number(terminal)
      const known = names.find(told.box)
      const isKnown = known !== null && hasBox.get(terminalNo, known) === 1
      if (!isKnown && (countBoxes.get(terminalNo) ?? 0) >= maxBoxesOfTerminal) return
      const box = names.number(told.box)
      const rows = select.all(box)
      const mine = rows.find((row) => row.terminal === terminalNo)
      if (mine && told.next < mine.next) return
      // A daemon repeats what it last knew of a box that has gone to another; only a number that has risen shows that it is back.
      const wasAway =
        mine &&
        told.next > mine.next &&
        rows.some((row) => row !== mine && hadItLater(row, mine) && told.next >= row.next)
      const { fromAtMs, fromNext } = mine && !wasAway ? mine : { fromAtMs: told.atMs, fromNext: told.next }
      putBox.run(terminalNo, box)
      put.run(box, terminalNo, told.next, told.pending, told.atMs, fromAtMs, fromNext)
    },
  }
}
