import type { Ledger } from '../../contracts/http/terminals.ts'
import type { PressRecord } from '../../contracts/records.ts'
import type { Quarantined, SeqRange, StoreReader } from '../store/port.ts'
import { readReport } from './read-report.ts'

const sizeOf = (ranges: readonly SeqRange[]) => ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0)

/** What lies in 1 … `last` and in none of the ranges, ascending. */
export function findHoles(ranges: readonly SeqRange[], last: number): SeqRange[] {
  const holes: SeqRange[] = []
  let next = 1
  for (const { from, to } of ranges) {
    if (from > next) holes.push({ from: next, to: from - 1 })
    next = to + 1
  }
  if (next <= last) holes.push({ from: next, to: last })
  return holes
}

/** Takes the highest `count` numbers away: what waits is what was pressed last. */
export function dropNewest(holes: readonly SeqRange[], count: number): SeqRange[] {
  let left = count
  const kept: SeqRange[] = []
  for (const { from, to } of [...holes].reverse()) {
    const dropped = Math.min(left, to - from + 1)
    left -= dropped
    if (to - dropped >= from) kept.unshift({ from, to: to - dropped })
  }
  return kept
}

/** Presses that were kept aside because their key held another content; they are accounted for. */
function quarantinedSeqs(rows: readonly Quarantined[], box: string, stored: readonly SeqRange[]): SeqRange[] {
  const seqs = new Set<number>()
  for (const row of rows) {
    const record = JSON.parse(row.arrived) as Partial<PressRecord>
    if (record.kind === 'press' && record.source === 'box' && record.box === box && record.boxSeq)
      seqs.add(record.boxSeq)
  }
  const isStored = (seq: number) => stored.some(({ from, to }) => from <= seq && seq <= to)
  return [...seqs].filter((seq) => !isStored(seq)).map((seq) => ({ from: seq, to: seq }))
}

type BoxAccount = { pressed: number; stored: number; quarantined: number; holes: SeqRange[] }

/** @param said next sequence by the box's own word; 0 for a box of earlier days, of which only the stored presses are known */
async function accountBox(
  read: StoreReader,
  box: string,
  said: number,
  quarantined: readonly Quarantined[],
): Promise<BoxAccount> {
  const stored = await read.boxRanges(box)
  const pressed = Math.max(said - 1, stored.at(-1)?.to ?? 0)
  const aside = quarantinedSeqs(quarantined, box, stored)
  const known = [...stored, ...aside].sort((a, b) => a.from - b.from)
  return { pressed, stored: sizeOf(stored), quarantined: aside.length, holes: findHoles(known, pressed) }
}

/**
 * Proof of custody of a terminal (architecture.md, "Custody"): all that its boxes and its page say was pressed is stored, still on its
 * way, kept aside, or missing.
 *
 * What waits is known only as a count: presses at the box, and unacknowledged records, of which some may be no presses. It is laid
 * against the newest holes, so `pending` never exceeds what is open, and a hole older than all that waits is missing.
 *
 * @returns null for an unknown terminal
 */
export async function readLedger(read: StoreReader, terminal: string): Promise<Ledger | null> {
  if (!(await read.terminal(terminal))) return null
  const state = await read.terminalState(terminal)
  const report = readReport(state)
  const counters = await read.ledgerCounters(terminal)
  const quarantined = await read.quarantined(terminal)
  const boxes = new Set([...(await read.boxesOf(terminal)), ...(report.box ? [report.box.id] : [])])
  const accounts: BoxAccount[] = []
  for (const box of boxes) {
    accounts.push(await accountBox(read, box, report.box?.id === box ? report.box.next : 0, quarantined))
  }
  const waiting = (report.box?.pending ?? 0) + (report.unacknowledged ?? 0)
  const touch = Math.max(report.touchIssued, counters.storedTouch)
  const open = accounts.flatMap((account) => account.holes)
  const pendingBox = Math.min(waiting, sizeOf(open))
  const pendingTouch = Math.min(waiting - pendingBox, touch - counters.storedTouch)
  const cause = (await read.missing(terminal)).at(-1)?.cause ?? 'unknown'
  const missingTouch = { from: counters.storedTouch + 1, to: touch - pendingTouch }
  const missing = [
    ...dropNewest(open, pendingBox).map((range) => ({ ...range, cause })),
    ...(missingTouch.from <= missingTouch.to ? [{ ...missingTouch, cause: 'touch' }] : []),
  ]
  const total = (pick: (account: BoxAccount) => number) => accounts.reduce((sum, account) => sum + pick(account), 0)
  return {
    pressed: total((account) => account.pressed) + touch,
    stored: total((account) => account.stored) + counters.storedTouch,
    pending: pendingBox + pendingTouch,
    missing,
    repeated: counters.repeated,
    quarantined: counters.quarantined,
    refused: report.box?.dropped ?? 0,
    asOf: state?.lastSeenAtMs == null ? null : new Date(state.lastSeenAtMs).toISOString(),
  }
}
