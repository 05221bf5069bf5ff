import type { Clock } from '../../src/shared/clock.ts'
import { parseBoxLine } from '../line/parse-line.ts'
import { makeByteBudget } from './byte-budget.ts'
import { makeLineSplitter } from './line-splitter.ts'
import type { LinkCounters } from './link-counters.ts'

export type LineIntakeOptions = {
  clock: Clock
  counters: LinkCounters
  onLine: (parsed: ReturnType<typeof parseBoxLine>) => void
}

/**
 * Makes lines of the bytes of one session: counted, and no more of them than a line can carry.
 *
 * @returns takes the next bytes; `onLine` is called for each line that they end, before it returns
 */
export function makeLineIntake({ clock, counters, onLine }: LineIntakeOptions): (bytes: Uint8Array) => void {
  const takeFromBudget = makeByteBudget(clock)
  const splitter = makeLineSplitter({
    onLine: (text) => onLine(parseBoxLine(text)),
    onTooLong: () => counters.add('line-too-long'),
  })
  return (bytes) => {
    counters.add('bytes', bytes.length)
    const taken = takeFromBudget(bytes.length)
    splitter.push(bytes.subarray(0, taken))
    if (taken === bytes.length) return
    counters.add('bytes-flooded', bytes.length - taken)
    splitter.skipToNextLine()
  }
}
