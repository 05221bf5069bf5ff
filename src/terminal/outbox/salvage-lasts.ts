import type { Database } from 'better-sqlite3'
import { raiseNote } from './notes.ts'
import { type Cell, readCells } from './read-page.ts'

const maxSequence = 0xffff_fffe

/** A cell of the index over presses by box: box, boxSeq, ordinal, sequence. */
function toPress({ rowid, values }: Cell): { box: string; seq: number } | null {
  const [box, seq, ...place] = values
  if (rowid !== null || place.length !== 2 || !place.every((number) => typeof number === 'number' && number > 0))
    return null
  if (typeof box !== 'string' || !/^[0-9a-f]{8}$/.test(box)) return null
  return typeof seq === 'number' && seq > 0 && seq <= maxSequence ? { box, seq } : null
}

/**
 * The highest number of each box by the index over presses, which stands on other pages than the rows and outlives them.
 *
 * An index has no checksums. A number that one changed byte has raised would have the box taken for one that was set back and its presses
 * refused; so a number counts only where the one below it stands there too.
 */
function findLasts(pages: Iterable<Buffer>, known: ReadonlyMap<string, number>): Map<string, number> {
  const lasts = new Map(known)
  const alone: { box: string; seq: number }[] = []
  const raise = ({ box, seq }: { box: string; seq: number }) => lasts.set(box, Math.max(seq, lasts.get(box) ?? 0))
  for (const page of pages) {
    const presses = readCells(page)
      .map(toPress)
      .filter((press) => press !== null)
    for (const [i, press] of presses.entries()) {
      const before = presses[i - 1]
      if (before?.box === press.box && before.seq === press.seq - 1) raise(press)
      // The first of a page, and those that part pages, follow one that stands elsewhere.
      else alone.push(press)
    }
  }
  for (const press of alone.sort((a, b) => a.seq - b.seq)) {
    if (lasts.get(press.box) === press.seq - 1) raise(press)
  }
  return lasts
}

/** Notes how far the boxes of a damaged database had come, where the rows that told it are gone. @param pages of that database */
export function salvageLasts(db: Database, pages: Iterable<Buffer>): void {
  const rows = db
    .prepare<[], { box: string; last: number }>(
      'SELECT box, max(box_seq) AS last FROM records WHERE box IS NOT NULL GROUP BY box',
    )
    .all()
  const write = db.prepare(`INSERT INTO notes (name, content) VALUES (?, ?) ${raiseNote}`)
  const known = new Map(rows.map(({ box, last }) => [box, last]))
  for (const [box, last] of findLasts(pages, known)) write.run(`box-last ${box}`, String(last))
}
