import type { BoxShare, BoxTold, SeqRange } from '../store/port.ts'
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
/** A terminal that has or had the box; `told` is null when it never told of it. */
export type Holder = { terminal: string; report: Report; told: Omit<BoxTold, 'terminal'> | null }

/** Whose word about the box is the last: its numbers only rise, so that no clock is needed but between two who tell the same. */
function findLastTold(holders: readonly Holder[]): { terminal: string; told: Omit<BoxTold, 'terminal'> } | null {
  let last: { terminal: string; told: Omit<BoxTold, 'terminal'> } | null = null
  for (const { terminal, told } of holders) {
    const isLater =
      told && (!last || told.next > last.told.next || (told.next === last.told.next && told.atMs > last.told.atMs))
    if (isLater) last = { terminal, told }
  }
  return last
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

/** A number that nobody has belongs to whoever delivered the one before it; below all of them, to whoever delivered the first. */
function keepOwn(holes: readonly SeqRange[], shares: readonly BoxShare[], terminal: string): SeqRange[] {
  return holes.filter((hole) => {
    const owner = (shares.findLast((share) => share.to < hole.from) ?? shares[0])?.terminal
    return owner === terminal || owner == null
  })
}

/**
 * The numbers that may lie in a terminal's outbox although it never said so: those which the box held or gave after this terminal last
 * spoke of it. Nobody can know before it is heard again; once it was, after the box had gone to another, its word stands.
 */
function findUnheard(holders: readonly Holder[], terminal: string, lastNumber: number): SeqRange | null {
  const me = holders.find((holder) => holder.terminal === terminal)
  const last = findLastTold(holders)
  if (!me?.told || !last) return null
  if (last.terminal === terminal) return { from: me.told.next, to: lastNumber }
  const lastWordMs = me.report.toldAtMs ?? me.told.atMs
  if (lastWordMs > me.told.atMs || lastWordMs > last.told.fromAtMs) return null
  return { from: Math.max(1, me.told.next - me.told.pending), to: lastNumber }
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
  const claims = listClaims(box, holders)
  const last = Math.max(
    shares.at(-1)?.to ?? 0,
    (findLastTold(holders)?.told.next ?? 1) - 1,
    // What came from the box between its last word and the report is in an outbox already.
    ...claims.map(({ to }) => to),
  )
  let holes = findHoles(shares, last)
  const quarantined = aside.filter((seq) => holes.some(({ from, to }) => from <= seq && seq <= to))
  holes = subtractRanges(
    holes,
    quarantined.map((seq) => ({ from: seq, to: seq })),
  )
  const pending: Waiting[] = []
  for (const claim of claims) {
    if (claim.terminal === terminal) {
      pending.push(...intersectRanges(holes, claim).map((range) => ({ ...range, box, at: claim.at })))
    }
    holes = subtractRanges(holes, [claim])
  }
  const own = keepOwn(holes, shares, terminal)
  const unheardOf = findUnheard(holders, terminal, last)
  const unheard = unheardOf ? intersectRanges(own, unheardOf) : []
  pending.push(...unheard.map((range) => ({ ...range, box, at: 'unheard' as const })))
  return {
    stored: sizeOf(shares.filter((share) => share.terminal === terminal || share.terminal === null)),
    quarantined: quarantined.length,
    pending,
    open: subtractRanges(own, unheard).map((range) => ({ ...range, box })),
  }
}
