import type { Database } from 'better-sqlite3'
import type { TerminalRecord } from '../../../contracts/records.ts'
import type { StoredRecord } from '../port.ts'
import type { Names } from './names.ts'

type RecordRow = {
  sequence: number
  kind: string
  boot: number
  mono_ms: number
  wall_ms: number
  body: string | null
}

/** Records other than presses as they came, and the tombstones of rejected ones. The members of a kind are a JSON text. */
export function makeRecordTable(db: Database, names: Names) {
  const insert = db.prepare('INSERT INTO record_row VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const select = db.prepare<[number, number, number, number], RecordRow>(
    `SELECT sequence, kind, boot, mono_ms, wall_ms, body FROM record_row
      WHERE terminal = ? AND epoch = ? AND sequence BETWEEN ? AND ? AND kind <> 'tombstone'`,
  )
  const selectTombstones = db.prepare<[number, number, number, number], { sequence: number; body: string }>(
    `SELECT sequence, body FROM record_row
      WHERE terminal = ? AND epoch = ? AND sequence BETWEEN ? AND ? AND kind = 'tombstone' ORDER BY sequence`,
  )
  const keyOf = (terminal: string, epoch: string): [number, number] => [
    names.find(terminal) ?? -1,
    names.find(epoch) ?? -1,
  ]
  return {
    insert({ terminal, epoch, record, receivedAtMs }: StoredRecord) {
      const { kind, sequence, boot, monoMs, wallMs, ...rest } = record
      const body = kind === 'tick' ? null : JSON.stringify(rest)
      const key = [names.number(terminal), names.number(epoch), sequence]
      insert.run(...key, kind, names.number(boot), monoMs, wallMs, receivedAtMs, body)
    },
    insertTombstone(terminal: string, epoch: string, sequence: number, reason: string) {
      const key = [names.number(terminal), names.number(epoch), sequence]
      insert.run(...key, 'tombstone', null, null, null, null, reason)
    },
    between(terminal: string, epoch: string, from: number, to: number): TerminalRecord[] {
      return select.all(...keyOf(terminal, epoch), from, to).map((row) => {
        const { sequence, kind, mono_ms: monoMs, wall_ms: wallMs, body } = row
        const common = { sequence, kind, boot: names.text(row.boot), monoMs, wallMs }
        return { ...common, ...(body !== null && JSON.parse(body)) } as TerminalRecord
      })
    },
    tombstonesBetween(terminal: string, epoch: string, from: number, to: number): Map<number, string> {
      return new Map(
        selectTombstones.all(...keyOf(terminal, epoch), from, to).map((row) => [row.sequence, row.body] as const),
      )
    },
  }
}
