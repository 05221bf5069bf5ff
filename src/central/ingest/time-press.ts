import type { PressRecord } from '../../contracts/records.ts'
import type { Anchor, StoredPress } from '../store/port.ts'
import type { GroupSheet } from './group-sheet.ts'
import { timeMoment, type UtcTime } from './press-time.ts'

/** Of the presses of the same batch, which are not in the store yet, the last timed one of a box before a boxSeq. */
function findBefore(rows: readonly StoredPress[], box: string, boxSeq: number): UtcTime | null {
  const row = rows.findLast(
    ({ record, utcMs }) => utcMs !== null && record.source === 'box' && record.box === box && record.boxSeq < boxSeq,
  )
  return row && row.utcMs !== null && row.errorMs !== null ? { utcMs: row.utcMs, errorMs: row.errorMs } : null
}

/**
 * The time of a press.
 *
 * A press that survived a power cut of the box and then met a daemon that knew nothing of it has no spread. Since a box hands its
 * presses over in order, it lies between the box's press before it and its own moment; with no press before it, it has no time.
 *
 * @param rows presses of the same batch before this one
 */
export async function timePress(
  sheet: GroupSheet,
  terminal: string,
  record: PressRecord,
  anchors: readonly Anchor[],
  rows: readonly StoredPress[],
): Promise<UtcTime | null> {
  const { monoMs, spreadMs } = record
  const latest = timeMoment(monoMs, spreadMs ?? 0, anchors)
  if (spreadMs !== null || !latest || record.source !== 'box') return spreadMs === null ? null : latest
  const { box, boxSeq } = record
  const stored = () => sheet.writer.lastBoxPress(terminal, { box, boxSeq, utcMs: latest.utcMs })
  const before = findBefore(rows, box, boxSeq) ?? (await stored())
  if (!before) return null
  const boundMs = Math.max(0, latest.utcMs - before.utcMs + before.errorMs)
  return timeMoment(monoMs, boundMs, anchors)
}
