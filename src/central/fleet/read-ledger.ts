import type { Ledger } from '../../contracts/http/terminals.ts'
import type { PressRecord } from '../../contracts/records.ts'
import type { BoxTold, Cursor, MissingPress, Quarantined } from '../store/custody.ts'
import type { StoreReader } from '../store/port.ts'
import { accountBox, type BoxAccount, type Holder } from './account-box.ts'
import { findCause } from './find-cause.ts'
import { type Report, readReport } from './read-report.ts'
import { sizeOf, splitNewest } from './seq-ranges.ts'

/** A page can't show more, and the counts are whole. */
const maxListed = 100
/** Whoever adds the ranges up shall have them all, as far as an answer may be long; `missingCount` is whole in any case. */
const maxMissing = 10_000
/** Whoever keeps since when presses are missing needs the same ones each time: those that came first. */
const maxOldest = 1_000

const toInstant = (ms: number) => new Date(ms).toISOString()

/** Numbers of presses of a box that were kept aside because their key held another content. */
function listAside(rows: readonly Quarantined[], box: string): number[] {
  const seqs = new Set<number>()
  for (const row of rows) {
    const record = JSON.parse(row.arrived) as Partial<PressRecord>
    if (record.kind === 'press' && record.source === 'box' && record.box === box && record.boxSeq)
      seqs.add(record.boxSeq)
  }
  return [...seqs]
}

/** Nothing kept of what it told of a box: then its last report, if that is of this box, is all that is known. */
function findTold({ box, toldAtMs }: Report, id: string, told: BoxTold | undefined): Holder['told'] {
  if (told) return told
  if (box?.id !== id) return null
  return { next: box.next, pending: box.pending, atMs: toldAtMs ?? 0, fromAtMs: toldAtMs ?? 0, fromNext: box.next }
}

async function accountBoxes(
  read: StoreReader,
  terminal: string,
  report: Report,
  quarantined: readonly Quarantined[],
): Promise<BoxAccount[]> {
  const reports = new Map([[terminal, report]])
  const waiting = report.waiting?.boxes.map(({ box }) => box) ?? []
  const boxes = new Set([...(await read.boxesOf(terminal)), ...waiting, ...(report.box ? [report.box.id] : [])])
  const accounts: BoxAccount[] = []
  for (const box of boxes) {
    const shares = await read.boxShares(box)
    const told = await read.boxTold(box)
    const tellers = told.map((one) => one.terminal)
    const names = new Set([terminal, ...shares.flatMap((share) => share.terminal ?? []), ...tellers])
    for (const name of names) {
      if (!reports.has(name)) reports.set(name, readReport(await read.terminalState(name)))
    }
    const holders = [...names].map((name): Holder => {
      const heard = reports.get(name) as Report
      return {
        terminal: name,
        report: heard,
        told: findTold(
          heard,
          box,
          told.find((one) => one.terminal === name),
        ),
      }
    })
    accounts.push(accountBox(box, terminal, { shares, holders, aside: listAside(quarantined, box) }))
  }
  return accounts
}

/**
 * How many records wait at the terminal of which nobody knows whether they are presses, and which. `resent`: a central that was restored
 * from an older backup asks again for what the terminal thought delivered; until it says so, more of what it holds is not here than it
 * calls waiting.
 */
function countUnnamed({ waiting, unacknowledged, held }: Report, cursors: readonly Cursor[]) {
  const marks = new Map(cursors.map(({ epoch, upTo }) => [epoch, upTo]))
  const unmarked = held.map(({ epoch, first, last }) => last - Math.max(first - 1, marks.get(epoch) ?? 0))
  const named = waiting ? sizeOf(waiting.boxes) + waiting.more + waiting.touch : 0
  const resent = unmarked.reduce((sum, records) => sum + Math.max(0, records), 0)
  return {
    uncounted: waiting ? waiting.more : (unacknowledged ?? 0),
    resent: Math.max(0, resent - Math.max(named, unacknowledged ?? 0)),
  }
}

/** What was known as lost says itself since when; other holes since they were first seen. */
function addSince(range: Ledger['missing'][number], noted: readonly MissingPress[]): Ledger['missing'][number] {
  if (range.since !== undefined) return range
  const seen = noted.filter(({ box, from, to }) => box === (range.box ?? null) && from <= range.to && to >= range.from)
  if (seen.length === 0) return range
  return { ...range, since: toInstant(Math.min(...seen.map(({ seenAtMs }) => seenAtMs))) }
}

/** Touch presses have no numbers; those that are not stored stand behind those that are. */
function accountTouch(stored: number, { touchIssued, waiting }: Report, uncounted: number) {
  const issued = Math.max(touchIssued, stored)
  const pending = Math.min(waiting ? waiting.touch : uncounted, issued - stored)
  const missing = { from: stored + 1, to: issued - pending, cause: 'touch' }
  return { issued, pending, missing: missing.from <= missing.to ? [missing] : [] }
}

/**
 * Proof of custody of a terminal (architecture.md, "Custody"): all that its boxes and its page say was pressed is stored, still on its
 * way, kept aside, or missing. A press that a box gave belongs to one terminal (account-box.ts), so that the ledgers of two terminals
 * that shared a box are both true, and together tell of each press once.
 *
 * Where a terminal does not tell which presses wait in its outbox, only the number of unacknowledged records is known, of which some may
 * be no presses. It is laid against the newest holes, so `pending` never exceeds what is open, and an older hole is missing.
 *
 * @param listed which of the missing ranges are listed, where there are many: the newest ten thousand or the oldest thousand
 * @returns null for an unknown terminal
 */
export async function readLedger(
  read: StoreReader,
  terminal: string,
  listed: 'newest' | 'oldest' = 'newest',
): Promise<Ledger | null> {
  if (!(await read.terminal(terminal))) return null
  const state = await read.terminalState(terminal)
  const report = readReport(state)
  const counters = await read.ledgerCounters(terminal)
  const quarantined = await read.quarantined(terminal)
  const accounts = await accountBoxes(read, terminal, report, quarantined)
  const spans = await read.missingSpans(terminal)
  const noted = await read.missingPresses(terminal)

  const { uncounted, resent } = countUnnamed(report, await read.cursors(terminal))
  const { older, newest } = splitNewest(
    accounts.flatMap((account) => account.open),
    uncounted + resent,
  )
  const shown = listed === 'newest' ? older.slice(-maxMissing) : older.slice(0, maxOldest)
  const pending = [
    ...accounts.flatMap((account) => account.pending),
    ...newest.map((range) => ({ ...range, at: 'outbox' as const })),
  ]
  const touch = accountTouch(counters.storedTouch, report, uncounted + resent - sizeOf(newest))
  const total = (pick: (account: BoxAccount) => number) => accounts.reduce((sum, account) => sum + pick(account), 0)
  const stored = total((account) => account.stored)
  const asOfMs = report.toldAtMs ?? state?.lastSeenAtMs ?? null
  return {
    pressed: stored + total((account) => account.quarantined) + sizeOf(pending) + sizeOf(older) + touch.issued,
    stored: stored + counters.storedTouch,
    pending: sizeOf(pending) + touch.pending,
    missing: [...shown.map((range) => findCause(range, spans)), ...touch.missing].map((range) =>
      addSince(range, noted),
    ),
    missingCount: sizeOf(older) + sizeOf(touch.missing),
    repeated: counters.repeated,
    quarantined: counters.quarantined,
    aside: total((account) => account.quarantined),
    // Two books, kept apart: a counter that rises with each press that is counted, and the numbers of the presses.
    countedTwice: Math.max(0, counters.stored - stored),
    ...(await read.pressTimes(terminal)),
    refused: await read.refused(terminal),
    asOf: asOfMs === null ? null : toInstant(asOfMs),
    rejected: counters.rejected,
    unplaced: counters.unplaced,
    clonedAt: state?.clonedAtMs == null ? null : toInstant(state.clonedAtMs),
    waiting: pending.slice(0, maxListed),
    lost: spans
      .sort((a, b) => b.atMs - a.atMs)
      .slice(0, maxListed)
      .map(({ epoch, from, to, cause, atMs }) => ({ epoch, from, to, cause, at: toInstant(atMs) })),
    conflicts: quarantined
      .slice(-maxListed)
      .reverse()
      .map(({ epoch, sequence, stored: there, arrived, atMs }) => {
        return { epoch, sequence, stored: JSON.parse(there), arrived: JSON.parse(arrived), at: toInstant(atMs) }
      }),
  }
}
