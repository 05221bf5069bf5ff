import type { Database } from 'better-sqlite3'
import { raiseNote } from './notes.ts'

/** Delivered records stay this long, so that a central restored from a backup can ask for them again. */
const keptDeliveredHours = 14 * 24
const hourMs = 3_600_000
/** Rows deleted in one transaction: short enough that a press never waits for it noticeably. */
const chunkRows = 500

type Due = { ordinal: number; trimmed: number; upTo: number }

/** @param isShort the disk has little room: then everything delivered may go, however young */
export type Trimmer = (isShort: boolean) => number

/**
 * Makes the function that deletes one chunk of old delivered records, the oldest first.
 *
 * @param centralMs the central's time as last told, null before: a terminal's own clock may be wrong by decades, and then would
 *   have everything gone at once, or nothing ever
 * @returns how many rows went; 0 when nothing is due
 */
export function makeTrimmer(db: Database, centralMs: () => number | null): Trimmer {
  // By `confirmed` too: whatever `deliveries` says, a record the central still needs is never deleted.
  const findDue = db.prepare<[number], Due>(`
    SELECT e.ordinal, e.trimmed, MIN(e.confirmed, MAX(d.up_to)) AS upTo
    FROM deliveries d JOIN epochs e USING (ordinal)
    WHERE d.hour < ? GROUP BY e.ordinal HAVING upTo > e.trimmed ORDER BY e.ordinal LIMIT 1`)
  const findDelivered = db.prepare<[], Due>(
    'SELECT ordinal, trimmed, confirmed AS upTo FROM epochs WHERE confirmed > trimmed ORDER BY ordinal LIMIT 1',
  )
  const noteDelivered = db.prepare(`
    INSERT INTO deliveries (ordinal, hour, up_to)
    SELECT ordinal, ?, confirmed FROM epochs e
    WHERE confirmed > MAX(trimmed, (SELECT ifnull(MAX(up_to), 0) FROM deliveries d WHERE d.ordinal = e.ordinal))
    ON CONFLICT (ordinal, hour) DO UPDATE SET up_to = excluded.up_to`)
  const noteTrimmedPresses = db.prepare(`
    INSERT INTO notes (name, content)
    SELECT CASE WHEN box IS NULL THEN 'touch-trimmed' ELSE 'box-trimmed ' || box END, CAST(count(*) AS TEXT)
    FROM records WHERE ordinal = ? AND sequence <= ? AND kind = 'press' GROUP BY box
    ON CONFLICT (name) DO UPDATE
    SET content = CAST(CAST(content AS INTEGER) + CAST(excluded.content AS INTEGER) AS TEXT)`)
  // What a box last said is read from its rows while they are here, and the box must not be taken for one set back when they are gone.
  const noteLast = db.prepare(`
    INSERT INTO notes (name, content)
    SELECT 'box-last ' || box, CAST(max(box_seq) AS TEXT)
    FROM records WHERE ordinal = ? AND sequence <= ? AND box IS NOT NULL GROUP BY box
    ${raiseNote}`)
  const deleteRows = db.prepare('DELETE FROM records WHERE ordinal = ? AND sequence <= ?')
  const noteTrimmed = db.prepare('UPDATE epochs SET trimmed = ? WHERE ordinal = ?')
  const forgetDeliveries = db.prepare('DELETE FROM deliveries WHERE ordinal = ? AND up_to <= ?')

  const trim = db.transaction(({ ordinal, trimmed, upTo }: Due): number => {
    const to = Math.min(upTo, trimmed + chunkRows)
    noteTrimmedPresses.run(ordinal, to)
    noteLast.run(ordinal, to)
    const { changes } = deleteRows.run(ordinal, to)
    noteTrimmed.run(to, ordinal)
    forgetDeliveries.run(ordinal, to)
    return changes
  })

  function findOld(): Due | undefined {
    const nowMs = centralMs()
    if (nowMs === null) return undefined
    const hour = Math.floor(nowMs / hourMs)
    noteDelivered.run(hour)
    return findDue.get(hour - keptDeliveredHours)
  }

  return (isShort) => {
    const due = isShort ? findDelivered.get() : findOld()
    if (!due) return 0
    const deleted = trim.immediate(due)
    db.pragma('incremental_vacuum(200)')
    return Math.max(1, deleted)
  }
}
