import type { Database } from 'better-sqlite3'
import type { Lost } from '../../contracts/batch.ts'
import type { TerminalRecord } from '../../contracts/records.ts'
import type { Clock } from '../../shared/clock.ts'
import { parseRow, type RecordRow } from './record-row.ts'

/** Records of one epoch, or one range that is no longer here; never both, never neither. */
type PendingBatch = { epoch: string; first: number; records: TerminalRecord[]; lost: Lost[] }
export type Mark = { epoch: string; upTo: number }
/** `beyond`: the mark lies past our last record of that epoch; `unknown`: no such epoch here. */
export type MarkChange = 'advanced' | 'rewound' | 'same' | 'beyond' | 'unknown'
/** `first`..`last` are still in the table; `confirmed` is the mark as last heard. */
type HeldEpoch = { epoch: string; first: number; last: number; confirmed: number }

type EpochRow = { ordinal: number; epoch: string; next: number; confirmed: number; trimmed: number }

/** Which records the central has committed, which it still needs, and which are lost. */
export type Delivery = {
  nextBatch(limit: number): PendingBatch | null
  /** @param isRewindAllowed false where a late message must not undo a newer one */
  setMark(mark: Mark, isRewindAllowed: boolean): MarkChange
  held(): HeldEpoch[]
  undelivered(): { count: number; oldestAgeMs: number | null }
}

/** The readable records at the head of `rows` whose sequences follow each other from `first`. */
function takeRun(rows: RecordRow[], first: number): TerminalRecord[] {
  const records: TerminalRecord[] = []
  for (const row of rows) {
    const record = row.sequence === first + records.length ? parseRow(row) : null
    if (!record) break
    records.push(record)
  }
  return records
}

/** The range from `first` that can't be sent: trimmed here long ago, or rows that should be here and can't be read. */
function findLost({ epoch, next, trimmed }: EpochRow, first: number, rows: RecordRow[]): Lost {
  if (first <= trimmed) return { epoch, from: first, to: trimmed, cause: 'trimmed' }
  // A bent b-tree gives rows in any order; a range that ended before it began would be said for ever.
  const readable = rows.find((row) => row.sequence > first && parseRow(row) !== null)
  return { epoch, from: first, to: readable ? readable.sequence - 1 : next - 1, cause: 'corrupt' }
}

export function makeDelivery(db: Database, clock: Clock): Delivery {
  const findPending = db.prepare<[], EpochRow>(
    'SELECT * FROM epochs WHERE confirmed < next - 1 ORDER BY ordinal LIMIT 1',
  )
  // By the table alone (the +): an index that a failing card has bent would put a mark on another epoch, and its records would go undelivered.
  const findEpoch = db.prepare<[string], EpochRow>('SELECT * FROM epochs WHERE +epoch = ?')
  const readRows = db.prepare<[number, number, number], RecordRow>(
    'SELECT * FROM records WHERE ordinal = ? AND sequence >= ? ORDER BY sequence LIMIT ?',
  )
  const listHeld = db.prepare<[], HeldEpoch>(`
    SELECT epoch, trimmed + 1 AS first, next - 1 AS last, confirmed FROM epochs WHERE trimmed < next - 1 ORDER BY ordinal`)
  const countPending = db.prepare<[], number>('SELECT TOTAL(next - 1 - confirmed) FROM epochs').pluck()
  const updateMark = db.prepare('UPDATE epochs SET confirmed = ? WHERE ordinal = ?')
  const forgetDeliveries = db.prepare('DELETE FROM deliveries WHERE ordinal = ? AND up_to > ?')

  const rewind = db.transaction((row: EpochRow, upTo: number) => {
    updateMark.run(upTo, row.ordinal)
    forgetDeliveries.run(row.ordinal, upTo)
  })

  function readOldestAgeMs(): number | null {
    const epoch = findPending.get()
    const oldest = epoch && readRows.get(epoch.ordinal, epoch.confirmed + 1, 1)
    return oldest ? Math.max(0, clock.wallMs() - oldest.wall_ms) : null
  }

  return {
    nextBatch(limit) {
      const pending = findPending.get()
      if (!pending) return null
      const { epoch } = pending
      const first = pending.confirmed + 1
      const rows = readRows.all(pending.ordinal, first, limit)
      const records = takeRun(rows, first)
      if (records.length > 0) return { epoch, first, records, lost: [] }
      return { epoch, first, records: [], lost: [findLost(pending, first, rows)] }
    },
    setMark({ epoch, upTo }, isRewindAllowed) {
      const row = findEpoch.get(epoch)
      if (!row) return 'unknown'
      const last = row.next - 1
      const target = Math.min(upTo, last)
      if (target > row.confirmed) updateMark.run(target, row.ordinal)
      if (upTo > last) return 'beyond'
      if (target > row.confirmed) return 'advanced'
      if (target === row.confirmed || !isRewindAllowed) return 'same'
      rewind.immediate(row, target)
      return 'rewound'
    },
    held: () => listHeld.all(),
    undelivered: () => ({ count: countPending.get() ?? 0, oldestAgeMs: readOldestAgeMs() }),
  }
}
