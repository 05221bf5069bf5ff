import type { SeqRange } from '../store/custody.ts'

export type SeqSet = {
  /** @returns false when the number was there already */
  add(seq: number): boolean
  /** Closed ranges, ascending, with a hole between each two. */
  ranges(): SeqRange[]
}

/** Index of the first range that ends at or behind `seq − 1`, the only one that `seq` can lie in or join on to from below. */
function findRange(ranges: readonly SeqRange[], seq: number): number {
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ranges[middle] as SeqRange).to >= seq - 1) high = middle
    else low = middle + 1
  }
  return low
}

/**
 * A set of whole numbers kept as merged ranges: the presses of a box that are stored. A year of presses is one range.
 *
 * @param initial closed ranges, ascending, not touching each other
 */
export function makeSeqSet(initial: readonly SeqRange[]): SeqSet {
  const ranges = initial.map((range) => ({ ...range }))
  return {
    add(seq) {
      const at = findRange(ranges, seq)
      const range = ranges[at]
      if (!range || range.from > seq + 1) {
        ranges.splice(at, 0, { from: seq, to: seq })
        return true
      }
      if (range.from <= seq && seq <= range.to) return false
      if (seq === range.from - 1) {
        range.from = seq
        return true
      }
      range.to = seq
      const next = ranges[at + 1]
      if (next && next.from === seq + 1) {
        range.to = next.to
        ranges.splice(at + 1, 1)
      }
      return true
    },
    ranges: () => ranges.map((range) => ({ ...range })),
  }
}
