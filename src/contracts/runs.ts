/**
 * Run-length columns of a batch. `[['box', 3], ['touch', 1]]` stands for box, box, box, touch.
 * The decoders need the expected length: a run count from outside never decides how much memory is used.
 */

import { maxBoxSeq } from './limits.ts'

export type Run<T> = [value: T, count: number]

export function encodeRuns<T>(values: readonly T[]): Run<T>[] {
  const runs: Run<T>[] = []
  for (const value of values) {
    const last = runs.at(-1)
    if (last && last[0] === value) last[1] += 1
    else runs.push([value, 1])
  }
  return runs
}

/** @returns the values, or null when the counts do not add up to `length`. */
export function decodeRuns<T>(runs: readonly (readonly [T, number])[], length: number): T[] | null {
  const values: T[] = []
  for (const [value, count] of runs) {
    if (count < 1 || values.length + count > length) return null
    for (let i = 0; i < count; i += 1) values.push(value)
  }
  return values.length === length ? values : null
}

/** First value, then differences; empty for empty. */
export function encodeDeltas(values: readonly number[]): number[] {
  return values.map((value, i) => (i === 0 ? value : value - (values[i - 1] ?? 0)))
}

/** @returns the values, or null when one leaves the safe integers. */
export function decodeDeltas(deltas: readonly number[]): number[] | null {
  let sum = 0
  const values: number[] = []
  for (const delta of deltas) {
    sum += delta
    if (!Number.isSafeInteger(sum)) return null
    values.push(sum)
  }
  return values
}

/** A box and the first of some sequences that follow each other: `[box, firstSeq, count]`. */
export type BoxRun = [box: string, firstSeq: number, count: number]

export function encodeBoxRuns(presses: readonly { box: string; boxSeq: number }[]): BoxRun[] {
  const runs: BoxRun[] = []
  for (const { box, boxSeq } of presses) {
    const last = runs.at(-1)
    if (last && last[0] === box && last[1] + last[2] === boxSeq) last[2] += 1
    else runs.push([box, boxSeq, 1])
  }
  return runs
}

export function decodeBoxRuns(
  runs: readonly (readonly [string, number, number])[],
  length: number,
): { box: string; boxSeq: number }[] | null {
  const presses: { box: string; boxSeq: number }[] = []
  for (const [box, firstSeq, count] of runs) {
    if (count < 1 || presses.length + count > length || firstSeq + count - 1 > maxBoxSeq) return null
    for (let i = 0; i < count; i += 1) presses.push({ box, boxSeq: firstSeq + i })
  }
  return presses.length === length ? presses : null
}
