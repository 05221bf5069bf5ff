import type { SeqRange } from '../store/port.ts'

/** Closed ranges of whole numbers, ascending, not touching unless said otherwise. */
export const sizeOf = (ranges: readonly SeqRange[]): number =>
  ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0)

/** What of `ranges` is in none of `taken`; `taken` in any order and overlapping. */
export function subtractRanges<R extends SeqRange>(ranges: readonly R[], taken: readonly SeqRange[]): R[] {
  let left = [...ranges]
  for (const { from, to } of taken) {
    left = left.flatMap((range) => {
      if (range.to < from || range.from > to) return [range]
      return [
        ...(range.from < from ? [{ ...range, to: from - 1 }] : []),
        ...(range.to > to ? [{ ...range, from: to + 1 }] : []),
      ]
    })
  }
  return left
}

/** What `range` has in common with others, in their order. */
export function intersectRanges(ranges: readonly SeqRange[], { from, to }: SeqRange): SeqRange[] {
  return ranges
    .map((range) => ({ from: Math.max(range.from, from), to: Math.min(range.to, to) }))
    .filter((range) => range.from <= range.to)
}

/** What lies in 1 … `last` and in none of the ranges, ascending. */
export const findHoles = (ranges: readonly SeqRange[], last: number): SeqRange[] =>
  last < 1 ? [] : subtractRanges([{ from: 1, to: last }], ranges)

/** Takes the highest `count` numbers: what waits is what was pressed last. */
export function splitNewest<R extends SeqRange>(ranges: readonly R[], count: number): { older: R[]; newest: R[] } {
  const newest: R[] = []
  let left = count
  for (const range of [...ranges].reverse()) {
    const taken = Math.min(left, range.to - range.from + 1)
    left -= taken
    if (taken > 0) newest.unshift({ ...range, from: range.to - taken + 1 })
  }
  return { older: subtractRanges(ranges, newest), newest }
}
