import type { Ledger } from '../../contracts/http/terminals.ts'
import type { Cursor, MissingPress } from '../store/custody.ts'
import type { StoreReader } from '../store/port.ts'
import type { BoxAccount } from './account-box.ts'
import { accountTouch, listTouchIds } from './account-touch.ts'
import { findCause } from './find-cause.ts'
import { accountBoxes, readBoxes } from './read-boxes.ts'
import type { Report } from './read-report.ts'
import { intersectRanges, sizeOf, splitNewest, subtractRanges } from './seq-ranges.ts'

/** A page can't show more, and the counts are whole. */
const maxListed = 100
/** Whoever adds the ranges up shall have them all, as far as an answer may be long; `missingCount` is whole in any case. */
const maxMissing = 10_000
/** Whoever keeps since when presses are missing needs the same ones each time: those that came first. */
const maxOldest = 1_000

const toInstant = (ms: number) => new Date(ms).toISOString()

/**
 * How many records wait at the terminal of which nobody knows whether they are presses, and which. `resent`: a central that was restored
 * from an older backup asks again for what the terminal thought delivered; until it says so, more of what it holds is not here than it
 * calls waiting. `unmarked`: what it held at its last hello and is not here by now.
 */
function countUnnamed({ waiting, unacknowledged, held, isUnreadable }: Report, cursors: readonly Cursor[]) {
  if (isUnreadable) return { uncounted: Number.MAX_SAFE_INTEGER, resent: 0, unmarked: 0 }
  const marks = new Map(cursors.map(({ epoch, upTo }) => [epoch, upTo]))
  const left = held.map(({ epoch, first, last }) => last - Math.max(first - 1, marks.get(epoch) ?? 0))
  const unmarked = left.reduce((sum, records) => sum + Math.max(0, records), 0)
  const named = waiting ? sizeOf(waiting.boxes) + waiting.more + waiting.touch : 0
  return {
    uncounted: waiting ? waiting.more : (unacknowledged ?? 0),
    resent: Math.max(0, unmarked - Math.max(named, unacknowledged ?? 0)),
    unmarked,
  }
}

/** What was known as lost says itself since when; other holes since they were first seen. */
function addSince(range: Ledger['missing'][number], noted: readonly MissingPress[]): Ledger['missing'][number] {
  if (range.since !== undefined) return range
  const seen = noted.filter(({ box, from, to }) => box === (range.box ?? null) && from <= range.to && to >= range.from)
  if (seen.length === 0) return range
  return { ...range, since: toInstant(Math.min(...seen.map(({ seenAtMs }) => seenAtMs))) }
}

/** Where a terminal can't tell what it has, nothing is missing but what was before. */
function splitRaised(open: readonly BoxAccount['open'][number][], noted: readonly MissingPress[]) {
  const raisedOf = (box: string) => noted.filter((one) => one.isRaised && one.box === box)
  return {
    older: open.flatMap((range) =>
      intersectRanges(raisedOf(range.box), range).map((part) => ({ box: range.box, from: part.from, to: part.to })),
    ),
    newest: open.flatMap((range) => subtractRanges([range], raisedOf(range.box))),
  }
}

/**
 * Proof of custody of a terminal (architecture.md, "Custody"): all that its boxes and its page say was pressed is stored, still on its
 * way, quarantined, or missing. A press that a box gave belongs to one terminal (account-box.ts), so that the ledgers of two terminals
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
  const counted = (await read.ledgerCounters(terminal)).stored
  const sources = await readBoxes(read, terminal)
  const report = sources.reports.get(terminal) as Report
  const since = report.told ? await read.touchSince(terminal, report.told) : { before: 0, after: 0 }
  const counters = await read.ledgerCounters(terminal)
  const quarantined = await read.quarantined(terminal)
  const accounts = accountBoxes(terminal, sources, quarantined)
  const touchIds = listTouchIds(quarantined)
  const aside = touchIds.length - (await read.knownTouchIds(terminal, touchIds)).size
  const state = await read.terminalState(terminal)
  const spans = await read.missingSpans(terminal)
  const noted = await read.missingPresses(terminal)

  const { uncounted, resent, unmarked } = countUnnamed(report, sources.cursors)
  const open = accounts.flatMap((account) => account.open)
  const { older, newest } = report.isUnreadable ? splitRaised(open, noted) : splitNewest(open, uncounted + resent)
  const shown = listed === 'newest' ? older.slice(-maxMissing) : older.slice(0, maxOldest)
  const pending = [
    ...accounts.flatMap((account) => account.pending),
    ...newest.map((range) => ({ ...range, at: 'outbox' as const })),
  ]
  const unnamed = uncounted + resent - sizeOf(newest)
  const raised = noted.filter((one) => one.isRaised && one.box === null)
  const book = { stored: counters.storedTouch, since, unnamed, unmarked, aside, raised }
  const touch = accountTouch(report, book)
  const total = (pick: (account: BoxAccount) => number) => accounts.reduce((sum, account) => sum + pick(account), 0)
  const stored = total((account) => account.stored)
  const asOfMs = report.told?.atMs ?? state?.lastSeenAtMs ?? null
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
    aside: total((account) => account.quarantined) + aside,
    // Two books, kept apart: a counter that rises with each press that is counted, and the numbers of the presses.
    countedTwice: Math.max(0, counted - stored),
    ...(await read.pressTimes(terminal)),
    refused: await read.refused(terminal),
    asOf: asOfMs === null ? null : toInstant(asOfMs),
    rejected: counters.rejected,
    unplaced: counters.unplaced,
    clonedAt: state?.clonedAtMs == null ? null : toInstant(state.clonedAtMs),
    waiting: pending.slice(0, maxListed),
    lostCount: spans.length,
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
