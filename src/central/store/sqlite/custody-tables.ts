import type { Database } from 'better-sqlite3'
import type { Cursor, LedgerCounters, Missing, Quarantined, SeqRange } from '../port.ts'
import type { Names } from './names.ts'

/** Queries over cursors, box ranges, missing and quarantined records and ledger counters, for either connection. */
export function makeCustodyReader(db: Database, names: Names) {
  const cursors = db.prepare<[number], { epoch: number; up_to: number }>(
    'SELECT epoch, up_to FROM cursor WHERE terminal = ? ORDER BY epoch',
  )
  const ranges = db.prepare<[number], SeqRange>(
    'SELECT from_seq AS "from", to_seq AS "to" FROM box_range WHERE box = ? ORDER BY from_seq',
  )
  const boxes = db.prepare<[number], number>('SELECT box FROM terminal_box WHERE terminal = ? ORDER BY box').pluck()
  const ledger = db.prepare<[number], Omit<LedgerCounters, 'terminal'>>(
    `SELECT stored, stored_touch AS storedTouch, repeated, quarantined, rejected, unplaced FROM ledger WHERE terminal = ?`,
  )
  const missing = db.prepare<[number], Omit<Missing, 'terminal' | 'epoch'> & { epoch: number }>(
    `SELECT epoch, from_seq AS "from", to_seq AS "to", cause, at_ms AS atMs FROM missing WHERE terminal = ? ORDER BY epoch, from_seq`,
  )
  const quarantined = db.prepare<[number], Omit<Quarantined, 'terminal' | 'epoch'> & { epoch: number }>(
    `SELECT epoch, sequence, stored, arrived, at_ms AS atMs FROM quarantined WHERE terminal = ? ORDER BY at_ms, epoch, sequence`,
  )
  const numberOf = (text: string) => names.find(text) ?? -1
  return {
    cursors: (terminal: string): Cursor[] =>
      cursors.all(numberOf(terminal)).map((row) => ({ terminal, epoch: names.text(row.epoch), upTo: row.up_to })),
    boxRanges: (box: string): SeqRange[] => ranges.all(numberOf(box)),
    boxesOf: (terminal: string): string[] => boxes.all(numberOf(terminal)).map((no) => names.text(no)),
    ledger(terminal: string): LedgerCounters {
      const none = { stored: 0, storedTouch: 0, repeated: 0, quarantined: 0, rejected: 0, unplaced: 0 }
      return { terminal, ...(ledger.get(numberOf(terminal)) ?? none) }
    },
    missing: (terminal: string): Missing[] =>
      missing.all(numberOf(terminal)).map((row) => ({ ...row, terminal, epoch: names.text(row.epoch) })),
    quarantined: (terminal: string): Quarantined[] =>
      quarantined.all(numberOf(terminal)).map((row) => ({ ...row, terminal, epoch: names.text(row.epoch) })),
  }
}

export function makeCustodyWriter(db: Database, names: Names) {
  const mark = db.prepare<[number, number], number>('SELECT up_to FROM cursor WHERE terminal = ? AND epoch = ?').pluck()
  const advance = db.prepare(`INSERT INTO cursor VALUES (?, ?, ?)
    ON CONFLICT (terminal, epoch) DO UPDATE SET up_to = excluded.up_to`)
  const ranges = db.prepare<[number], { from_seq: number; to_seq: number }>(
    'SELECT from_seq, to_seq FROM box_range WHERE box = ?',
  )
  const putRange = db.prepare('INSERT OR REPLACE INTO box_range VALUES (?, ?, ?)')
  const dropRange = db.prepare('DELETE FROM box_range WHERE box = ? AND from_seq = ?')
  const putBox = db.prepare('INSERT OR IGNORE INTO terminal_box VALUES (?, ?)')
  const insertMissing = db.prepare('INSERT OR IGNORE INTO missing VALUES (?, ?, ?, ?, ?, ?)')
  const insertQuarantined = db.prepare('INSERT OR IGNORE INTO quarantined VALUES (?, ?, ?, ?, ?, ?)')
  const addLedger = db.prepare(`INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (terminal) DO UPDATE SET
    stored = stored + excluded.stored, stored_touch = stored_touch + excluded.stored_touch,
    repeated = repeated + excluded.repeated, quarantined = quarantined + excluded.quarantined,
    rejected = rejected + excluded.rejected, unplaced = unplaced + excluded.unplaced`)
  return {
    lockCursor: (terminal: string, epoch: string): number =>
      mark.get(names.find(terminal) ?? -1, names.find(epoch) ?? -1) ?? 0,
    advanceCursor: ({ terminal, epoch, upTo }: Cursor) =>
      advance.run(names.number(terminal), names.number(epoch), upTo),
    /** Writes only what differs: a box has one range after years of work, or hundreds after a bad month. */
    setBoxRanges(terminal: string, box: string, wanted: readonly SeqRange[]) {
      const no = names.number(box)
      const old = new Map(ranges.all(no).map((row) => [row.from_seq, row.to_seq]))
      for (const { from, to } of wanted) {
        if (old.get(from) !== to) putRange.run(no, from, to)
        old.delete(from)
      }
      for (const from of old.keys()) dropRange.run(no, from)
      putBox.run(names.number(terminal), no)
    },
    insertMissing: ({ terminal, epoch, from, to, cause, atMs }: Missing) =>
      insertMissing.run(names.number(terminal), names.number(epoch), from, to, cause, atMs),
    insertQuarantined: ({ terminal, epoch, sequence, stored, arrived, atMs }: Quarantined): boolean =>
      insertQuarantined.run(names.number(terminal), names.number(epoch), sequence, stored, arrived, atMs).changes === 1,
    addLedger(terminal: string, delta: Partial<Omit<LedgerCounters, 'terminal'>>) {
      const { stored = 0, storedTouch = 0, repeated = 0, quarantined = 0, rejected = 0, unplaced = 0 } = delta
      addLedger.run(names.number(terminal), stored, storedTouch, repeated, quarantined, rejected, unplaced)
    },
  }
}
