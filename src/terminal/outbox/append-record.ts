import type { Database } from 'better-sqlite3'
import type { NewRecord } from '../../contracts/records.ts'
import { formatRow, type RecordRow } from './record-row.ts'

/** `repeat`: this press of the box, or this touch, is already here; nothing was written. */
export type Appended = 'stored' | 'repeat'

export type RecordAppender = {
  /** The epoch of records appended now; its row exists from the first of them. */
  epoch(): string
  append(record: NewRecord): Appended
  /** Highest sequence of a box that is here, 0 for none. */
  lastBoxSeq(box: string): number
  /** The next record begins a fresh epoch. */
  endEpoch(): void
}

/** @param drawEpoch 16 random hex digits */
export function makeRecordAppender(db: Database, drawEpoch: () => string): RecordAppender {
  const findBoxPress = db.prepare('SELECT 1 FROM records WHERE box = ? AND box_seq = ?')
  const findLast = db.prepare<[string], number | null>('SELECT max(box_seq) FROM records WHERE box = ?').pluck()
  const findTouch = db.prepare('SELECT 1 FROM records WHERE touch_id = ?')
  const insertEpoch = db.prepare('INSERT INTO epochs (epoch) VALUES (?)')
  const takeSequence = db
    .prepare<[number], number>('UPDATE epochs SET next = next + 1 WHERE ordinal = ? RETURNING next - 1')
    .pluck()
  const insertRecord = db.prepare<[RecordRow & { ordinal: number }]>(`
    INSERT INTO records (ordinal, sequence, kind, boot, mono_ms, wall_ms, box, box_seq, touch_id, content)
    VALUES (:ordinal, :sequence, :kind, :boot, :mono_ms, :wall_ms, :box, :box_seq, :touch_id, :content)`)
  const countTouch = db.prepare(`
    INSERT INTO notes (name, content) VALUES ('touch-issued', '1')
    ON CONFLICT (name) DO UPDATE SET content = CAST(CAST(content AS INTEGER) + 1 AS TEXT)`)

  let current: { epoch: string; ordinal: number | null } = { epoch: drawEpoch(), ordinal: null }

  function isRepeat(row: Omit<RecordRow, 'sequence'>): boolean {
    if (row.box !== null) return findBoxPress.get(row.box, row.box_seq) !== undefined
    return row.touch_id !== null && findTouch.get(row.touch_id) !== undefined
  }

  const write = db.transaction((row: Omit<RecordRow, 'sequence'>): number => {
    const ordinal = current.ordinal ?? Number(insertEpoch.run(current.epoch).lastInsertRowid)
    insertRecord.run({ ...row, ordinal, sequence: takeSequence.get(ordinal) as number })
    if (row.touch_id !== null) countTouch.run()
    return ordinal
  })

  return {
    epoch: () => current.epoch,
    append(record) {
      const row = formatRow(record)
      if (isRepeat(row)) return 'repeat'
      // Only after the COMMIT: a rolled back epoch has no row to refer to.
      current.ordinal = write.immediate(row)
      return 'stored'
    },
    lastBoxSeq: (box) => findLast.get(box) ?? 0,
    endEpoch() {
      current = { epoch: drawEpoch(), ordinal: null }
    },
  }
}
