import type { BoxShare, SeqRange } from '../store/port.ts'
import type { Report } from './read-report.ts'
import { findHoles, intersectRanges, sizeOf, subtractRanges } from './seq-ranges.ts'

/** Where presses wait: at the box, in the outbox, or with a terminal that has not been heard since. */
type Waiting = SeqRange & { box: string; at: 'box' | 'outbox' | 'unheard' }
export type BoxAccount = {
  /** Numbers that this terminal delivered first. */
  stored: number
  /** Numbers whose content was kept aside, and that are stored under no other record. */
  quarantined: number
  pending: Waiting[]
  /** Numbers of this terminal that are neither stored nor known to wait. */
  open: (SeqRange & { box: string })[]
}
type Holder = { terminal: string; report: Report }

/** What the holders of a box say they have, in the order in which it is believed: what is in an outbox has left the box. */
function listClaims(box: string, holders: readonly Holder[]): (Waiting & { terminal: string })[] {
  const outboxes = holders.flatMap(({ terminal, report }) =>
    (report.waiting?.boxes ?? [])
      .filter((range) => range.box === box)
      .map((range) => ({ ...range, terminal, at: 'outbox' as const })),
  )
  const boxes = holders.flatMap(({ terminal, report }) => {
    const state = report.box
    if (state?.id !== box || state.pending === 0) return []
    return [{ box, terminal, from: Math.max(1, state.next - state.pending), to: state.next - 1, at: 'box' as const }]
  })
  return [...outboxes, ...boxes]
}

/** A number that nobody has belongs to whoever delivered the one before it; below all of them, to whoever delivered the first. */
function keepOwn(holes: readonly SeqRange[], shares: readonly BoxShare[], terminal: string): SeqRange[] {
  return holes.filter((hole) => {
    const owner = (shares.findLast((share) => share.to < hole.from) ?? shares[0])?.terminal
    return owner === terminal || owner == null
  })
}

/**
 * A terminal's part in the presses of a box that it holds or held. Every number that the box ever gave belongs to one terminal: a stored
 * one to that which delivered it first, a waiting one to that which has it, any other to the neighbour of the one before it.
 *
 * @param holders every terminal known to have had the box, `terminal` among them
 * @param aside numbers kept aside for this terminal
 */
export function accountBox(
  box: string,
  terminal: string,
  { shares, holders, aside }: { shares: readonly BoxShare[]; holders: readonly Holder[]; aside: readonly number[] },
): BoxAccount {
  const saidNext = (holder: Holder) => (holder.report.box?.id === box ? holder.report.box.next : 0)
  const last = Math.max(shares.at(-1)?.to ?? 0, ...holders.map((holder) => saidNext(holder) - 1))
  let holes = findHoles(shares, last)
  const quarantined = aside.filter((seq) => holes.some(({ from, to }) => from <= seq && seq <= to))
  holes = subtractRanges(
    holes,
    quarantined.map((seq) => ({ from: seq, to: seq })),
  )
  const pending: Waiting[] = []
  for (const claim of listClaims(box, holders)) {
    if (claim.terminal === terminal) {
      pending.push(...intersectRanges(holes, claim).map((range) => ({ ...range, box, at: claim.at })))
    }
    holes = subtractRanges(holes, [claim])
  }
  const own = keepOwn(holes, shares, terminal)
  // What the box gave after this terminal last spoke of it may lie in its outbox: nobody can know before it is heard again.
  const me = holders.find((holder) => holder.terminal === terminal)
  const next = me ? saidNext(me) : 0
  const unheard = next > 0 ? intersectRanges(own, { from: next, to: last }) : []
  pending.push(...unheard.map((range) => ({ ...range, box, at: 'unheard' as const })))
  return {
    stored: sizeOf(shares.filter((share) => share.terminal === terminal || share.terminal === null)),
    quarantined: quarantined.length,
    pending,
    open: subtractRanges(own, unheard).map((range) => ({ ...range, box })),
  }
}
