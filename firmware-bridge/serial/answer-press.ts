import type { Clock } from '../../src/shared/clock.ts'
import type { AckLine, ButtonNumber, PressFlags, PressLine } from '../line/box-line.ts'
import type { BoxRecord } from './box-record.ts'
import type { LinkCounters } from './link-counters.ts'
import type { PressClock } from './press-clock.ts'

export type BoxPress = {
  boxId: string
  sequence: number
  button: ButtonNumber
  /** CLOCK_MONOTONIC ms of this host at which the press happened, best estimate; negative when it is older than the host's boot. */
  monoMs: number
  /** The press may have been up to this much earlier; null = unknown (the box was off, and no hello before is known). */
  spreadMs: number | null
  /** A stuck one is no press and must never be tallied, but is stored and acknowledged like one. */
  flags: PressFlags
}

/**
 * Returns only after the COMMIT, `stored` for a repeat too. `reused`: under this name another press is stored, with
 * another button or other flags; nothing was written.
 */
export type StorePress = (press: BoxPress) => 'stored' | 'full' | 'reused'

export type PressAnswererOptions = {
  counters: LinkCounters
  record: BoxRecord
  pressClock: PressClock
  clock: Clock
  onPress: StorePress
  /** Asks the box for a hello. */
  wake: () => void
}

export type PressAnswerer = {
  /** @returns the ack, null for a press that is left without answer for now */
  answer(line: PressLine): Omit<AckLine, 'type'> | null
  /** A valid hello has come. */
  noteHello(): void
}

/** Decides what is said to the presses of the box that this session has greeted. */
export function makePressAnswerer(options: PressAnswererOptions): PressAnswerer {
  const { counters, record, pressClock, clock, onPress, wake } = options
  /** A press that the box should not have any more; told again after a hello it is answered. */
  let stale: { sequence: number; isHelloHeard: boolean } | null = null

  /**
   * `E` carries no boot number: where the hello of a new boot was damaged, this may be another box's, or that of a box
   * set back, and its ack would destroy it (PROTOCOL.md §8.7).
   */
  function mustWaitForHello(line: PressLine): boolean {
    if (!record.isStale(line)) return false
    if (stale?.sequence === line.sequence) return !stale.isHelloHeard
    stale = { sequence: line.sequence, isHelloHeard: false }
    wake()
    return true
  }

  function isReused({ boxId, sequence }: PressLine): boolean {
    const reused = record.reused(boxId)
    return reused !== null && sequence >= reused.from && sequence < reused.to
  }

  function store(line: PressLine): ReturnType<StorePress> {
    const { boxId, sequence, button, ageMs, flags } = line
    const time = pressClock.timeOf({ sequence, ageMs }, clock.monoMs())
    const answer = onPress({ boxId, sequence, button, ...time, flags })
    if (answer === 'reused') record.noteReused(line)
    return answer
  }

  return {
    answer(line) {
      if (mustWaitForHello(line)) {
        counters.add('press-stale')
        return null
      }
      const { boxId, sequence } = line
      const answer = isReused(line) ? 'reused' : store(line)
      // Taken for the repeat that it looks like, this press would be lost; so the box keeps it and shows that it waits.
      if (answer === 'reused') counters.add('press-reused')
      counters.add(answer === 'stored' ? 'press-stored' : 'press-not-stored')
      if (answer === 'stored' && record.noteStored(boxId, sequence)) counters.add('press-repeated')
      return { boxId, sequence, status: answer === 'stored' ? 'committed' : 'cannot-store' }
    },
    noteHello() {
      if (stale) stale.isHelloHeard = true
    },
  }
}
