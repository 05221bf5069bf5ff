import type { HelloLine, PressLine } from '../line/box-line.ts'
import type { LinkCounters } from './link-counters.ts'
import { makeReuseWatch, type ReuseStore, type SequenceRange } from './reuse-watch.ts'

/** Compared with the hello before, in this process. */
type BoxChange = 'first' | 'none' | 'reboot' | 'other-box'

export type BoxHello = Omit<HelloLine, 'type'> & { change: BoxChange }

export type BoxRecord = {
  /** Notes a hello, counts what it tells, and says what is new about it. */
  note(line: HelloLine): BoxHello
  last(): BoxHello | null
  /** Notes a stored press; true when it, or a later one, had been stored before. */
  noteStored(boxId: string, sequence: number): boolean
  /** Notes a press that came under the name of another one that is stored. */
  noteReused(press: PressLine): void
  /** The sequences that the box counts a second time; null for a sound box. */
  reused(boxId: string): SequenceRange | null
  /** It may be stored, and by its last hello the box had no such press left to tell. */
  isStale(press: PressLine): boolean
}

export type BoxRecordOptions = {
  counters: LinkCounters
  /** The highest sequence of this box that the store holds, 0 for none; asked at its first hello. */
  lastStoredOf: (boxId: string) => number
  reuseStore: ReuseStore
}

/** One box, for as long as this process lives. */
type Known = { hello: HelloLine; highestStored: number; reuse: ReturnType<typeof makeReuseWatch> }

/** More boxes than anybody plugs into one terminal; rubbish must not grow the memory. */
const maxBoxes = 32

/** What the boxes have said about themselves, over all sessions of this process. */
export function makeBoxRecord({ counters, lastStoredOf, reuseStore }: BoxRecordOptions): BoxRecord {
  const boxes = new Map<string, Known>()
  let last: BoxHello | null = null

  function meet(line: HelloLine): Known {
    const { boxId } = line
    return { hello: line, highestStored: lastStoredOf(boxId), reuse: makeReuseWatch(boxId, reuseStore) }
  }

  function recall(line: HelloLine): Known {
    const known = boxes.get(line.boxId) ?? meet(line)
    boxes.delete(line.boxId)
    boxes.set(line.boxId, known)
    for (const oldest of boxes.keys()) if (boxes.size > maxBoxes) boxes.delete(oldest)
    return known
  }

  function compare(line: HelloLine): BoxChange {
    if (!last) return 'first'
    if (line.boxId !== last.boxId) return 'other-box'
    return line.bootNumber === last.bootNumber ? 'none' : 'reboot'
  }

  return {
    note(line) {
      const change = compare(line)
      const known = recall(line)
      const before = known.hello === line ? null : known.hello
      counters.add('hello')
      if (change === 'other-box') counters.add('box-changed')
      countRefusals(before, line, counters)
      if (known.reuse.note(line, before, known.highestStored)) counters.add('sequence-went-back')
      known.hello = line
      const { type: _, ...told } = line
      last = { ...told, change }
      return last
    },
    last: () => last,
    noteStored(boxId, sequence) {
      const known = boxes.get(boxId)
      if (!known) return false
      if (sequence <= known.highestStored) return true
      known.highestStored = sequence
      return false
    },
    noteReused({ boxId, sequence }) {
      const known = boxes.get(boxId)
      known?.reuse.prove(sequence, known.highestStored)
    },
    reused: (boxId) => boxes.get(boxId)?.reuse.range() ?? null,
    isStale({ boxId, sequence }) {
      const known = boxes.get(boxId)
      if (!known) return false
      const { nextSequence, pending } = known.hello
      return sequence <= known.highestStored && sequence < nextSequence - pending
    },
  }
}

/** `dropped` and `bad` are per boot (PROTOCOL.md §5.1): a new boot starts at 0 again. */
function countRefusals(before: HelloLine | null, now: HelloLine, counters: LinkCounters): void {
  const isSameBoot = before?.bootNumber === now.bootNumber
  if (before && !isSameBoot) counters.add('box-reboot')
  if (before && now.bootNumber < before.bootNumber) counters.add('boot-went-back')
  counters.add('box-dropped', Math.max(0, now.dropped - (isSameBoot ? before.dropped : 0)))
  counters.add('box-bad', Math.max(0, now.bad - (isSameBoot ? before.bad : 0)))
}
