import type { AliveRecord, AnchorRecord, PressRecord, TerminalRecord } from '../../contracts/records.ts'
import type { Anchor, StoredPress } from '../store/port.ts'
import { type BootTimers, openBootTimers } from './boot-timers.ts'
import { findFault } from './find-fault.ts'
import type { GroupSheet } from './group-sheet.ts'
import { noteBoots } from './note-boots.ts'
import { anchorReachMs, timeMoment, timeStretch, type UtcTime } from './press-time.ts'
import { retimeByAnchor } from './retime.ts'
import { settleBeside, settleClosed } from './settle-boots.ts'
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
  const anchorsOf = await storeTimes(sheet, origin, presses, others)
  await storePresses(sheet, origin, presses, anchorsOf)
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

type OtherRecord = Exclude<TerminalRecord, PressRecord>
type AnchorsOf = ReadonlyMap<string, Anchor[]>

/**
 * Stores the records that are no presses: anchors first of all, since everything may be timed by them, then the boots as all these
 * records bound them.
 *
 * @returns the anchors that can time the records, by boot
 */
async function storeTimes(
  sheet: GroupSheet,
  origin: Origin,
  presses: readonly PressRecord[],
  others: readonly OtherRecord[],
): Promise<AnchorsOf> {
  const { terminal } = origin
  if (others.length > 0) await sheet.writer.insertRecords(others.map((record) => ({ ...origin, record })))
  const anchors = others.filter((record): record is AnchorRecord => record.kind === 'anchor').map(toAnchor)
  const firstOf = new Map<string, Anchor>()
  for (const anchor of anchors) if (await storeAnchor(sheet, terminal, anchor)) firstOf.set(anchor.boot, anchor)
  const anchorsOf = await loadAnchors(sheet, terminal, [...others, ...presses])
  const isAnchored = (boot: string) => (anchorsOf.get(boot) ?? []).length > 0
  // What a press says of a boot with anchors is not worth a write for every batch.
  const telling = new Set(others.map(({ boot }) => boot))
  const records = [...others, ...presses].filter(({ boot }) => telling.has(boot) || !isAnchored(boot))
  const begun = records.length > 0 ? await noteBoots(sheet, origin, records) : []
  for (const anchor of anchors) await retimeByAnchor(sheet, terminal, anchor, firstOf.get(anchor.boot) === anchor)
  for (const boot of new Set(anchors.map((anchor) => anchor.boot))) await settleBeside(sheet, terminal, boot)
  for (const boot of begun) await settleClosed(sheet, terminal, boot)
  for (const record of others) if (record.kind === 'alive') await storeAlive(sheet, terminal, record, anchorsOf)
  return anchorsOf
}

/** @returns whether it is the first of its boot */
async function storeAnchor(sheet: GroupSheet, terminal: string, anchor: Anchor): Promise<boolean> {
  const { boot, monoMs } = anchor
  const known = await sheet.writer.anchorsAround(terminal, boot, monoMs, monoMs)
  await sheet.writer.insertAnchor(terminal, anchor)
  if (known.length > 0) return false
  await sheet.writer.timeAlive(terminal, anchor)
  return true
}

async function storeAlive(
  sheet: GroupSheet,
  terminal: string,
  { boot, monoMs, coveredMs }: AliveRecord,
  anchorsOf: AnchorsOf,
): Promise<void> {
  const toMs = timeMoment(monoMs, 0, anchorsOf.get(boot) ?? [])?.utcMs ?? null
  const fromMs = toMs === null ? null : toMs - coveredMs
  await sheet.writer.insertAlive(terminal, { boot, monoMs, coveredMs, fromMs, toMs })
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

async function storePresses(
  sheet: GroupSheet,
  origin: Origin,
  records: readonly PressRecord[],
  anchorsOf: AnchorsOf,
): Promise<void> {
  if (records.length === 0) return
  const { terminal } = origin
  const isNew = await makeNoveltyTest(sheet, terminal, records)
  let timers: BootTimers | null = null
  const rows: StoredPress[] = []
  for (const record of records) {
    const anchors = anchorsOf.get(record.boot) ?? []
    // Waiting costs a turn of the event loop a press, so only where the store must be asked.
    if (anchors.length === 0) timers ??= openBootTimers(sheet, terminal)
    const time =
      timers && anchors.length === 0
        ? await timers.time({ record, receivedAtMs: origin.receivedAtMs }, rows)
        : record.spreadMs === null
          ? await timePress(sheet, terminal, record, anchors, rows)
          : timeStretch(record.monoMs, record.spreadMs, anchors)
    if (time && anchors.length === 0) sheet.counters.add('bounded')
    const row = placePress(sheet, origin, record, time, isNew(record))
    countPress(sheet, row)
    rows.push(row)
  }
  await sheet.writer.insertPresses(rows)
  await timers?.save()
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
  let lastMs = Number.NEGATIVE_INFINITY
  for (const { utcMs } of rows) if (utcMs !== null && utcMs > lastMs) lastMs = utcMs
  if (Number.isFinite(lastMs)) sheet.notePress(terminal, lastMs)
}
