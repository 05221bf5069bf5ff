import type { Database } from 'better-sqlite3'
import { parseRow, type RecordRow } from './record-row.ts'

export type EarlierPress = { boot: string; monoMs: number; spreadMs: number | null }

/** Finds the press that a box committed before another one, as far as it is still here. */
export function makePressBefore(db: Database): (box: string, boxSeq: number) => EarlierPress | null {
  const find = db.prepare<[string, number], RecordRow>(
    'SELECT * FROM records WHERE box = ? AND box_seq < ? ORDER BY box_seq DESC LIMIT 1',
  )
  return (box, boxSeq) => {
    const row = find.get(box, boxSeq)
    const record = row ? parseRow(row) : null
    return record?.kind === 'press' ? { boot: record.boot, monoMs: record.monoMs, spreadMs: record.spreadMs } : null
  }
}
