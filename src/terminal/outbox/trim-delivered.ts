import type { Database } from 'better-sqlite3'
import type { Clock } from '../../shared/clock.ts'
import { hourMs } from './delivery.ts'

/** Delivered records stay this long, so that a central restored from a backup can ask for them again. */
const keptDeliveredMs = 14 * 24 * hourMs
/** Rows deleted in one transaction: short enough that a press never waits for it noticeably. */
const chunkRows = 500

type Due = { ordinal: number; trimmed: number; upTo: number }

/**
 * Makes the function that deletes one chunk of delivered records older than 14 days.
 *
 * @returns how many rows went; 0 when nothing is due
 */
export function makeTrimmer(db: Database, clock: Clock): () => number {
  // By `confirmed` too: whatever `deliveries` says, a record the central still needs is never deleted.
  const findDue = db.prepare<[number], Due>(`
    SELECT e.ordinal, e.trimmed, MIN(e.confirmed, MAX(d.up_to)) AS upTo
    FROM deliveries d JOIN epochs e USING (ordinal)
    WHERE d.hour < ? GROUP BY e.ordinal HAVING upTo > e.trimmed ORDER BY e.ordinal LIMIT 1`)
  const deleteRows = db.prepare('DELETE FROM records WHERE ordinal = ? AND sequence <= ?')
  const noteTrimmed = db.prepare('UPDATE epochs SET trimmed = ? WHERE ordinal = ?')
  const forgetDeliveries = db.prepare('DELETE FROM deliveries WHERE ordinal = ? AND up_to <= ?')

  const trim = db.transaction(({ ordinal, trimmed, upTo }: Due): number => {
    const to = Math.min(upTo, trimmed + chunkRows)
    const { changes } = deleteRows.run(ordinal, to)
    noteTrimmed.run(to, ordinal)
    forgetDeliveries.run(ordinal, to)
    return changes
  })

  return () => {
    const due = findDue.get(Math.floor((clock.wallMs() - keptDeliveredMs) / hourMs))
    if (!due) return 0
    const deleted = trim.immediate(due)
    db.pragma('incremental_vacuum(200)')
    return Math.max(1, deleted)
  }
}
