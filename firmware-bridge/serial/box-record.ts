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
  /** The sequences that the box counts a second time, from `from` to below `to`; null for a sound box. */
  reused(boxId: string): SequenceRange | null
}

type SequenceRange = { from: number; to: number }

/** One box, for as long as this process lives. */
type Known = { hello: HelloLine; highestStored: number; reused: SequenceRange | null }

/** More boxes than anybody plugs into one terminal; rubbish must not grow the memory. */
const maxBoxes = 32

/**
 * What the boxes have said about themselves, over all sessions of this process.
 *
 * A box whose EEPROM was erased, restored or swapped while its identity stayed gives sequences out a second time. Its
 * new presses can't be told from repeats of the old ones by their names, so the range is kept here.
 *
 * @param lastStoredOf the highest sequence of this box that the store holds, 0 for none; asked at its first hello
 */
export function makeBoxRecord(counters: LinkCounters, lastStoredOf: (boxId: string) => number): BoxRecord {
  const boxes = new Map<string, Known>()
  let last: BoxHello | null = null

  function recall(line: HelloLine): Known {
    const known = boxes.get(line.boxId) ?? { hello: line, highestStored: lastStoredOf(line.boxId), reused: null }
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
      const isNew = !boxes.has(line.boxId)
      const known = recall(line)
      counters.add('hello')
      if (change === 'other-box') counters.add('box-changed')
      countRefusals(isNew ? null : known.hello, line, counters)
      noteSetback(known, line, counters)
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
    reused: (boxId) => boxes.get(boxId)?.reused ?? null,
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

/** `next` never falls (PROTOCOL.md §5.1): all below it has been given out for ever. */
function noteSetback(known: Known, line: HelloLine, counters: LinkCounters): void {
  const { hello, highestStored, reused } = known
  const isFirst = hello === line
  const usedUpTo = Math.max(hello.nextSequence, highestStored + 1, reused?.to ?? 0)
  const hasGoneBack = isFirst ? line.nextSequence < usedUpTo : line.nextSequence < hello.nextSequence
  if (!hasGoneBack) return
  counters.add('sequence-went-back')
  known.reused = { from: Math.min(line.nextSequence, reused?.from ?? line.nextSequence), to: usedUpTo }
}
