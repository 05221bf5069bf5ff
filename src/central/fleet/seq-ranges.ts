import type { SeqRange } from '../store/custody.ts'

/** Closed ranges of whole numbers, ascending, not touching unless said otherwise. */
export const sizeOf = (ranges: readonly SeqRange[]): number =>
  ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0)

/** Index of the first of some ascending ranges that does not end before a number. */
function findReaching(ranges: readonly SeqRange[], seq: number): number {
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ranges[middle] as SeqRange).to >= seq) high = middle
    else low = middle + 1
  }
  return low
}

/** In order, and joined where they overlap. */
function mergeRanges(ranges: readonly SeqRange[]): SeqRange[] {
  const merged: SeqRange[] = []
  for (const { from, to } of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1)
    if (last && from <= last.to) last.to = Math.max(last.to, to)
    else merged.push({ from, to })
  }
  return merged
}

/** Whether a number is in one of some ranges. */
export const hasSeq = (ranges: readonly SeqRange[], seq: number): boolean =>
  (ranges[findReaching(ranges, seq)]?.from ?? Number.POSITIVE_INFINITY) <= seq

/** What of `ranges` is in none of `taken`; both in any order, `taken` overlapping or not. */
export function subtractRanges<R extends SeqRange>(ranges: readonly R[], taken: readonly SeqRange[]): R[] {
  const merged = mergeRanges(taken)
  const left: R[] = []
  for (const range of ranges) {
    let next = range.from
    for (let i = findReaching(merged, next); i < merged.length && next <= range.to; i += 1) {
      const { from, to } = merged[i] as SeqRange
      if (from > range.to) break
      if (from > next) left.push({ ...range, from: next, to: from - 1 })
      next = to + 1
    }
    if (next <= range.to) left.push({ ...range, from: next })
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

/** Takes the last `count` numbers: what waits is what was pressed last. */
export function splitNewest<R extends SeqRange>(ranges: readonly R[], count: number): { older: R[]; newest: R[] } {
  const [older, newest]: [R[], R[]] = [[], []]
  let left = count
  for (const range of [...ranges].reverse()) {
    const taken = Math.min(left, range.to - range.from + 1)
    left -= taken
    const from = range.to - taken + 1
    if (taken > 0) newest.push({ ...range, from })
    if (from > range.from) older.push({ ...range, to: from - 1 })
  }
  return { older: older.reverse(), newest: newest.reverse() }
}
