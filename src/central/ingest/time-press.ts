import type { PressRecord } from '../../contracts/records.ts'
import type { Anchor, StoredPress } from '../store/port.ts'
import type { GroupSheet } from './group-sheet.ts'
import { timeMoment, timeStretch, type UtcTime } from './press-time.ts'

/** A box tells ages by a ceramic resonator (0.5 %): over a day it may have placed an earlier press seven minutes behind a later one. */
export const boxSlackMs = 10 * 60_000

/** Of the presses of the same batch, which are not in the store yet, the last timed one of a box before a boxSeq. */
export function findBefore(rows: readonly StoredPress[], box: string, boxSeq: number): UtcTime | null {
  const row = rows.findLast(
    ({ record, utcMs }) => utcMs !== null && record.source === 'box' && record.box === box && record.boxSeq < boxSeq,
  )
  return row && row.utcMs !== null && row.errorMs !== null ? { utcMs: row.utcMs, errorMs: row.errorMs } : null
}

/** The box may have stood at another terminal before: the last timed press of it that any of them delivered. */
export async function findStored(
  sheet: GroupSheet,
  terminal: string,
  before: { box: string; boxSeq: number; utcMs: number },
): Promise<UtcTime | null> {
  const own = await sheet.writer.lastBoxPress(terminal, before)
  if (own) return own
  let last: UtcTime | null = null
  for (const other of await sheet.context.terminalsOf(before.box)) {
    const found = other === terminal ? null : await sheet.writer.lastBoxPress(other, before)
    if (found && (!last || found.utcMs > last.utcMs)) last = found
  }
  return last
}

/**
 * The time of a press.
 *
 * A press that survived a power cut of the box and then met a daemon that knew nothing of it has no spread. Since a box hands its
 * presses over in order, it lies between the box's press before it and its own moment; with no press before it, nothing bounds it from
 * below, and it has no time.
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
  if (spreadMs !== null) return timeStretch(monoMs, spreadMs, anchors)
  const latest = timeMoment(monoMs, 0, anchors)
  if (!latest || record.source !== 'box') return null
  const { box, boxSeq } = record
  const limit = { box, boxSeq, utcMs: latest.utcMs + boxSlackMs }
  const before = findBefore(rows, box, boxSeq) ?? (await findStored(sheet, terminal, limit))
  if (!before) return null
  return timeStretch(monoMs, Math.abs(latest.utcMs - before.utcMs) + before.errorMs, anchors)
}
