import type { Database } from 'better-sqlite3'
import type { BootSpan } from '../port.ts'
import type { Names } from './names.ts'

type BootRow = Omit<BootSpan, 'boot'> & { bootNo: number }

/** The boots of terminals, in order. */
export function makeBootTable(db: Database, names: Names) {
  const select = `SELECT boot AS bootNo, no, last_no AS lastNo, first_mono_ms AS firstMonoMs, last_mono_ms AS lastMonoMs,
    from_ms AS fromMs, to_ms AS toMs, settled_ms AS settledMs FROM boot_span`
  const byName = db.prepare<[number, number], BootRow>(`${select} WHERE terminal = ? AND boot = ?`)
  const newest = db.prepare<[number], number>('SELECT max(no) FROM boot_span WHERE terminal = ?').pluck()
  const between = db.prepare<[number, number, number], BootRow>(
    `${select} WHERE terminal = ? AND no BETWEEN ? AND ? ORDER BY no`,
  )
  // An older boot spoke again after this one: nobody knows after which it was.
  const isLate = (no: string) =>
    `EXISTS (SELECT 1 FROM boot_span AS older WHERE older.terminal = @terminal AND older.no < ${no} AND older.last_no >= ${no})`
  const before = db.prepare<[{ terminal: number; no: number }], BootRow>(
    `${select} WHERE terminal = @terminal AND no < @no AND last_no < @no AND NOT ${isLate('@no')} ORDER BY no DESC LIMIT 1`,
  )
  const after = db.prepare<[{ terminal: number; lastNo: number }], BootRow>(
    `${select} WHERE terminal = @terminal AND no > @lastNo AND NOT ${isLate('boot_span.no')} ORDER BY no LIMIT 1`,
  )
  const put = db.prepare('INSERT OR REPLACE INTO boot_span VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')

  function toSpan(row: BootRow | undefined): BootSpan | null {
    if (!row) return null
    const { bootNo, ...span } = row
    return { boot: names.text(bootNo), ...span }
  }
  return {
    span: (terminal: string, boot: string) => toSpan(byName.get(names.find(terminal) ?? -1, names.find(boot) ?? -1)),
    newestNo: (terminal: string): number => newest.get(names.find(terminal) ?? -1) ?? 0,
    between: (terminal: string, fromNo: number, toNo: number) =>
      between.all(names.find(terminal) ?? -1, fromNo, toNo).map((row) => toSpan(row) as BootSpan),
    before: (terminal: string, { no }: BootSpan) => toSpan(before.get({ terminal: names.find(terminal) ?? -1, no })),
    after: (terminal: string, { lastNo }: BootSpan) =>
      toSpan(after.get({ terminal: names.find(terminal) ?? -1, lastNo })),
    put(terminal: string, { boot, no, lastNo, firstMonoMs, lastMonoMs, fromMs, toMs, settledMs }: BootSpan) {
      const key = [names.number(terminal), no, names.number(boot), lastNo]
      put.run(...key, firstMonoMs, lastMonoMs, fromMs, toMs, settledMs)
    },
  }
}
