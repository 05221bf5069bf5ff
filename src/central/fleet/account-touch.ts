import type { TerminalRecord } from '../../contracts/records.ts'
import type { MissingPress, Quarantined } from '../store/custody.ts'
import type { Report } from './read-report.ts'
import { intersectRanges, sizeOf, splitNewest } from './seq-ranges.ts'

/** Names of touch presses that came under a key that holds another content. */
export function listTouchIds(rows: readonly Quarantined[]): string[] {
  const arrived = rows.map((row) => JSON.parse(row.arrived) as Partial<TerminalRecord>)
  const ids = arrived.flatMap((record) =>
    record.kind === 'press' && record.source === 'touch' && record.touchId ? [record.touchId] : [],
  )
  return [...new Set(ids)]
}

type TouchBook = {
  stored: number
  /** Of `stored`, what came since the terminal last spoke: pressed by then, and later. */
  since: { before: number; after: number }
  unnamed: number
  unmarked: number
  /** Quarantined, and stored under no other record. */
  aside: number
  /** What was raised as missing. */
  raised: readonly MissingPress[]
}

/**
 * Touch presses have no numbers; those that are not stored stand behind those that are, and behind those that were put aside. Those that were pressed after the terminal told
 * how many it took are none of those, and those that came since and were pressed before wait no longer: else each that comes would hide
 * one that is missing. Where the terminal can't tell what it has, nothing is missing but what was before.
 */
export function accountTouch({ touchIssued, waiting, isUnreadable }: Report, book: TouchBook) {
  const { stored, since, unnamed, unmarked, aside, raised } = book
  const told = stored - since.after + aside
  // What it issued is in what it can't read.
  const before = isUnreadable ? raised : []
  const issued = Math.max(touchIssued, told, ...before.map(({ to }) => to))
  const open = told < issued ? [{ from: told + 1, to: issued }] : []
  const named = waiting?.touch ?? 0
  // What a restored central asks for again comes before what waited.
  const left = Math.max(0, named - since.before, Math.min(named, unmarked))
  const missing = isUnreadable
    ? open.flatMap((range) => intersectRanges(before, range))
    : splitNewest(open, left + unnamed).older
  return {
    issued: issued + since.after,
    pending: sizeOf(open) - sizeOf(missing),
    missing: missing.map(({ from, to }) => ({ from, to, cause: 'touch' })),
  }
}
