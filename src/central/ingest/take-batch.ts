import type { Lost } from '../../contracts/batch.ts'
import type { Batch } from '../../contracts/parse-batch.ts'
import type { TerminalRecord } from '../../contracts/records.ts'
import type { GroupSheet } from './group-sheet.ts'
import { isSameRecord } from './same-record.ts'
import { passLost, splitBatch } from './split-batch.ts'
import { bury, storeFresh } from './store-fresh.ts'

type Origin = { terminal: string; receivedAtMs: number }

/**
 * One batch within the transaction of its group (architecture.md, "Custody"): lost ranges move marks, a gap is refused with what is
 * expected, records at or below the mark are compared and acknowledged again, the rest is stored and moves the mark.
 */
export async function takeBatch(sheet: GroupSheet, origin: Origin, batch: Batch): Promise<void> {
  const { terminal, receivedAtMs } = origin
  const { epoch, records } = batch
  sheet.counters.add('batches')
  const otherEpochs = new Set<string>()
  for (const lost of batch.lost) {
    if (await takeLost(sheet, origin, lost)) otherEpochs.add(lost.epoch)
  }
  otherEpochs.delete(epoch)
  for (const other of otherEpochs) acknowledge(sheet, origin, other)

  const mark = sheet.mark(terminal, epoch)
  const parts = splitBatch(mark, records)
  if (parts === 'gap') {
    sheet.counters.add('gaps')
    sheet.say(terminal, { epoch, expect: mark + 1 })
    return
  }
  await compareRepeats(sheet, origin, epoch, parts.repeats)
  const last = parts.fresh.at(-1)
  if (last) {
    await storeFresh(sheet, { terminal, epoch, receivedAtMs }, parts.fresh)
    sheet.moveMark(terminal, epoch, last.sequence)
    sheet.counters.add('records', parts.fresh.length)
  }
  acknowledge(sheet, origin, epoch)
}

/** A record that can't be read but is alone in its batch: rejected, so that it does not stand in the way for ever. */
export async function takeUnreadable(
  sheet: GroupSheet,
  origin: Origin,
  { epoch, sequence, reason }: { epoch: string; sequence: number; reason: string },
): Promise<void> {
  const { terminal, receivedAtMs } = origin
  const mark = sheet.mark(terminal, epoch)
  if (sequence > mark + 1) {
    sheet.counters.add('gaps')
    sheet.say(terminal, { epoch, expect: mark + 1 })
    return
  }
  if (sequence === mark + 1) {
    await bury(sheet, { terminal, epoch, receivedAtMs }, sequence, { reason, isMissing: true })
    sheet.moveMark(terminal, epoch, sequence)
  }
  acknowledge(sheet, origin, epoch)
}

function acknowledge(sheet: GroupSheet, { terminal, receivedAtMs }: Origin, epoch: string): void {
  sheet.say(terminal, { epoch, upTo: sheet.mark(terminal, epoch), serverTime: receivedAtMs })
}

/** @returns whether the epoch's mark may be told; a range behind a hole is refused like any gap */
async function takeLost(sheet: GroupSheet, { terminal, receivedAtMs }: Origin, lost: Lost): Promise<boolean> {
  const { epoch, cause } = lost
  const mark = sheet.mark(terminal, epoch)
  const passed = lost.to < lost.from ? 'gap' : passLost(mark, lost)
  if (passed === 'gap') {
    sheet.counters.add('gaps')
    sheet.say(terminal, { epoch, expect: mark + 1 })
    return false
  }
  if (passed.missing) {
    const { from, to } = passed.missing
    await sheet.writer.insertMissing({ terminal, epoch, from, to, cause, atMs: receivedAtMs })
    sheet.moveMark(terminal, epoch, passed.mark)
    sheet.counters.add('lost-records', to - from + 1)
    sheet.losses.push({ terminal, epoch, from, to, cause })
  }
  return true
}

/** Records at or below the mark change nothing. Other content under the same key is kept aside, both sides of it. */
async function compareRepeats(
  sheet: GroupSheet,
  { terminal, receivedAtMs }: Origin,
  epoch: string,
  repeats: readonly TerminalRecord[],
): Promise<void> {
  const [first, last] = [repeats[0], repeats.at(-1)]
  if (!first || !last) return
  sheet.counters.add('repeats', repeats.length)
  const { writer } = sheet
  const stored = await writer.recordsBetween(terminal, epoch, first.sequence, last.sequence)
  for (const [sequence, reject] of await writer.tombstonesBetween(terminal, epoch, first.sequence, last.sequence)) {
    sheet.say(terminal, { epoch, sequence, reject })
  }
  for (const record of repeats) {
    const there = stored.get(record.sequence)
    if (!there || isSameRecord(there, record)) continue
    const { sequence } = record
    const row = { terminal, epoch, sequence, stored: JSON.stringify(there), arrived: JSON.stringify(record) }
    if (!(await writer.insertQuarantined({ ...row, atMs: receivedAtMs }))) continue
    sheet.addLedger(terminal, 'quarantined')
    sheet.counters.add('quarantined')
    sheet.conflicts.push({ terminal, epoch, sequence })
  }
}
