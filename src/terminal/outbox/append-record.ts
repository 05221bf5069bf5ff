import Sqlite, { type Database } from 'better-sqlite3'
import type { NewRecord } from '../../contracts/records.ts'
import {
  formatRow,
  insertRecordSql,
  isIntact,
  type RecordBody,
  type RecordRow,
  type RowValues,
  sealRow,
} from './record-row.ts'

/** `repeat`: this press of the box, or this touch, is already here; nothing was written. */
export type Appended = 'stored' | 'repeat'

/**
 * A press with the button that the box named. It stays in the database: what the box said tells a repeat from another
 * press under the same name, also when by then another survey gives the same button another value.
 */
export type BoxPressRecord = Extract<NewRecord, { kind: 'press' }> & { source: 'box'; button: number }

export type RecordAppender = {
  /** The epoch of records appended now; its row exists from the first of them. */
  epoch(): string
  append(record: NewRecord): Appended
  /** `reused`: under this name another press is here, with another button or other flags; nothing was written. */
  appendBoxPress(record: BoxPressRecord): Appended | 'reused'
  /** Highest sequence of a box that was ever here, 0 for none. */
  lastBoxSeq(box: string): number
  /** The next record begins a fresh epoch. */
  endEpoch(): void
}

/** `ordinal`: null before its first record. `next`: sequence of the next one. */
type Epoch = { epoch: string; ordinal: number | null; next: number }

/** Whether a press is here already is for the unique indexes to say: to look first would be a second search of each press. */
const appendRecordSql = `${insertRecordSql}
  ON CONFLICT (box, box_seq) WHERE box IS NOT NULL DO NOTHING
  ON CONFLICT (touch_id) WHERE touch_id IS NOT NULL DO NOTHING`

/** @param drawEpoch 16 random hex digits */
export function makeRecordAppender(db: Database, drawEpoch: () => string): RecordAppender {
  const findStored = makeStoredFinder(db)
  const findLast = db.prepare<[string], number | null>('SELECT max(box_seq) FROM records WHERE box = ?').pluck()
  const readNote = db.prepare<[string], string>('SELECT content FROM notes WHERE name = ?').pluck()
  // From the rows where there are any: the note may have been lost with a damaged file, or be younger than they are.
  const noteFirst = db.prepare(`
    INSERT OR IGNORE INTO notes (name, content)
    SELECT :name, CAST(min(:seq, ifnull((SELECT min(box_seq) FROM records WHERE box = :box), :seq)) AS TEXT)`)
  const begun = new Set<string>()
  const begin = db.prepare('BEGIN IMMEDIATE')
  const commit = db.prepare('COMMIT')
  const rollback = db.prepare('ROLLBACK')
  const insertEpoch = db.prepare('INSERT INTO epochs (epoch) VALUES (?)')
  const takeSequence = db.prepare<[number, number, number]>('UPDATE epochs SET next = ? WHERE ordinal = ? AND next = ?')
  const insertRecord = db.prepare<RowValues>(appendRecordSql)
  const countTouch = db.prepare(`
    INSERT INTO notes (name, content) VALUES ('touch-issued', '1')
    ON CONFLICT (name) DO UPDATE SET content = CAST(CAST(content AS INTEGER) + 1 AS TEXT)`)

  let current: Epoch = { epoch: drawEpoch(), ordinal: null, next: 1 }

  /** @returns whether the row is new; else nothing is to be committed */
  function insert(row: RecordBody, ordinal: number): boolean {
    const { next } = current
    if (insertRecord.run(...sealRow(row, ordinal, next)).changes === 0) return false
    if (takeSequence.run(next + 1, ordinal, next).changes !== 1)
      throw new Error(`epoch ${current.epoch} is not at ${next}`)
    if (row.touch_id !== null) countTouch.run()
    if (row.box !== null && !begun.has(row.box))
      noteFirst.run({ name: `box-first ${row.box}`, box: row.box, seq: row.box_seq })
    return true
  }

  /** @returns the row that is there already; null where this one was stored */
  function store(row: RecordBody): RecordRow | null {
    begin.run()
    try {
      const ordinal = current.ordinal ?? Number(insertEpoch.run(current.epoch).lastInsertRowid)
      const isNew = insert(row, ordinal)
      const end = isNew ? commit : rollback
      end.run()
      if (!isNew) return findStored(row)
      // Only after the COMMIT: a rolled back epoch has no row to refer to.
      current = { epoch: current.epoch, ordinal, next: current.next + 1 }
    } catch (error) {
      if (db.inTransaction) rollback.run()
      throw error
    }
    if (row.box !== null) begun.add(row.box)
    return null
  }

  return {
    epoch: () => current.epoch,
    append: (record) => (store(formatRow(record)) ? 'repeat' : 'stored'),
    appendBoxPress(record) {
      const stored = store(formatRow(record))
      if (!stored) return 'stored'
      return isSaidAgain(stored.content, record) ? 'repeat' : 'reused'
    },
    lastBoxSeq: (box) => Math.max(findLast.get(box) ?? 0, Number(readNote.get(lastNoteOf(box)) ?? 0)),
    endEpoch() {
      current = { epoch: drawEpoch(), ordinal: null, next: 1 }
    },
  }
}

/**
 * Makes the function that finds the row a unique index has found there already.
 *
 * An index may name a row that the card has lost, of which SQLite's own checks see nothing. What is answered with `repeat` is forgotten by
 * whoever said it, so that only a row that can still be delivered is one. A database that was written anew has both or neither.
 *
 * @throws SqliteError `SQLITE_CORRUPT_INDEX` where there is none
 */
function makeStoredFinder(db: Database): (row: RecordBody) => RecordRow {
  const byBox = db.prepare<[string, number | null], RecordRow>('SELECT * FROM records WHERE box = ? AND box_seq = ?')
  const byTouch = db.prepare<[string | null], RecordRow>('SELECT * FROM records WHERE touch_id = ?')
  return ({ box, box_seq, touch_id }) => {
    const stored = box === null ? byTouch.get(touch_id) : byBox.get(box, box_seq)
    if (stored && isIntact(stored)) return stored
    throw new Sqlite.SqliteError('an index names a record that is not there', 'SQLITE_CORRUPT_INDEX')
  }
}

const lastNoteOf = (box: string): string => `box-last ${box}`

/** By what the box says alone: question, revision and value may be others by now. */
function isSaidAgain(content: string, { button, flags }: BoxPressRecord): boolean {
  try {
    const stored = JSON.parse(content) as { button?: number; flags?: number }
    return stored.flags === flags && (stored.button === undefined || stored.button === button)
  } catch {
    // Of a row from before there were checksums; it is reported as lost, and its repeat must not hold the box up.
    return true
  }
}
