import type { HelloLine } from '../line/box-line.ts'
import type { LinkCounters } from './link-counters.ts'

/** Compared with the hello before, in this process. */
type BoxChange = 'first' | 'none' | 'reboot' | 'other-box'

export type BoxHello = Omit<HelloLine, 'type'> & { change: BoxChange }

export type BoxRecord = {
  /** Notes a hello, counts what it tells, and says what is new about it. */
  note(line: HelloLine): BoxHello
  last(): BoxHello | null
  /** Notes a stored press; true when it, or a later one, had been stored before. */
  noteStored(boxId: string, sequence: number): boolean
}

/** What the box has said about itself, over all sessions of this process. */
export function makeBoxRecord(counters: LinkCounters): BoxRecord {
  let last: BoxHello | null = null
  let highest = { boxId: '', sequence: 0 }

  function compare(line: HelloLine): BoxChange {
    if (!last) return 'first'
    if (line.boxId !== last.boxId) return 'other-box'
    return line.bootNumber === last.bootNumber ? 'none' : 'reboot'
  }

  return {
    note(line) {
      const change = compare(line)
      if (last && change !== 'other-box') countSetbacks(last, line, counters)
      // `dropped` and `bad` are per boot (PROTOCOL.md §5.1): a new boot starts at 0 again.
      const since = change === 'none' && last ? last : { dropped: 0, bad: 0 }
      counters.add('box-dropped', Math.max(0, line.dropped - since.dropped))
      counters.add('box-bad', Math.max(0, line.bad - since.bad))
      counters.add('hello')
      if (change === 'reboot') counters.add('box-reboot')
      if (change === 'other-box') counters.add('box-changed')
      const { type: _, ...told } = line
      last = { ...told, change }
      return last
    },
    last: () => last,
    noteStored(boxId, sequence) {
      if (boxId === highest.boxId && sequence <= highest.sequence) return true
      highest = { boxId, sequence }
      return false
    },
  }
}

function countSetbacks(before: BoxHello, now: HelloLine, counters: LinkCounters): void {
  if (now.bootNumber < before.bootNumber) counters.add('boot-went-back')
  if (now.nextSequence < before.nextSequence) counters.add('sequence-went-back')
}
