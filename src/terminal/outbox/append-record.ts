import type { Database } from 'better-sqlite3'
import type { NewRecord } from '../../contracts/records.ts'
import { formatRow, insertRecordSql, type RecordBody, type RowValues, sealRow } from './record-row.ts'

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
  const findBoxPress = db
    .prepare<[string, number], string>('SELECT content FROM records WHERE box = ? AND box_seq = ?')
    .pluck()
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

  function append(record: NewRecord): Appended {
    const row = formatRow(record)
    begin.run()
    try {
      const ordinal = current.ordinal ?? Number(insertEpoch.run(current.epoch).lastInsertRowid)
      const isNew = insert(row, ordinal)
      const end = isNew ? commit : rollback
      end.run()
      if (!isNew) return 'repeat'
      // Only after the COMMIT: a rolled back epoch has no row to refer to.
      current = { epoch: current.epoch, ordinal, next: current.next + 1 }
    } catch (error) {
      if (db.inTransaction) rollback.run()
      throw error
    }
    if (row.box !== null) begun.add(row.box)
    return 'stored'
  }

  return {
    epoch: () => current.epoch,
    append,
    appendBoxPress(record) {
      const appended = append(record)
      if (appended === 'stored') return appended
      const content = findBoxPress.get(record.box, record.boxSeq)
      return content !== undefined && !isSaidAgain(content, record) ? 'reused' : 'repeat'
    },
    lastBoxSeq: (box) => Math.max(findLast.get(box) ?? 0, Number(readNote.get(lastNoteOf(box)) ?? 0)),
    endEpoch() {
      current = { epoch: drawEpoch(), ordinal: null, next: 1 }
    },
  }
}

const lastNoteOf = (box: string): string => `box-last ${box}`

/** By what the box says alone: question, revision and value may be others by now. */
function isSaidAgain(content: string, { button, flags }: BoxPressRecord): boolean {
  try {
    const stored = JSON.parse(content) as { button?: number; flags?: number }
    return stored.flags === flags && (stored.button === undefined || stored.button === button)
  } catch {
    // A row that a failing card has made unreadable is reported as lost; its repeat must not hold the box up.
    return true
  }
}
