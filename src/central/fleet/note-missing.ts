import type { Ledger } from '../../contracts/http/terminals.ts'
import type { MissingPress } from '../store/custody.ts'
import type { Store } from '../store/port.ts'
import { sizeOf, subtractRanges } from './seq-ranges.ts'

type Missing = Ledger['missing'][number]
export type NotedMissing = {
  /** Holes that have stood long enough, told once each. */
  raised: Missing[]
  /** Presses that had been raised as missing and are here now. */
  foundPresses: number
  /** Every hole has been raised. */
  isSettled: boolean
}

/** Longer than a terminal waits before it says again what it holds, and than a batch is on its way. */
const standsAfterMs = 10 * 60_000
/** A terminal with more holes than this is told of by its first ones. */
const maxNoted = 1_000

function noteOne(range: Missing, before: readonly MissingPress[], nowMs: number): MissingPress {
  const { from, to, box = null } = range
  const same = before.filter((one) => one.box === box && one.from <= to && one.to >= from)
  const seenAtMs = Math.min(nowMs, ...same.map((one) => one.seenAtMs))
  const unraised = subtractRanges(
    [{ from, to }],
    same.filter((one) => one.isRaised),
  )
  return { box, from, to, seenAtMs, isRaised: unraised.length === 0 || nowMs - seenAtMs >= standsAfterMs }
}

function countFound(before: readonly MissingPress[], now: readonly MissingPress[]): number {
  return before
    .filter((one) => one.isRaised)
    .reduce((sum, { box, from, to }) => {
      const left = now.filter((one) => one.box === box)
      return sum + sizeOf(subtractRanges([{ from, to }], left))
    }, 0)
}

/** Keeps since when presses of a terminal are missing, and finds those that are to be raised. */
export async function noteMissing(
  store: Store,
  terminal: string,
  missing: readonly Missing[],
  nowMs: number,
): Promise<NotedMissing> {
  const before = await store.read.missingPresses(terminal)
  const noted = missing.slice(0, maxNoted).map((range) => noteOne(range, before, nowMs))
  const isRaisedBefore = ({ box, from, to }: MissingPress) =>
    subtractRanges(
      [{ from, to }],
      before.filter((one) => one.isRaised && one.box === box),
    ).length === 0
  const raised = missing.filter((_, i) => {
    const one = noted[i]
    return one?.isRaised && !isRaisedBefore(one)
  })
  const key = (rows: readonly MissingPress[]) =>
    rows
      .map(({ box, from, to, seenAtMs, isRaised }) => `${box} ${from} ${to} ${seenAtMs} ${isRaised}`)
      .sort()
      .join()
  if (key(before) !== key(noted)) await store.transact((writer) => writer.noteMissingPresses(terminal, noted))
  return { raised, foundPresses: countFound(before, noted), isSettled: noted.every((one) => one.isRaised) }
}
