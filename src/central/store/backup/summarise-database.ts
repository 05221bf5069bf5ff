import type { Database } from 'better-sqlite3'
import type { TallyClass } from '../port.ts'

/** What a copy of the database must agree in with its original, and what tells people how old and how large it is. */
export type DatabaseSummary = {
  /** Rows by table. */
  rows: Record<string, number>
  /**
   * Presses in tallies, and presses by their rows, over all dates. They are equal until retention deletes presses: rows may then be
   * fewer, never more.
   */
  tallies: Record<TallyClass, { tallied: number; stored: number }>
  newestReceivedAtMs: number | null
}

const sumOfCounts = Array.from({ length: 11 }, (_, value) => `n${value}`).join(' + ')

/** Reads every press once; a database of any schema since the first. To be called inside a transaction, so that all numbers are of one moment. */
export function summariseDatabase(db: Database): DatabaseSummary {
  const count = (sql: string) => db.prepare<[], number | null>(sql).pluck().get() ?? 0
  const tables = db
    .prepare<[], string>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )
    .pluck()
    .all()
  const tallied = (classNo: number) => count(`SELECT sum(${sumOfCounts}) FROM tally WHERE class = ${classNo}`)
  const presses = db
    .prepare<[], { raw: number; counted: number; uncertain: number; newest: number | null }>(
      `SELECT count(CASE WHEN class = 0 AND is_repeat = 0 THEN 1 END) AS raw,
        count(CASE WHEN class = 0 AND is_repeat = 0 AND label = 0 THEN 1 END) AS counted,
        count(CASE WHEN class = 2 AND is_repeat = 0 THEN 1 END) AS uncertain, max(received_at_ms) AS newest FROM press_row`,
    )
    .get()
  return {
    rows: Object.fromEntries(tables.map((table) => [table, count(`SELECT count(*) FROM "${table}"`)])),
    tallies: {
      raw: { tallied: tallied(0), stored: presses?.raw ?? 0 },
      counted: { tallied: tallied(1), stored: presses?.counted ?? 0 },
      uncertain: { tallied: tallied(2), stored: presses?.uncertain ?? 0 },
    },
    newestReceivedAtMs: presses?.newest ?? null,
  }
}
