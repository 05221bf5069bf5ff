import type { BoxShare, BoxTold, SeqRange } from '../store/custody.ts'
import { keepOwn } from './keep-own.ts'
import type { Report } from './read-report.ts'
import { findHoles, hasSeq, intersectRanges, sizeOf, subtractRanges } from './seq-ranges.ts'

/** Where presses wait: at the box, in the outbox, or with a terminal that has not been heard since. */
type Waiting = SeqRange & { box: string; at: 'box' | 'outbox' | 'unheard' }
export type BoxAccount = {
  /** Numbers that this terminal delivered first. */
  stored: number
  /** Numbers that are quarantined, and stored under no other record. */
  quarantined: number
  pending: Waiting[]
  /** Numbers of this terminal that are neither stored nor known to wait. */
  open: (SeqRange & { box: string })[]
}
/** A terminal that has or had the box; `told` is null when it never told of it. */
export type Holder = { terminal: string; report: Report; told: Omit<BoxTold, 'terminal'> | null }

type LastTold = { terminal: string; told: Omit<BoxTold, 'terminal'> }

/** Whose word about the box is the last: its numbers only rise; of those who tell the same, the one to whom it came later. */
function findLastTold(holders: readonly Holder[]): LastTold | null {
  const tellers = holders.flatMap(({ terminal, told }) => (told ? [{ terminal, told }] : []))
  tellers.sort((a, b) => b.told.next - a.told.next || b.told.fromAtMs - a.told.fromAtMs)
  return tellers[0] ?? null
}

/** What the holders of a box say they have, in the order in which it is believed: what is in an outbox has left the box. */
function listClaims(box: string, holders: readonly Holder[]): (Waiting & { terminal: string })[] {
  const outboxes = holders.flatMap(({ terminal, report }) =>
    (report.waiting?.boxes ?? [])
      .filter((range) => range.box === box)
      .map((range) => ({ ...range, terminal, at: 'outbox' as const })),
  )
  const last = findLastTold(holders)
  if (!last || last.told.pending === 0) return outboxes
  const { next, pending } = last.told
  return [
    ...outboxes,
    { box, terminal: last.terminal, from: Math.max(1, next - pending), to: next - 1, at: 'box' as const },
  ]
}

/**
 * The numbers that may lie in an outbox although nobody said so: those which the box held or gave after a terminal last spoke of it, until
 * the box came to the next one; and what it gave since the last word about it. Nobody can know before those terminals are heard again.
 */
function listUnheard(holders: readonly Holder[]): (SeqRange & { terminal: string })[] {
  const last = findLastTold(holders)
  if (!last) return []
  const sinceLast = {
    terminal: last.terminal,
    from: last.told.next,
    to: Number.MAX_SAFE_INTEGER,
    fromAtMs: last.told.fromAtMs,
  }
  const unheard = [sinceLast]
  for (const { terminal, told, report } of holders) {
    if (!told || terminal === last.terminal) continue
    if ((report.told?.atMs ?? told.atMs) > last.told.fromAtMs) continue
    const from = Math.max(1, told.next - told.pending)
    unheard.push({ terminal, from, to: last.told.fromNext - 1, fromAtMs: told.fromAtMs })
  }
  // A number that several may have is with the one that had the box last, in whichever order they are asked.
  return unheard.sort((a, b) => b.from - a.from || b.fromAtMs - a.fromAtMs || (a.terminal < b.terminal ? -1 : 1))
}

/**
 * A terminal's part in the presses of a box that it holds or held. Every number that the box ever gave belongs to one terminal: a stored
 * one to that which delivered it first, a waiting one to that which has it, any other as keep-own.ts says.
 *
 * @param holders every terminal known to have had the box, `terminal` among them
 * @param conflicting numbers that came to this terminal under a key that holds another content
 */
export function accountBox(
  box: string,
  terminal: string,
  {
    shares,
    holders,
    conflicting,
  }: { shares: readonly BoxShare[]; holders: readonly Holder[]; conflicting: readonly number[] },
): BoxAccount {
  const claims = listClaims(box, holders)
  const last = Math.max(
    shares.at(-1)?.to ?? 0,
    (findLastTold(holders)?.told.next ?? 1) - 1,
    // What came from the box between its last word and the report is in an outbox already.
    ...claims.map(({ to }) => to),
  )
  let holes = findHoles(shares, last)
  const all = holes
  const quarantined = conflicting.filter((seq) => hasSeq(all, seq))
  holes = subtractRanges(
    holes,
    quarantined.map((seq) => ({ from: seq, to: seq })),
  )
  const pending: Waiting[] = []
  for (const claim of claims) {
    if (claim.terminal === terminal) {
      for (const range of intersectRanges(holes, claim)) pending.push({ ...range, box, at: claim.at })
    }
    holes = subtractRanges(holes, [claim])
  }
  for (const unheard of listUnheard(holders)) {
    if (unheard.terminal === terminal)
      for (const range of intersectRanges(holes, unheard)) pending.push({ ...range, box, at: 'unheard' })
    holes = subtractRanges(holes, [unheard])
  }
  return {
    stored: sizeOf(shares.filter((share) => share.terminal === terminal || share.terminal === null)),
    quarantined: quarantined.length,
    pending,
    open: keepOwn(holes, { shares, holders, terminal }).map((range) => ({ ...range, box })),
  }
}
