/**
 * Keeps an eye on every ledger: what changed comes in, ledgers in short for the list of terminals come out, and an alarm for presses that
 * are missing.
 *
 * A hole may be nothing but a batch that is on its way, so that one is raised, once, when it still stands after a while; since when it
 * is known is kept in the store. Promises: no hole is forgotten by a restart, nor by a store that failed; ingest keeps most of the processor, so that with many
 * terminals a look may come late, never wrong.
 */
import type { Ledger, TerminalItem } from '../../contracts/http/terminals.ts'
import type { Clock } from '../../shared/clock.ts'
import { type Counters, makeCounters } from '../../shared/counters.ts'
import type { Logger } from '../../shared/logger.ts'
import type { Store } from '../store/port.ts'
import { type NotedMissing, noteMissing } from './note-missing.ts'
import { readLedger } from './read-ledger.ts'
import { sizeOf } from './seq-ranges.ts'

type Custody = NonNullable<TerminalItem['custody']>
type WatchCounter = 'ledgers' | 'missing-presses' | 'found-presses' | 'counted-twice' | 'failed-ledgers'
type Failed = { terminal: string; isItself: boolean; error: unknown }
export type CustodyWatchOptions = { store: Store; clock: Clock; logger: Logger }
export type CustodyWatch = {
  /** Their ledgers are looked at again before long. */
  noteChanged(terminals: Iterable<string>): void
  /** Null before the first look. */
  custodyOf(terminal: string): Custody | null
  /** Missing presses of all terminals, as last looked at. */
  missing(): number
  /** Looks at all that changed. Resolves when it is done, or sooner when that takes longer than `patienceMs`. */
  review(patienceMs: number): Promise<void>
  counters: Counters<WatchCounter>
  close(): Promise<void>
}

const reviewEveryMs = 60_000
const allEveryMs = 3_600_000
const workMs = 10
const restMs = 90

const inShort = ({
  pressed,
  stored,
  pending,
  missing,
  missingCount,
  quarantined,
  countedTwice = 0,
}: Ledger): Custody => {
  return { pressed, stored, pending, missing: missingCount ?? sizeOf(missing), quarantined, countedTwice }
}

export function openCustodyWatch({ store, clock, logger }: CustodyWatchOptions): CustodyWatch {
  const counters = makeCounters<WatchCounter>([
    'ledgers',
    'missing-presses',
    'found-presses',
    'counted-twice',
    'failed-ledgers',
  ])
  const known = new Map<string, Custody>()
  /** True where the terminal itself changed, false where one did that has had its box. */
  const changed = new Map<string, boolean>()
  /** Those with holes that may yet fill. */
  const unsettled = new Set<string>()
  let running: Promise<void> | null = null
  let isClosed = false
  let isFailing = false
  let allAtMs = Number.NEGATIVE_INFINITY

  function raise(terminal: string, noted: NotedMissing, custody: Custody): void {
    for (const { box, from, to, cause } of noted.raised) {
      counters.add('missing-presses', to - from + 1)
      logger.error({ terminal, box, from, to, cause }, 'presses are missing')
    }
    if (noted.foundPresses > 0) {
      counters.add('found-presses', noted.foundPresses)
      logger.info({ terminal, presses: noted.foundPresses }, 'presses that were missing are here')
    }
    if (custody.countedTwice > (known.get(terminal)?.countedTwice ?? 0)) {
      counters.add('counted-twice', custody.countedTwice)
      logger.error({ terminal, presses: custody.countedTwice }, 'presses were counted more than once')
    }
  }

  async function look(terminal: string): Promise<void> {
    const ledger = await readLedger(store.read, terminal, 'oldest')
    if (!ledger) return
    const noted = await noteMissing(store, terminal, ledger.missing, clock.wallMs())
    const custody = inShort(ledger)
    raise(terminal, noted, custody)
    known.set(terminal, custody)
    if (noted.isSettled) unsettled.delete(terminal)
    else unsettled.add(terminal)
    counters.add('ledgers')
  }

  /** What a box gave belongs to one of those that had it, so that what one of them tells may change what the others have. */
  async function noteMates(terminal: string): Promise<void> {
    for (const box of await store.read.boxesOf(terminal)) {
      for (const mate of await store.read.boxTold(box)) {
        if (mate.terminal !== terminal && !changed.has(mate.terminal)) changed.set(mate.terminal, false)
      }
    }
  }

  /** @returns what could not be looked at */
  async function lookAtChanged(): Promise<Failed[]> {
    const failed: Failed[] = []
    let workedFromMs = clock.monoMs()
    const lookAt = async (terminal: string, isItself: boolean) => {
      if (isClosed) return
      changed.delete(terminal)
      try {
        await look(terminal)
        if (isItself) await noteMates(terminal)
      } catch (error) {
        failed.push({ terminal, isItself, error })
      }
      if (clock.monoMs() - workedFromMs < workMs) return
      await new Promise((resolve) => setTimeout(resolve, restMs))
      workedFromMs = clock.monoMs()
    }
    // Those of now, then their mates: on a busy day there would be no end.
    for (const [terminal, isItself] of [...changed]) await lookAt(terminal, isItself)
    for (const [terminal, isItself] of [...changed]) if (!isItself) await lookAt(terminal, false)
    return failed
  }

  /** They are looked at again in the next round. A store that keeps failing is told of once. */
  function keep(failed: readonly Failed[]): void {
    for (const { terminal, isItself } of failed) changed.set(terminal, isItself || changed.get(terminal) === true)
    tellFailed(failed.length, failed[0]?.error)
  }

  function tellFailed(ledgers: number, error: unknown): void {
    counters.add('failed-ledgers', ledgers)
    if (ledgers > 0 && !isFailing)
      logger.error({ err: error, ledgers }, 'ledgers could not be looked at; it is tried again')
    isFailing = ledgers > 0
  }

  function run(): Promise<void> {
    running ??= noteAllWhenDue()
      .then(lookAtChanged)
      .then(keep)
      .catch((error: unknown) => tellFailed(1, error))
      .finally(() => {
        running = null
      })
    return running
  }

  async function noteAllWhenDue(): Promise<void> {
    for (const terminal of unsettled) if (!changed.has(terminal)) changed.set(terminal, false)
    if (clock.monoMs() - allAtMs < allEveryMs) return
    for (const { id } of await store.read.terminals()) if (!changed.has(id)) changed.set(id, false)
    allAtMs = clock.monoMs()
  }

  const timer = setInterval(() => void run(), reviewEveryMs)
  timer.unref()
  return {
    noteChanged(terminals) {
      for (const terminal of terminals) changed.set(terminal, true)
    },
    custodyOf: (terminal) => known.get(terminal) ?? null,
    missing: () => [...known.values()].reduce((sum, { missing }) => sum + missing, 0),
    async review(patienceMs) {
      let timeout: NodeJS.Timeout | undefined
      const tooLong = new Promise<void>((resolve) => {
        timeout = setTimeout(resolve, patienceMs)
      })
      await Promise.race([run(), tooLong])
      clearTimeout(timeout)
    },
    counters,
    async close() {
      isClosed = true
      clearInterval(timer)
      await running
    },
  }
}
