/**
 * The central as a client of an external MQTT 3.1.1 broker: Mosquitto, EMQX, a cloud's.
 *
 * In: what the broker delivers on our filters. Out: `onMessage` for each payload of a terminal of ours, `publish` for the answers.
 * Promises: always on its way back, by delays of its own; nothing published and nothing queued while disconnected; whatever is no
 * message of a known terminal on its own up topic is counted by reason and goes no further; memory is bounded. Who the sender is, the
 * broker alone guarantees: `check-broker.ts` proves it.
 */
import type { DownLeaf, UpLeaf } from '../../contracts/topics.ts'
import { makeTopic } from '../../contracts/topics.ts'
import { makeBackoff } from '../../shared/backoff.ts'
import type { Clock } from '../../shared/clock.ts'
import { makeCounters } from '../../shared/counters.ts'
import type { Logger } from '../../shared/logger.ts'
import type { BrokerLink } from './answer-route.ts'
import { type ExternalConnection, openExternalConnection } from './external-connection.ts'
import { makeKnownTerminals } from './known-terminals.ts'
import { type Delivery, readDelivery } from './read-delivery.ts'

export type ExternalBrokerOptions = {
  /** Without credentials in it. */
  url: string
  username: string
  password: string
  /** Brokers that guarantee identities want it to be the user name. */
  clientId?: string | undefined
  ca?: string | undefined
  filters: readonly string[]
  isKnown(terminal: string): Promise<boolean>
  /** Names whose messages are nobody's: probes of the isolation check. */
  ignored: ReadonlySet<string>
  onMessage(terminal: string, leaf: UpLeaf, payload: Uint8Array): void
  /** Subscribed, after each connect. */
  onUp?(): void
  /** After each connection that was up, however it ended; not after `close`. */
  onDown?(): void
  clock: Pick<Clock, 'monoMs'>
  /** Uniform in [0, 1). */
  random(): number
  logger: Logger
  timing?: Partial<typeof usualTiming>
}
export type ExternalBroker = BrokerLink & {
  url: string
  isConnected(): boolean
  /** Connections, refusals and what was dropped, by reason; `connected` is 0 or 1. */
  counters(): Record<string, number>
  close(): Promise<void>
}

const usualTiming = {
  /** The central is one client among thousands of terminals, so it may come back sooner than they do. */
  firstDelayMs: 500,
  maxDelayMs: 15_000,
  /** A connection that lasted so long was a good one: the next wait is short again. Two clients of one name end each other sooner. */
  steadyMs: 20_000,
  deadlineMs: 15_000,
  knownHoldMs: 10_000,
  closeMs: 1_000,
}
const maxWaiting = 2_000
const counterNames = ['received', 'connects', 'connect-failed', 'connection-lost', 'retained', 'foreign-topic']

/** Connects at once and keeps at it until closed; never throws for a broker that is away. */
export function openExternalBroker(options: ExternalBrokerOptions): ExternalBroker {
  const { url, onMessage, clock, random, logger, ignored } = options
  const timing = { ...usualTiming, ...options.timing }
  const counters = makeCounters<string>([...counterNames, 'unknown-terminal', 'dropped-disconnected'])
  const backoff = makeBackoff({ firstMs: timing.firstDelayMs, maxMs: timing.maxDelayMs, random })
  const monoMs = () => clock.monoMs()
  const ifKnown = makeKnownTerminals({ isKnown: options.isKnown, holdMs: timing.knownHoldMs, monoMs, maxWaiting })
  let connection: ExternalConnection | null = null
  let upSinceMs: number | null = null
  let isOutageLogged = false
  let isClosed = false
  let timer: NodeJS.Timeout | undefined

  function connect(): void {
    const { username, password, clientId = username, ca, filters } = options
    connection = openExternalConnection({
      ...{ url, username, password, clientId, ca, filters, deadlineMs: timing.deadlineMs },
      ...{ onUp, onDown, onDelivery: take, onPublishFailed: () => counters.add('publish-failed') },
    })
  }

  function onUp(): void {
    upSinceMs = monoMs()
    isOutageLogged = false
    counters.add('connects')
    logger.info({ url }, 'connected to the broker')
    options.onUp?.()
  }

  function onDown(reason: string): void {
    counters.add(upSinceMs === null ? 'connect-failed' : 'connection-lost')
    if (upSinceMs !== null) options.onDown?.()
    if (upSinceMs !== null && monoMs() - upSinceMs >= timing.steadyMs) backoff.reset()
    upSinceMs = null
    connection = null
    if (!isOutageLogged)
      logger.warn({ url, reason }, 'no connection to the broker; it is tried again until there is one')
    isOutageLogged = true
    timer = setTimeout(connect, backoff.nextMs())
  }

  function take(delivery: Delivery): void {
    counters.add('received')
    const read = readDelivery(delivery)
    if (!read.ok) counters.add(read.reason)
    else if (ignored.has(read.terminal)) counters.add('probe')
    else
      ifKnown(read.terminal, (verdict) => {
        if (isClosed) counters.add('dropped-closed')
        else if (verdict === 'known') onMessage(read.terminal, read.leaf, delivery.payload)
        else counters.add(verdict === 'unknown' ? 'unknown-terminal' : 'dropped-waiting')
      })
  }

  connect()
  return {
    url,
    isConnected: () => upSinceMs !== null,
    publish(terminal, leaf: DownLeaf, payload) {
      const result =
        upSinceMs === null
          ? 'disconnected'
          : (connection?.publish(makeTopic(terminal, leaf), payload) ?? 'disconnected')
      if (result !== 'sent') counters.add(`dropped-${result}`)
    },
    counters: () => ({ ...counters.snapshot(), connected: upSinceMs === null ? 0 : 1 }),
    async close() {
      isClosed = true
      clearTimeout(timer)
      upSinceMs = null
      await connection?.close(timing.closeMs)
    },
  }
}
