/**
 * Tells records that are spoilt one by one from a whole kind of them that the central does not know, as from a terminal newer than it.
 * A rejected record is gone for good, so those of such a kind are given up no faster than somebody can find out and bring the central up to date.
 */
import type { TerminalRecord } from '../../contracts/records.ts'

type Kind = TerminalRecord['kind']
/** The reasons of WIRE.md §7.1 for which a record that is alone in its batch is rejected unread. */
const unreadReasons: ReadonlySet<string> = new Set(['bad-shape', 'bad-columns'])
/** As many of a kind in a row may each have been spoilt for itself. */
const rejectsAtOnce = 5

export type RejectPace = {
  /** @returns how many of this kind in a row are more than `rejectsAtOnce` less one; 0 where the next batch needs no wait */
  noteRejected(kind: Kind, reason: string): number
  /** The central has taken records of these kinds. */
  noteAccepted(kinds: Iterable<Kind>): void
}

export function makeRejectPace(): RejectPace {
  // By kind: ticks and anchors, which any central reads, would hide that it reads no press.
  const inRow = new Map<Kind, number>()
  return {
    noteRejected(kind, reason) {
      if (!unreadReasons.has(reason)) return 0
      const count = (inRow.get(kind) ?? 0) + 1
      inRow.set(kind, count)
      return Math.max(0, count - rejectsAtOnce + 1)
    },
    noteAccepted(kinds) {
      for (const kind of kinds) inRow.delete(kind)
    },
  }
}
