import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises'
import type { SimulatedTerminal } from './simulated-terminal.ts'
import { waitUntil } from './wait-until.ts'

/** Two batches: the next is ready when the ack of the one before comes. */
const window = 400
/** Presses without a look at the outbox. */
const stride = 50
const hourMs = 3_600_000

export type Pace = {
  /** Resolves when the simulated moment has come; at once where presses come as fast as they are acknowledged. */
  reach(utcMs: number): Promise<void>
  isAsFastAsAcked: boolean
}

/** @param speed simulated seconds per second; `max`: as fast as the central acknowledges */
export function makePace(speed: number | 'max', fromMs: number, nowMs: () => number, signal: AbortSignal): Pace {
  const startedAtMs = nowMs()
  return {
    isAsFastAsAcked: speed === 'max',
    async reach(utcMs) {
      if (speed === 'max') return
      const waitMs = (utcMs - fromMs) / speed - (nowMs() - startedAtMs)
      if (waitMs > 0) await delay(waitMs, undefined, { signal }).catch(() => undefined)
    },
  }
}

type Event = { utcMs: number; run: () => Promise<void> | void }

function listEvents(terminal: SimulatedTerminal, onPress: () => void, signal: AbortSignal): Event[] {
  const { presses, faults, fromMs, untilMs } = terminal.plan
  const events: Event[] = presses.map((press) => ({
    utcMs: press.utcMs,
    run() {
      terminal.press(press)
      onPress()
    },
  }))
  for (let at = fromMs; at <= untilMs; at += hourMs) events.push({ utcMs: at, run: () => terminal.hour(at) })
  for (const { kind, utcMs, untilMs: endMs } of faults) {
    if (kind === 'duplicate') events.push({ utcMs, run: () => terminal.duplicate(signal) })
    else if (kind === 'offline')
      events.push({ utcMs, run: terminal.stopNetwork }, { utcMs: endMs, run: terminal.goOnline })
    else
      events.push(
        { utcMs, run: () => terminal.stopDaemon(kind) },
        { utcMs: endMs, run: () => terminal.startDaemon(endMs, kind) },
      )
  }
  return events.sort((a, b) => a.utcMs - b.utcMs)
}

/** Lets a terminal live through its plan; when `signal` aborts, nothing more is pressed. */
export async function playTerminal(
  terminal: SimulatedTerminal,
  pace: Pace,
  onPress: () => void,
  signal: AbortSignal,
): Promise<void> {
  terminal.goOnline()
  let since = 0
  for (const event of listEvents(terminal, onPress, signal)) {
    await pace.reach(event.utcMs)
    if (signal.aborted) break
    await event.run()
    since += 1
    if (!pace.isAsFastAsAcked || since < stride) continue
    since = 0
    await nextTurn()
    if (terminal.isOnline()) await waitUntil(() => terminal.undelivered() < window, Number.POSITIVE_INFINITY, signal)
  }
  terminal.finish()
}
