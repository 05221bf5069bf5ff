import type { AliveRecord, AnchorRecord, PressRecord, TerminalRecord } from '../../contracts/records.ts'
import type { Anchor, StoredPress } from '../store/port.ts'
import { findFault } from './find-fault.ts'
import type { GroupSheet } from './group-sheet.ts'
import { anchorReachMs, timeMoment, timeStretch, type UtcTime } from './press-time.ts'
import { retimeByAnchor } from './retime.ts'
import { timePress } from './time-press.ts'

type Origin = { terminal: string; epoch: string; receivedAtMs: number }

/** Stores records above the mark: what can't be accepted leaves a tombstone and is told so, all else is kept whatever its time or place. */
export async function storeFresh(sheet: GroupSheet, origin: Origin, records: readonly TerminalRecord[]): Promise<void> {
  const presses: PressRecord[] = []
  const others: Exclude<TerminalRecord, PressRecord>[] = []
  for (const record of records) {
    const fault = findFault(record, sheet.context.catalogue, origin.receivedAtMs)
    if (fault) await bury(sheet, origin, record.sequence, { reason: fault, isMissing: record.kind === 'press' })
    else if (record.kind === 'press') presses.push(record)
    else others.push(record)
  }
  await storeOthers(sheet, origin, others)
  await storePresses(sheet, origin, presses)
}

/**
 * Leaves a tombstone in a record's place and says so.
 *
 * @param isMissing it was a press, or may have been one: the ledger then knows why it is not there
 */
export async function bury(
  sheet: GroupSheet,
  { terminal, epoch, receivedAtMs }: Origin,
  sequence: number,
  { reason, isMissing }: { reason: string; isMissing: boolean },
): Promise<void> {
  await sheet.writer.insertTombstone(terminal, epoch, sequence, reason)
  if (isMissing) {
    const range = { terminal, epoch, from: sequence, to: sequence }
    await sheet.writer.insertMissing({ ...range, cause: 'rejected', atMs: receivedAtMs })
  }
  sheet.addLedger(terminal, 'rejected')
  sheet.counters.add(`rejected-${reason}`)
  sheet.rejects.push({ terminal, reason, epoch, sequence })
  sheet.say(terminal, { epoch, sequence, reject: reason })
}

/** Anchors first of all, since everything in the batch may be timed by them. */
async function storeOthers(
  sheet: GroupSheet,
  origin: Origin,
  records: readonly Exclude<TerminalRecord, PressRecord>[],
): Promise<void> {
  if (records.length === 0) return
  const { terminal } = origin
  await sheet.writer.insertRecords(records.map((record) => ({ ...origin, record })))
  const anchors = records.filter((record): record is AnchorRecord => record.kind === 'anchor').map(toAnchor)
  for (const anchor of anchors) await sheet.writer.insertAnchor(terminal, anchor)
  for (const anchor of anchors) await retimeByAnchor(sheet, terminal, anchor)
  const alive = records.filter((record): record is AliveRecord => record.kind === 'alive')
  const anchorsOf = await loadAnchors(sheet, terminal, alive)
  for (const { boot, monoMs, coveredMs } of alive) {
    const toMs = timeMoment(monoMs, 0, anchorsOf.get(boot) ?? [])?.utcMs ?? null
    const fromMs = toMs === null ? null : toMs - coveredMs
    await sheet.writer.insertAlive(terminal, { boot, monoMs, coveredMs, fromMs, toMs })
  }
}

function toAnchor({ boot, monoMs, utcMs, errorMs, clock }: AnchorRecord): Anchor {
  return { boot, monoMs, utcMs, errorMs, clock }
}

/** The anchors that can time some records, by boot. */
async function loadAnchors(
  sheet: GroupSheet,
  terminal: string,
  records: readonly TerminalRecord[],
): Promise<Map<string, Anchor[]>> {
  const spans = new Map<string, { from: number; to: number }>()
  for (const { boot, monoMs } of records) {
    const span = spans.get(boot)
    if (!span) spans.set(boot, { from: monoMs, to: monoMs })
    else if (monoMs < span.from) span.from = monoMs
    else if (monoMs > span.to) span.to = monoMs
  }
  const anchors = new Map<string, Anchor[]>()
  for (const [boot, { from, to }] of spans) {
    anchors.set(boot, await sheet.writer.anchorsAround(terminal, boot, from - anchorReachMs, to + anchorReachMs))
  }
  return anchors
}

async function storePresses(sheet: GroupSheet, origin: Origin, records: readonly PressRecord[]): Promise<void> {
  if (records.length === 0) return
  const { terminal } = origin
  const anchorsOf = await loadAnchors(sheet, terminal, records)
  const isNew = await makeNoveltyTest(sheet, terminal, records)
  const rows: StoredPress[] = []
  for (const record of records) {
    const anchors = anchorsOf.get(record.boot) ?? []
    // Waiting costs a turn of the event loop a press, so only where the store must be asked.
    const time =
      record.spreadMs === null
        ? await timePress(sheet, terminal, record, anchors, rows)
        : timeStretch(record.monoMs, record.spreadMs, anchors)
    const row = placePress(sheet, origin, record, time, isNew(record))
    countPress(sheet, row)
    rows.push(row)
  }
  await sheet.writer.insertPresses(rows)
  noteLastPress(sheet, terminal, rows)
}

/** @returns a test that is true once per box press and touch id, and never for one that is stored */
async function makeNoveltyTest(
  sheet: GroupSheet,
  terminal: string,
  records: readonly PressRecord[],
): Promise<(record: PressRecord) => boolean> {
  const boxes = new Map<string, { add(seq: number): boolean }>()
  const touchIds: string[] = []
  for (const record of records) {
    if (record.source === 'touch') touchIds.push(record.touchId)
    else if (!boxes.has(record.box)) boxes.set(record.box, await sheet.boxSet(terminal, record.box))
  }
  const known = touchIds.length > 0 ? await sheet.writer.knownTouchIds(terminal, touchIds) : new Set<string>()
  return (record) => {
    if (record.source === 'box') return boxes.get(record.box)?.add(record.boxSeq) ?? true
    const isNew = !known.has(record.touchId)
    known.add(record.touchId)
    return isNew
  }
}

function placePress(
  sheet: GroupSheet,
  { terminal, epoch, receivedAtMs }: Origin,
  record: PressRecord,
  time: UtcTime | null,
  isNew: boolean,
): StoredPress {
  const place = isNew && time ? sheet.findCell(terminal, time, record.flags) : null
  return {
    terminal,
    epoch,
    record,
    receivedAtMs,
    utcMs: time?.utcMs ?? null,
    errorMs: time?.errorMs ?? null,
    cell: place?.cell ?? null,
    label: null,
    rule: null,
    isRepeat: !isNew,
    isUnplaced: place?.isUnplaced ?? false,
  }
}

function countPress(sheet: GroupSheet, { terminal, record, utcMs, cell, isRepeat, isUnplaced }: StoredPress): void {
  if (isRepeat) {
    sheet.addLedger(terminal, 'repeated')
    sheet.counters.add('repeated-presses')
    return
  }
  sheet.addLedger(terminal, record.source === 'box' ? 'stored' : 'storedTouch')
  if (isUnplaced) sheet.addLedger(terminal, 'unplaced')
  if (isUnplaced) sheet.counters.add(sheet.isCloned(terminal) ? 'held-cloned' : 'unplaced')
  if (utcMs === null) sheet.counters.add('untimed')
  if (!cell) return
  sheet.tally(cell, record.question, record.value, 1)
  if (cell.class === 'raw' && utcMs !== null) sheet.markDirty(terminal, utcMs)
}

function noteLastPress(sheet: GroupSheet, terminal: string, rows: readonly StoredPress[]): void {
  const lastMs = Math.max(...rows.map((row) => row.utcMs ?? Number.NEGATIVE_INFINITY))
  if (Number.isFinite(lastMs)) sheet.notePress(terminal, lastMs)
}
