/**
 * The timekeeper: leaves the records by which the central later tells when each press happened, and when the terminal was able to
 * take one.
 *
 * A `tick` every 5 min bounds boots that never learn the time; an `anchor` says what the kernel's clock showed while it was
 * synchronised; `alive` says which stretch the terminal worked, hourly and at an orderly stop. Nothing here waits for the time:
 * a terminal that never learns it still takes presses.
 */
import { existsSync } from 'node:fs'
import type { NewRecord } from '../../contracts/records.ts'
import type { Clock } from '../../shared/clock.ts'

export type TimekeeperOptions = {
  append: (record: NewRecord) => 'stored' | 'repeat' | 'full'
  clock: Clock
  boot: string
  /** Exists while the kernel's clock is synchronised. */
  synchronizedPath?: string
  tickEveryMs?: number
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

/** systemd-timesyncd touches it at each synchronisation; /run is empty after a boot. */
const timesyncdPath = '/run/systemd/timesync/synchronized'
/** SNTP over the internet errs by tens of ms; a crystal that is 100 ppm off adds 0.2 s over timesyncd's longest poll of 2,048 s. */
const kernelErrorMs = 1_000

/** Begins at once, with a tick. */
export function openTimekeeper(options: TimekeeperOptions): Timekeeper {
  const { append, clock, boot, synchronizedPath = timesyncdPath } = options
  const { tickEveryMs = 300_000, aliveEveryMs = 3_600_000, anchorEveryMs = 3_600_000 } = options
  let aliveFromMs = clock.monoMs()
  let exchange: { monoMs: number; utcMs: number } | null = null
  let anchoredAtMs: number | null = null
  const now = () => ({ boot, monoMs: clock.monoMs(), wallMs: clock.wallMs() })
  const isKernelSynchronised = () => existsSync(synchronizedPath)

  function anchor(): void {
    const at = now()
    if (!isKernelSynchronised() || (anchoredAtMs !== null && at.monoMs - anchoredAtMs < anchorEveryMs)) return
    const record = { ...at, kind: 'anchor', utcMs: at.wallMs, errorMs: kernelErrorMs, clock: 'kernel' } as const
    if (append(record) !== 'full') anchoredAtMs = at.monoMs
  }

  function tick(): void {
    append({ ...now(), kind: 'tick' })
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
      if (isKernelSynchronised()) return 'kernel'
      return exchange ? 'exchange' : 'unsynchronised'
    },
    noteExchange({ monoMs, utcMs }) {
      exchange = { monoMs, utcMs }
    },
    utcMs() {
      if (exchange) return exchange.utcMs + (clock.monoMs() - exchange.monoMs)
      return isKernelSynchronised() ? clock.wallMs() : null
    },
    close() {
      for (const timer of timers) clearInterval(timer)
      noteAlive()
    },
  }
}
