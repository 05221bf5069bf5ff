import type { Anchor } from '../port.ts'
import type { KeptRows } from './kept-rows.ts'

/** All anchors of a boot within a stretch of monoMs, ascending; `from` and `to` are infinite where nothing lies beyond. */
type Window = { bootNo: number; from: number; to: number; anchors: Anchor[] }

/** With all that a terminal may have, 50 MB. */
const maxTerminals = 20_000
/** An anchor an hour for more than the day that a press looks back. */
const maxOfTerminal = 32

/**
 * The anchors around each terminal's latest records, since every batch asks for them again. Of each terminal one boot's are kept, the
 * newest of them.
 */
export function makeAnchorWindows(kept: KeptRows) {
  const windows = kept.makeMap<number, Window>(maxTerminals)
  return {
    /** @returns anchors with `fromMonoMs` ≤ monoMs ≤ `toMonoMs` and the nearest beyond each end; null when not all of them are known here */
    around(terminalNo: number, bootNo: number, fromMonoMs: number, toMonoMs: number): Anchor[] | null {
      const window = windows.get(terminalNo)
      if (window?.bootNo !== bootNo) return null
      const { from, to, anchors } = window
      let first = 0
      while (first < anchors.length && (anchors[first] as Anchor).monoMs < fromMonoMs) first += 1
      let end = first
      while (end < anchors.length && (anchors[end] as Anchor).monoMs <= toMonoMs) end += 1
      // The nearest beyond an end is here, or there is none.
      if (first === 0 && from !== Number.NEGATIVE_INFINITY) return null
      if (end === anchors.length && to !== Number.POSITIVE_INFINITY) return null
      return anchors.slice(Math.max(0, first - 1), end + 1)
    },
    /** Keeps what the store gave as anchors around a span. */
    keep(terminalNo: number, bootNo: number, span: { from: number; to: number }, found: readonly Anchor[]): void {
      const anchors = found.slice(-maxOfTerminal)
      const [first, last] = [anchors[0], anchors.at(-1)]
      const hasBelow = first !== undefined && (first.monoMs < span.from || anchors.length < found.length)
      const from = hasBelow ? first.monoMs : Number.NEGATIVE_INFINITY
      const to = last !== undefined && last.monoMs > span.to ? last.monoMs : Number.POSITIVE_INFINITY
      const known = windows.get(terminalNo)
      // What is asked about the begin of a boot is of no use for its next records.
      if (known?.bootNo === bootNo && known.to > to) return
      windows.set(terminalNo, { bootNo, from, to, anchors })
    },
    /** An anchor was written: the window of its boot is read anew when it is next asked for. */
    drop: (terminalNo: number) => windows.delete(terminalNo),
  }
}
