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

/** A row before it has its place. */
export type RecordBody = Omit<RecordRow, 'ordinal' | 'sequence' | 'crc'>
type Origin = Pick<RecordRow, 'box' | 'box_seq' | 'touch_id'>
const noOrigin: Origin = { box: null, box_seq: null, touch_id: null }

export function formatRow(record: NewRecord): RecordBody {
  const { kind, boot, monoMs, wallMs, ...rest } = record
  const row = { kind, boot, mono_ms: monoMs, wall_ms: wallMs }
  if (!('source' in rest)) return { ...row, ...noOrigin, content: JSON.stringify(rest) }
  if (rest.source === 'box') {
    const { box, boxSeq, source: _, ...content } = rest
    return { ...row, ...noOrigin, box, box_seq: boxSeq, content: JSON.stringify(content) }
  }
  const { touchId, source: _, ...content } = rest
  return { ...row, ...noOrigin, touch_id: touchId, content: JSON.stringify(content) }
}

/** CRC-32 over a row in its place: SQLite finds damage to its pages' structure, not to what stands in them. */
export function sealRow(body: RecordBody, ordinal: number, sequence: number): RecordRow {
  return { ...body, ordinal, sequence, crc: checksumOf(body, ordinal, sequence) }
}

function checksumOf(row: RecordBody, ordinal: number, sequence: number): number {
  const { kind, boot, mono_ms, wall_ms, box, box_seq, touch_id, content } = row
  return crc32(JSON.stringify([ordinal, sequence, kind, boot, mono_ms, wall_ms, box, box_seq, touch_id, content]))
}

/** Whether a row is as it was written, as far as it can tell. */
export const isIntact = (row: RecordRow): boolean =>
  row.crc === null || row.crc === checksumOf(row, row.ordinal, row.sequence)

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
