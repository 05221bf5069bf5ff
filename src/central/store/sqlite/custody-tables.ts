import type { Database } from 'better-sqlite3'
import type { Cursor, LedgerCounters, Missing, MissingSpan, Quarantined } from '../custody.ts'
import { makeBoxRangeReader, makeBoxRangeWriter } from './box-range-table.ts'
import { makeBoxToldReader, makeBoxToldWriter } from './box-told-table.ts'
import type { KeptRows } from './kept-rows.ts'
import { makeMissingPressReader, makeMissingPressWriter } from './missing-press-table.ts'
import type { Names } from './names.ts'

/** Queries over cursors, box ranges, missing and quarantined records and ledger counters, for either connection. */
export function makeCustodyReader(db: Database, names: Names) {
  const cursors = db.prepare<[number], { epoch: number; up_to: number }>(
    'SELECT epoch, up_to FROM cursor WHERE terminal = ? ORDER BY epoch',
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
  // Of what a box refused since its boot, another terminal may have told a part, before the box was moved here with its power on.
  const refused = db
    .prepare<[number], number>(
      `SELECT total(refused - coalesce((
          SELECT max(before.refused) FROM box_refusal AS before INDEXED BY refusal_by_box
            WHERE before.box = own.box AND before.boot = own.boot AND before.terminal <> own.terminal
              AND (before.refused < own.refused OR (before.refused = own.refused AND before.terminal < own.terminal))
        ), 0)) FROM box_refusal AS own WHERE own.terminal = ?`,
    )
    .pluck()
  const nextTo = (comparison: '<' | '>', order: 'DESC' | 'ASC') =>
    db.prepare<[number, number, number], { box: number; boxSeq: number }>(
      `SELECT box, box_seq AS boxSeq FROM press_row
        WHERE terminal = ? AND epoch = ? AND sequence ${comparison} ? AND box IS NOT NULL ORDER BY sequence ${order} LIMIT 1`,
    )
  const [below, above] = [nextTo('<', 'DESC'), nextTo('>', 'ASC')]
  const numberOf = (text: string) => names.find(text) ?? -1
  const toNamed = (row: { box: number; boxSeq: number } | undefined) =>
    row ? { box: names.text(row.box), boxSeq: row.boxSeq } : null
  return {
    ...makeBoxRangeReader(db, names),
    ...makeBoxToldReader(db, names),
    ...makeMissingPressReader(db, names),
    cursors: (terminal: string): Cursor[] =>
      cursors.all(numberOf(terminal)).map((row) => ({ terminal, epoch: names.text(row.epoch), upTo: row.up_to })),
    boxesOf: (terminal: string): string[] => boxes.all(numberOf(terminal)).map((no) => names.text(no)),
    ledger(terminal: string): LedgerCounters {
      const none = { stored: 0, storedTouch: 0, repeated: 0, quarantined: 0, rejected: 0, unplaced: 0 }
      return { terminal, ...(ledger.get(numberOf(terminal)) ?? none) }
    },
    missing: (terminal: string): Missing[] =>
      missing.all(numberOf(terminal)).map((row) => ({ ...row, terminal, epoch: names.text(row.epoch) })),
    missingSpans(terminal: string): MissingSpan[] {
      const no = numberOf(terminal)
      return missing.all(no).map((row) => ({
        ...row,
        ...{ terminal, epoch: names.text(row.epoch) },
        before: toNamed(below.get(no, row.epoch, row.from)),
        after: toNamed(above.get(no, row.epoch, row.to)),
      }))
    },
    refused: (terminal: string): number => refused.get(numberOf(terminal)) ?? 0,
    quarantined: (terminal: string): Quarantined[] =>
      quarantined.all(numberOf(terminal)).map((row) => ({ ...row, terminal, epoch: names.text(row.epoch) })),
  }
}

/** Boots of boxes in which presses were refused: one a day for thirteen years. One that makes boots up must not fill the disk. */
const maxRefusalsOfTerminal = 5_000

function makeRefusalWriter(db: Database, names: Names) {
  const count = db.prepare<[number], number>('SELECT count(*) FROM box_refusal WHERE terminal = ?').pluck()
  const find = db
    .prepare<[number, number, number], number>('SELECT 1 FROM box_refusal WHERE terminal = ? AND box = ? AND boot = ?')
    .pluck()
  const put = db.prepare(`INSERT INTO box_refusal VALUES (?, ?, ?, ?)
    ON CONFLICT (terminal, box, boot) DO UPDATE SET refused = max(refused, excluded.refused)`)
  return (terminal: string, { box, boot, refused }: { box: string; boot: number; refused: number }): boolean => {
    const terminalNo = names.number(terminal)
    const isKnown = find.get(terminalNo, names.find(box) ?? -1, boot) === 1
    if (!isKnown && (count.get(terminalNo) ?? 0) >= maxRefusalsOfTerminal) return false
    put.run(terminalNo, names.number(box), boot, refused)
    return true
  }
}

export function makeCustodyWriter(db: Database, names: Names, kept: KeptRows) {
  const mark = db.prepare<[number, number], number>('SELECT up_to FROM cursor WHERE terminal = ? AND epoch = ?').pluck()
  const advance = db.prepare(`INSERT INTO cursor VALUES (?, ?, ?)
    ON CONFLICT (terminal, epoch) DO UPDATE SET up_to = excluded.up_to`)
  const insertMissing = db.prepare('INSERT OR IGNORE INTO missing VALUES (?, ?, ?, ?, ?, ?)')
  const insertQuarantined = db.prepare('INSERT OR IGNORE INTO quarantined VALUES (?, ?, ?, ?, ?, ?)')
  const addLedger = db.prepare(`INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (terminal) DO UPDATE SET
    stored = stored + excluded.stored, stored_touch = stored_touch + excluded.stored_touch,
    repeated = repeated + excluded.repeated, quarantined = quarantined + excluded.quarantined,
    rejected = rejected + excluded.rejected, unplaced = unplaced + excluded.unplaced`)
  return {
    ...makeBoxRangeWriter(db, names, kept),
    ...makeBoxToldWriter(db, names),
    ...makeMissingPressWriter(db, names),
    lockCursor: (terminal: string, epoch: string): number =>
      mark.get(names.find(terminal) ?? -1, names.find(epoch) ?? -1) ?? 0,
    advanceCursor: ({ terminal, epoch, upTo }: Cursor) =>
      advance.run(names.number(terminal), names.number(epoch), upTo),
    noteRefused: makeRefusalWriter(db, names),
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
