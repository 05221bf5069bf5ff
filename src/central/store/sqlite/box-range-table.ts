import type { Database } from 'better-sqlite3'
import type { BoxShare, SeqRange } from '../custody.ts'
import type { KeptRows } from './kept-rows.ts'
import type { Names } from './names.ts'

type Row = { from: number; to: number; terminal: number | null }

const prepareSelect = (db: Database) =>
  db.prepare<[number], Row>(
    'SELECT from_seq AS "from", to_seq AS "to", terminal FROM box_range WHERE box = ? ORDER BY from_seq',
  )

/** Ranges of different terminals may touch each other. */
function mergeRows(rows: readonly Row[]): SeqRange[] {
  const merged: SeqRange[] = []
  for (const { from, to } of rows) {
    const last = merged.at(-1)
    if (last && last.to === from - 1) last.to = to
    else merged.push({ from, to })
  }
  return merged
}

/** What of `wanted` is in no row; both ascending. */
function subtractRows(wanted: readonly SeqRange[], rows: readonly Row[]): SeqRange[] {
  const pieces: SeqRange[] = []
  let at = 0
  for (const { from, to } of wanted) {
    let next = from
    while (at < rows.length && (rows[at] as Row).to < next) at += 1
    for (let i = at; i < rows.length && (rows[i] as Row).from <= to; i += 1) {
      const row = rows[i] as Row
      if (row.from > next) pieces.push({ from: next, to: row.from - 1 })
      next = row.to + 1
    }
    if (next <= to) pieces.push({ from: next, to })
  }
  return pieces
}

/** Which presses of a box are stored, as ranges by the terminal that delivered them first. */
export function makeBoxRangeReader(db: Database, names: Names) {
  const select = prepareSelect(db)
  const rowsOf = (box: string) => select.all(names.find(box) ?? -1)
  return {
    boxRanges: (box: string): SeqRange[] => mergeRows(rowsOf(box)),
    boxShares: (box: string): BoxShare[] =>
      rowsOf(box).map((row) => ({ ...row, terminal: row.terminal === null ? null : names.text(row.terminal) })),
  }
}

const maxBoxes = 50_000
/** A box that has more than these is read each time. */
const maxKeptRanges = 16

/** The rows of a box are kept, since each of its batches adds to them: nearly always to the end of the last. */
export function makeBoxRangeWriter(db: Database, names: Names, kept: KeptRows) {
  const select = prepareSelect(db)
  const put = db.prepare('INSERT OR REPLACE INTO box_range (box, from_seq, to_seq, terminal) VALUES (?, ?, ?, ?)')
  const drop = db.prepare('DELETE FROM box_range WHERE box = ? AND from_seq = ?')
  const putBox = db.prepare('INSERT OR IGNORE INTO terminal_box VALUES (?, ?)')
  const rowsOf = kept.makeMap<number, Row[]>(maxBoxes)

  function load(box: number): Row[] {
    const known = rowsOf.get(box)
    if (known) return known
    const rows = select.all(box)
    if (rows.length <= maxKeptRanges) rowsOf.set(box, rows)
    return rows
  }

  /** Joins a new range on to those of the same terminal that it touches. */
  function addRange(box: number, terminal: number, rows: readonly Row[], { from, to }: SeqRange): void {
    const below = rows.find((row) => row.terminal === terminal && row.to === from - 1)
    const above = rows.find((row) => row.terminal === terminal && row.from === to + 1)
    if (above) drop.run(box, above.from)
    put.run(box, below?.from ?? from, above?.to ?? to, terminal)
    if (below && !above) below.to = to
    else rowsOf.delete(box)
  }

  return {
    boxRanges: (box: string): SeqRange[] => mergeRows(load(names.find(box) ?? -1)),
    setBoxRanges(terminal: string, box: string, wanted: readonly SeqRange[]) {
      const [no, terminalNo] = [names.number(box), names.number(terminal)]
      let rows = load(no)
      const isKnown = rows.some((row) => row.terminal === terminalNo)
      for (const [i, piece] of subtractRows(wanted, rows).entries()) {
        if (i > 0) rows = load(no)
        addRange(no, terminalNo, rows, piece)
      }
      if (!isKnown) putBox.run(terminalNo, no)
    },
  }
}
