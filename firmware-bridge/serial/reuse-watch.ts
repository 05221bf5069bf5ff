import type { HelloLine } from '../line/box-line.ts'

/** From `from` to below `to`. */
export type SequenceRange = { from: number; to: number }

/** Where it is kept which sequences a box counts a second time, beyond this process. */
export type ReuseStore = {
  read(boxId: string): SequenceRange | null
  /** `null`: none any more. Returns only after the COMMIT; what was not saved is tried again at the next hello. */
  save(boxId: string, range: SequenceRange | null): 'saved' | 'full'
}

export type ReuseWatch = {
  /**
   * @param before the hello before, null for the first of this process
   * @param highestStored of this box, 0 for none
   * @returns whether its numbering has gone back
   */
  note(line: HelloLine, before: HelloLine | null, highestStored: number): boolean
  /** A press came under this sequence that is stored as another one. */
  prove(sequence: number, highestStored: number): void
  range(): SequenceRange | null
}

/**
 * Watches one box for sequences that it gives out a second time, since its EEPROM was erased, restored or swapped
 * while its identity stayed (PROTOCOL.md §8.7). Such a press can look exactly like a repeat of the stored one.
 *
 * What it held at that hello is taken for reused too: it may have been pressed on an unplugged cable. A range that
 * one single hello tells of is not saved: on a bad cable one damaged line in 65536 passes the CRC.
 */
export function makeReuseWatch(boxId: string, store: ReuseStore): ReuseWatch {
  let saved = store.read(boxId)
  let range = saved
  /** Below it all has been used up: because it is stored, or because two hellos in a row said so. */
  let certain = saved?.to ?? 0
  /** The same, of a single hello. */
  let told = certain
  let lowHellos = 0
  let isProven = saved !== null

  function save(): void {
    const next =
      isProven && range && range.from < certain ? { from: range.from, to: Math.min(range.to, certain) } : null
    if (next?.from === saved?.from && next?.to === saved?.to) return
    if (store.save(boxId, next) === 'saved') saved = next
  }

  function widen(from: number, to: number): void {
    range = { from: Math.max(1, Math.min(from, range?.from ?? from)), to: Math.max(to, range?.to ?? to) }
  }

  /** A box that can tell no number of the range any more: another one of the same identity, or a damaged hello. */
  function forgive(oldestHeld: number): void {
    const isOver = range !== null && (oldestHeld >= range.to || (!isProven && lowHellos === 1))
    lowHellos = 0
    if (!isOver) return
    range = null
    isProven = false
  }

  return {
    note(line, before, highestStored) {
      const { nextSequence: next } = line
      certain = Math.max(certain, highestStored + 1, before ? Math.min(before.nextSequence, next) : 0)
      const isBelowStored = next <= highestStored && (!before || hasRestarted(before, line))
      const hasGoneBack = isBelowStored || (before !== null && next < before.nextSequence)
      told = Math.max(told, next, before?.nextSequence ?? 0)
      const isLow = isBelowStored || (range !== null && next < range.to) || hasGoneBack
      if (isLow) {
        if (hasGoneBack) widen(next - line.pending, Math.max(told, certain))
        lowHellos += 1
        isProven ||= lowHellos > 1
      } else forgive(next - line.pending)
      save()
      return hasGoneBack
    },
    prove(sequence, highestStored) {
      certain = Math.max(certain, highestStored + 1, sequence + 1)
      widen(sequence, certain)
      isProven = true
      save()
    },
    range: () => range,
  }
}

/** Memory is never set back under a running box. */
function hasRestarted(before: HelloLine, now: HelloLine): boolean {
  return now.bootNumber !== before.bootNumber || now.boxNowMs < before.boxNowMs
}
