/**
 * The daemon's end of the serial line.
 *
 * In: a way to open ports, and a store for presses and identities, both as arguments. Out: presses, each handed on
 * until it is stored, and what the box says of itself.
 *
 * Promises: a press is acknowledged only after `onPress` has returned 'stored', which is after its COMMIT. Nothing is
 * written before the box has spoken on this very connection, and nothing waits over from an earlier one. A port that
 * fails, hangs up or falls silent is closed and a new one opened, for ever. Rubbish is counted by its reason.
 */
import { makeBackoff } from '../../src/shared/backoff.ts'
import type { Clock } from '../../src/shared/clock.ts'
import { AppError } from '../../src/shared/errors.ts'
import type { Logger } from '../../src/shared/logger.ts'
import type { LightMode } from '../line/box-line.ts'
import type { StorePress } from './answer-press.ts'
import { drawBoxId } from './box-id.ts'
import type { BoxPort, PortOpener } from './box-port.ts'
import { type BoxHello, makeBoxRecord } from './box-record.ts'
import { type BoxSession, openBoxSession } from './box-session.ts'
import type { SaveBoxId } from './give-identity.ts'
import { makeLinkCounters } from './link-counters.ts'
import { makePressClock } from './press-clock.ts'
import type { ReuseStore } from './reuse-watch.ts'

/**
 * What the link is about. Each comes with a reason, a sentence for people.
 *
 * - `searching`: there is no device at the path (`box-port-missing`). Tried again, like `down`.
 * - `opening`: the device is being opened.
 * - `handshake`: it is open, and the box has not said anything that acks could be built on: nothing yet, no identity,
 *   another version of the protocol, or sequences that it had used up before.
 * - `up`: the box has said hello, its presses are taken and acknowledged.
 * - `down`: the device can't be opened (`box-port-failed`, `box-port-busy`), or the session has ended: hung up, silent.
 *
 * After `searching` and `down` the next attempt follows in 0.25 s, doubling to 5 s, less up to a half of it; in 0.25 s
 * again once the link was `up`. The path is resolved anew each time.
 */
export type LinkState = 'searching' | 'opening' | 'handshake' | 'up' | 'down'

export type BoxLinkOptions = {
  /** Called for each attempt; must give a new port each time. */
  openPort: PortOpener
  clock: Clock
  logger: Logger
  /** Uniform in [0, 1), for the jitter between attempts. */
  random: () => number
  onPress: StorePress
  saveBoxId: SaveBoxId
  /** The highest sequence of this box in the store, 0 for none: tells a box that was set back while nobody listened. */
  lastStoredOf?: (boxId: string) => number
  /** Without it a restart forgets which presses of a box that was set back are no repeats, where their names alone tell it. */
  reuseStore?: ReuseStore
  onHello?: (hello: BoxHello) => void
  onState?: (state: LinkState, reason: string) => void
  newBoxId?: () => string
  lights?: LightMode
  /** Three heartbeats (PROTOCOL.md §10.4). */
  silenceMs?: number
}

export type BoxLink = {
  /** Closes the port; after it resolves no handler is called any more. */
  close(): Promise<void>
  /** By `LinkCounter`, since this link was opened. */
  counters(): Record<string, number>
  state(): LinkState
  lastHello(): BoxHello | null
  /** Kept, and said again to a box that comes back. */
  setLights(mode: LightMode): void
}

const forgetfulStore: ReuseStore = { read: () => null, save: () => 'saved' }

/** Keeps a box connected until it is closed; starts at once. */
export function openBoxLink(options: BoxLinkOptions): BoxLink {
  const { openPort, clock, logger, random, onHello = () => {}, onState = () => {}, silenceMs = 3000 } = options
  const counters = makeLinkCounters()
  const { lastStoredOf = () => 0, reuseStore = forgetfulStore } = options
  const record = makeBoxRecord({ counters, lastStoredOf, reuseStore })
  const pressClock = makePressClock()
  const backoff = makeBackoff({ firstMs: 250, maxMs: 5000, random })
  let isClosing = false
  let endPause = () => {}
  let lights = options.lights ?? 'normal'
  let state: LinkState = 'searching'
  let lastReason = ''
  let session: BoxSession | null = null

  function enter(next: LinkState, reason: string): void {
    if (state === next && lastReason === reason) return
    state = next
    lastReason = reason
    logger[next === 'down' ? 'warn' : 'info']({ state, reason }, 'box link')
    onState(state, reason)
  }

  async function run(): Promise<void> {
    while (!isClosing) {
      await attempt()
      if (!isClosing) await pause(backoff.nextMs())
    }
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      endPause = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  async function attempt(): Promise<void> {
    enter('opening', 'opening the port')
    let port: BoxPort
    try {
      port = await openPort()
    } catch (error) {
      counters.add('open-failed')
      const isMissing = error instanceof AppError && error.code === 'box-port-missing'
      return enter(isMissing ? 'searching' : 'down', error instanceof Error ? error.message : String(error))
    }
    counters.add('open')
    if (!isClosing) enter('down', await runSession(port))
    await port.close()
  }

  async function runSession(port: BoxPort): Promise<string> {
    enter('handshake', 'waiting for the box to speak')
    session = openBoxSession({
      ...{ port, clock, counters, record, pressClock, silenceMs, lights },
      ...{ onPress: options.onPress, saveBoxId: options.saveBoxId, newBoxId: options.newBoxId ?? drawBoxId, onHello },
      onReady(isUp, reason) {
        if (isUp) backoff.reset()
        enter(isUp ? 'up' : 'handshake', reason)
      },
    })
    const reason = await session.ended
    session = null
    return reason
  }

  const running = run()
  return {
    async close() {
      isClosing = true
      endPause()
      session?.end('the link is being closed')
      await running
    },
    counters: () => counters.snapshot(),
    state: () => state,
    lastHello: () => record.last(),
    setLights(mode) {
      lights = mode
      session?.setLights(mode)
    },
  }
}
