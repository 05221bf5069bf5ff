import type { Database } from 'better-sqlite3'
import type { NewRecord } from '../../contracts/records.ts'
import { formatRow, type RecordBody, type RecordRow, sealRow } from './record-row.ts'

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

export const insertRecordSql = `
  INSERT INTO records (ordinal, sequence, kind, boot, mono_ms, wall_ms, box, box_seq, touch_id, content, crc)
  VALUES (:ordinal, :sequence, :kind, :boot, :mono_ms, :wall_ms, :box, :box_seq, :touch_id, :content, :crc)`

/** @param drawEpoch 16 random hex digits */
export function makeRecordAppender(db: Database, drawEpoch: () => string): RecordAppender {
  const findBoxPress = db
    .prepare<[string | null, number | null], string>('SELECT content FROM records WHERE box = ? AND box_seq = ?')
    .pluck()
  const findLast = db.prepare<[string], number | null>('SELECT max(box_seq) FROM records WHERE box = ?').pluck()
  const readNote = db.prepare<[string], string>('SELECT content FROM notes WHERE name = ?').pluck()
  const noteLast = db.prepare(`
    INSERT INTO notes (name, content) VALUES (:name, :last) ON CONFLICT (name) DO UPDATE
    SET content = excluded.content WHERE CAST(content AS INTEGER) < CAST(excluded.content AS INTEGER)`)
  // From the rows where there are any: the note may have been lost with a damaged file, or be younger than they are.
  const noteFirst = db.prepare(`
    INSERT OR IGNORE INTO notes (name, content)
    SELECT :name, CAST(min(:seq, ifnull((SELECT min(box_seq) FROM records WHERE box = :box), :seq)) AS TEXT)`)
  const begun = new Set<string>()
  const findTouch = db.prepare('SELECT 1 FROM records WHERE touch_id = ?')
  const insertEpoch = db.prepare('INSERT INTO epochs (epoch) VALUES (?)')
  const takeSequence = db
    .prepare<[number], number>('UPDATE epochs SET next = next + 1 WHERE ordinal = ? RETURNING next - 1')
    .pluck()
  const insertRecord = db.prepare<[RecordRow]>(insertRecordSql)
  const countTouch = db.prepare(`
    INSERT INTO notes (name, content) VALUES ('touch-issued', '1')
    ON CONFLICT (name) DO UPDATE SET content = CAST(CAST(content AS INTEGER) + 1 AS TEXT)`)

  let current: { epoch: string; ordinal: number | null } = { epoch: drawEpoch(), ordinal: null }

  function isRepeat(row: RecordBody): boolean {
    if (row.box !== null) return findBoxPress.get(row.box, row.box_seq) !== undefined
    return row.touch_id !== null && findTouch.get(row.touch_id) !== undefined
  }

  const write = db.transaction((row: RecordBody): number => {
    const ordinal = current.ordinal ?? Number(insertEpoch.run(current.epoch).lastInsertRowid)
    insertRecord.run(sealRow(row, ordinal, takeSequence.get(ordinal) as number))
    if (row.touch_id !== null) countTouch.run()
    // The rows go when they have been delivered long ago; the central knows their names for ever.
    if (row.box !== null) {
      noteLast.run({ name: lastNoteOf(row.box), last: String(row.box_seq) })
      if (!begun.has(row.box)) noteFirst.run({ name: firstNoteOf(row.box), box: row.box, seq: row.box_seq })
    }
    return ordinal
  })

  function append(record: NewRecord): Appended {
    const row = formatRow(record)
    if (isRepeat(row)) return 'repeat'
    // Only after the COMMIT: a rolled back epoch has no row to refer to.
    current.ordinal = write.immediate(row)
    if (row.box !== null) begun.add(row.box)
    return 'stored'
  }

  return {
    epoch: () => current.epoch,
    append,
    appendBoxPress(record) {
      const content = findBoxPress.get(record.box, record.boxSeq)
      return content !== undefined && !isSaidAgain(content, record) ? 'reused' : append(record)
    },
    lastBoxSeq: (box) => Math.max(findLast.get(box) ?? 0, Number(readNote.get(lastNoteOf(box)) ?? 0)),
    endEpoch() {
      current = { epoch: drawEpoch(), ordinal: null }
    },
  }
}

const lastNoteOf = (box: string): string => `box-last ${box}`
/** Numbers of a box below it were taken by another terminal or card. */
const firstNoteOf = (box: string): string => `box-first ${box}`

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
