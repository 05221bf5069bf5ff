/**
 * The timekeeper: leaves the records by which the central later tells when each press happened, and when the terminal was able to
 * take one.
 *
 * Ticks bound boots that never learn the time: their own, and by their end that of the boot after it. An `anchor` says what the kernel's
 * clock showed while it was synchronised; `alive` says which stretch the terminal worked, hourly and at an orderly stop. Nothing here
 * waits for the time: a terminal that never learns it still takes presses.
 */
import type { NewRecord } from '../../contracts/records.ts'
import type { Clock } from '../../shared/clock.ts'
import { type KernelClock, makeKernelClock } from './kernel-clock.ts'

export type TimekeeperOptions = {
  append: (record: NewRecord) => 'stored' | 'repeat' | 'full'
  clock: Clock
  boot: string
  /** null where `clock` is not the kernel's. */
  kernelClock?: KernelClock | null
  tickEveryMs?: number
  /** While the time of this boot is known. */
  knownTickEveryMs?: number
  aliveEveryMs?: number
  anchorEveryMs?: number
}

export type Timekeeper = {
  clockState(): 'unsynchronised' | 'kernel' | 'exchange'
  /** The central has told the time: not this clock is right, but what is recorded can be placed. */
  noteExchange(at: { monoMs: number; utcMs: number }): void
  /** Best knowledge of UTC now, for what people see; null while nobody has told it in this boot. Presses are timed by the central alone. */
  utcMs(): number | null
  /** Appends the last stretch of work. */
  close(): void
}

/**
 * Begins at once, with a tick, so that even a boot of seconds has its place among the others.
 *
 * Until the time is known a tick comes every 5 min: what they leave open at either end of a boot is what its presses are uncertain by.
 * Afterwards only the end of the boot is still open, and a tick every 15 min is enough to place the presses of a next boot without the
 * time to a quarter of an hour, at a third of the writes to the card and of the central's rows.
 */
export function openTimekeeper(options: TimekeeperOptions): Timekeeper {
  const { append, clock, boot, kernelClock = makeKernelClock(clock) } = options
  const {
    tickEveryMs = 300_000,
    knownTickEveryMs = 900_000,
    aliveEveryMs = 3_600_000,
    anchorEveryMs = 3_600_000,
  } = options
  let aliveFromMs = clock.monoMs()
  let exchange: { monoMs: number; utcMs: number } | null = null
  let anchoredAtMs: number | null = null
  let tickedAtMs: number | null = null
  const now = () => ({ boot, monoMs: clock.monoMs(), wallMs: clock.wallMs() })
  const readKernel: KernelClock = () => (kernelClock ? kernelClock() : null)

  function anchor(): void {
    const kernel = readKernel()
    const at = now()
    if (!kernel || (anchoredAtMs !== null && at.monoMs - anchoredAtMs < anchorEveryMs)) return
    const record = { ...at, kind: 'anchor', utcMs: at.wallMs, errorMs: kernel.errorMs, clock: 'kernel' } as const
    if (append(record) !== 'full') anchoredAtMs = at.monoMs
  }

  function tick(): void {
    const at = now()
    const isKnown = exchange !== null || anchoredAtMs !== null
    // Timers drift against the clock: half a period of grace keeps every third one.
    const dueMs = isKnown ? knownTickEveryMs - tickEveryMs / 2 : 0
    if (tickedAtMs === null || at.monoMs - tickedAtMs >= dueMs) {
      if (append({ ...at, kind: 'tick' }) !== 'full') tickedAtMs = at.monoMs
    }
    anchor()
  }

  function noteAlive(): void {
    const at = now()
    append({ ...at, kind: 'alive', coveredMs: at.monoMs - aliveFromMs })
    // Begins anew where the disk refused too: an hour in which nothing could be stored is not one in which the terminal worked.
    aliveFromMs = at.monoMs
  }

  tick()
  const timers = [setInterval(tick, tickEveryMs), setInterval(noteAlive, aliveEveryMs)]
  return {
    clockState() {
      if (readKernel()) return 'kernel'
      return exchange ? 'exchange' : 'unsynchronised'
    },
    noteExchange({ monoMs, utcMs }) {
      exchange = { monoMs, utcMs }
    },
    utcMs() {
      if (readKernel()) return clock.wallMs()
      return exchange && exchange.utcMs + (clock.monoMs() - exchange.monoMs)
    },
    close() {
      for (const timer of timers) clearInterval(timer)
      noteAlive()
    },
  }
}
