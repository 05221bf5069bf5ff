import type { PressRecord } from '../../contracts/records.ts'
import type { BootSpan, StoredPress } from '../store/port.ts'
import { beginFrom, boundMoment } from './boot-bounds.ts'
import type { GroupSheet } from './group-sheet.ts'
import { timeBetween, type UtcTime } from './press-time.ts'
import { boxSlackMs, findBefore, findStored } from './time-press.ts'

export type BootTimers = {
  /** @param rows presses of the same batch before this one, which are not in the store yet */
  time(press: Received, rows: readonly StoredPress[]): Promise<UtcTime | null>
  /** Writes what the presses told of their boots. */
  save(): Promise<void>
}

type Received = { record: PressRecord; receivedAtMs: number }
type Last = { boxSeq: number; earliestMs: number | null }

/**
 * Times presses of boots that nobody told the time, one after the other: between the bounds of the boot, and not before the press before
 * it of the same box, whichever terminal delivered that.
 */
export function openBootTimers(sheet: GroupSheet, terminal: string): BootTimers {
  const spans = new Map<string, { span: BootSpan; isChanged: boolean }>()
  const lastOf = new Map<string, Last>()

  async function loadSpan(boot: string) {
    const known = spans.get(boot)
    if (known) return known
    const span = await sheet.writer.bootSpan(terminal, boot)
    if (!span) return null
    const entry = { span, isChanged: false }
    spans.set(boot, entry)
    return entry
  }

  /** Before which the box's press before this one was not. */
  async function findEarliest(
    { box, boxSeq }: { box: string; boxSeq: number },
    latestMs: number,
    rows: readonly StoredPress[],
  ): Promise<number | null> {
    const last = lastOf.get(box)
    if (last && last.boxSeq < boxSeq) return last.earliestMs
    const limit = { box, boxSeq, utcMs: latestMs + boxSlackMs }
    const before = findBefore(rows, box, boxSeq) ?? (await findStored(sheet, terminal, limit))
    // What contradicts the boot's own bounds is not believed.
    return before && before.utcMs - before.errorMs <= latestMs ? before.utcMs - before.errorMs : null
  }

  async function time({ record, receivedAtMs }: Received, rows: readonly StoredPress[]): Promise<UtcTime | null> {
    const entry = await loadSpan(record.boot)
    if (!entry) return null
    const { monoMs, spreadMs } = record
    // Over weeks the drift that the bounds allow for would reach beyond the receipt.
    const latestMs = Math.min(boundMoment(entry.span, monoMs).latestMs, receivedAtMs)
    const beforeMs = record.source === 'box' ? await findEarliest(record, latestMs, rows) : null
    const span = beforeMs === null ? entry.span : beginFrom(entry.span, monoMs, beforeMs)
    if (span !== entry.span) Object.assign(entry, { span, isChanged: true })
    const earliest = boundMoment(span, monoMs).earliestMs
    const ownMs = spreadMs === null || earliest === null ? null : earliest - spreadMs
    const earliestMs = ownMs === null || beforeMs === null ? (ownMs ?? beforeMs) : Math.max(ownMs, beforeMs)
    if (record.source === 'box') lastOf.set(record.box, { boxSeq: record.boxSeq, earliestMs })
    return earliestMs === null ? null : timeBetween(earliestMs, latestMs)
  }

  return {
    time,
    async save() {
      for (const { span, isChanged } of spans.values()) if (isChanged) await sheet.writer.putBootSpan(terminal, span)
    },
  }
}
