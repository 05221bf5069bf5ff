/** To whom the numbers of a box belong that are neither stored nor known to wait: each to one of the terminals that had the box. */
import type { BoxShare, SeqRange } from '../store/custody.ts'
import type { Holder } from './account-box.ts'
import type { Report } from './read-report.ts'
import { intersectRanges, subtractRanges } from './seq-ranges.ts'

type Part = SeqRange & { terminal: string }

/** What the box gave while it is known to have been here; what still lay in it at the end may have gone to the next one. */
function listTenures(holders: readonly Holder[]): Part[] {
  const tenures = holders.flatMap(({ terminal, told }) =>
    told ? [{ terminal, from: told.fromNext, to: told.next - told.pending - 1 }] : [],
  )
  // Two can't have had it from the same number on: then it isn't known who had it (006-tenure.ts gives 1 where nothing was kept).
  return tenures
    .filter((one) => one.from <= one.to && tenures.every((other) => other === one || other.from !== one.from))
    .sort((a, b) => b.from - a.from)
}

/** Presses may wait there that it does not list. */
const isHiding = ({ isUnreadable, waiting, unacknowledged }: Report): boolean =>
  isUnreadable || (waiting ? waiting.more > 0 : unacknowledged !== 0)

/**
 * What may lie unlisted in an outbox: what the box held when it came there, which is no more than what the one before did not take, and
 * all since; where it had the box before and has lost count of when, from the first that it delivered on.
 */
function listHidden(holders: readonly Holder[], shares: readonly BoxShare[]): Part[] {
  return holders.flatMap(({ terminal, told, report }) => {
    if (!told || !isHiding(report)) return []
    const before = holders.flatMap((one) =>
      one.terminal !== terminal && one.told && one.told.next <= told.fromNext ? [one.told.next - one.told.pending] : [],
    )
    const came = before.length > 0 ? Math.max(...before) : told.fromNext
    const delivered = shares.find((share) => share.terminal === terminal)?.from ?? came
    return [{ terminal, from: Math.min(came, delivered, told.fromNext), to: told.next - 1 }]
  })
}

/** To whoever delivered the one before it; below all of them, to whoever delivered the first. */
function keepNeighbours(holes: readonly SeqRange[], shares: readonly BoxShare[], terminal: string): SeqRange[] {
  let at = -1
  return holes.filter((hole) => {
    while ((shares[at + 1]?.to ?? Number.POSITIVE_INFINITY) < hole.from) at += 1
    const owner = shares[Math.max(0, at)]?.terminal
    return owner === terminal || owner == null
  })
}

/**
 * Those of the holes that are a terminal's own. A number belongs to the one that had the box when the box gave it. Where that is not known
 * it belongs to one that may have it and can't say so, else to the neighbour of the number before it.
 *
 * @param holes ascending
 * @returns ascending
 */
export function keepOwn(
  holes: readonly SeqRange[],
  { shares, holders, terminal }: { shares: readonly BoxShare[]; holders: readonly Holder[]; terminal: string },
): SeqRange[] {
  let left = [...holes]
  const own: SeqRange[] = []
  for (const part of [...listTenures(holders), ...listHidden(holders, shares)]) {
    if (part.terminal === terminal) own.push(...intersectRanges(left, part))
    left = subtractRanges(left, [part])
  }
  own.push(...keepNeighbours(left, shares, terminal))
  return own.sort((a, b) => a.from - b.from)
}
