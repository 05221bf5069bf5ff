import { crc32 } from 'node:zlib'
import type { NewRecord, TerminalRecord } from '../../contracts/records.ts'

/** A record as the table `records` keeps it; `content` is the JSON of what only its kind has. */
export type RecordRow = {
  ordinal: number
  sequence: number
  kind: string
  boot: string
  mono_ms: number
  wall_ms: number
  box: string | null
  box_seq: number | null
  touch_id: string | null
  content: string
  /** null in rows written before there were checksums. */
  crc: number | null
}

/** Its parameters are the values of a row in this order (`sealRow`): to bind them by name takes as long as to write a page. */
export const insertRecordSql = `
  INSERT INTO records (ordinal, sequence, kind, boot, mono_ms, wall_ms, box, box_seq, touch_id, content, crc)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
export type RowValues = (string | number | null)[]

/** A row before it has its place. */
export type RecordBody = Omit<RecordRow, 'ordinal' | 'sequence' | 'crc'>
/** `button`: as the box named it, where it is to be kept. */
type BoxPress = Extract<NewRecord, { kind: 'press'; source: 'box' }> & { button?: number }

export function formatRow(record: NewRecord): RecordBody {
  if (record.kind === 'press' && record.source === 'box') return formatBoxPress(record)
  const { kind, boot, monoMs, wallMs, ...rest } = record
  const row = { kind, boot, mono_ms: monoMs, wall_ms: wallMs, box: null, box_seq: null }
  if (!('source' in rest)) return { ...row, touch_id: null, content: JSON.stringify(rest) }
  const { touchId, source: _, ...content } = rest
  return { ...row, touch_id: touchId, content: JSON.stringify(content) }
}

/** What every press of the box goes through, one by one: field by field, since to spread an object takes as long as to write a page. */
function formatBoxPress(record: BoxPress): RecordBody {
  const { spreadMs, question, surveyRevision, value, flags, button } = record
  const told = button === undefined ? '' : `,"button":${button}`
  return {
    kind: record.kind,
    boot: record.boot,
    mono_ms: record.monoMs,
    wall_ms: record.wallMs,
    box: record.box,
    box_seq: record.boxSeq,
    touch_id: null,
    content: `{"spreadMs":${spreadMs},"question":${JSON.stringify(question)},"surveyRevision":${surveyRevision},"value":${value},"flags":${flags}${told}}`,
  }
}

/**
 * A row in its place, as the parameters of `insertRecordSql`. Its last value is a CRC-32 over the others: SQLite finds damage to its pages'
 * structure, not to what stands in them.
 */
export function sealRow(row: RecordBody, ordinal: number, sequence: number): RowValues {
  const values: RowValues = placeRow(row, ordinal, sequence)
  values.push(crc32(JSON.stringify(values)))
  return values
}

function placeRow(row: RecordBody, ordinal: number, sequence: number): RowValues {
  const { kind, boot, mono_ms, wall_ms, box, box_seq, touch_id, content } = row
  return [ordinal, sequence, kind, boot, mono_ms, wall_ms, box, box_seq, touch_id, content]
}

/** Whether a row is as it was written, as far as it can tell. */
export const isIntact = (row: RecordRow): boolean =>
  row.crc === null || row.crc === crc32(JSON.stringify(placeRow(row, row.ordinal, row.sequence)))

function readOrigin(row: RecordRow): object {
  if (row.box !== null) return { source: 'box', box: row.box, boxSeq: row.box_seq }
  return row.touch_id === null ? {} : { source: 'touch', touchId: row.touch_id }
}

/** @returns null for a row that a failing card has changed */
export function parseRow(row: RecordRow): TerminalRecord | null {
  const { sequence, kind, boot, mono_ms: monoMs, wall_ms: wallMs } = row
  if (!isIntact(row)) return null
  try {
    const content = JSON.parse(row.content) as object
    return { sequence, kind, boot, monoMs, wallMs, ...readOrigin(row), ...content } as TerminalRecord
  } catch {
    return null
  }
}
