/**
 * All brokers of a central behind one: the embedded one, external ones, or both.
 *
 * In: what terminals send, over whichever broker. Out: `onMessage`, and `publish`, which answers over the broker that a terminal spoke
 * through last. Promises: the order of one terminal's messages on one broker is kept; a message that comes twice by two brokers is handed
 * over twice, which ingest does not mind; a broker that is away keeps nothing from starting, and stands in counters and state.
 */
import type { DownLeaf, UpLeaf } from '../../contracts/topics.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Logger } from '../../shared/logger.ts'
import { randomHex } from '../../shared/random-hex.ts'
import { makeAnswerRoute } from './answer-route.ts'
import { checkBroker } from './check/check-broker.ts'
import type { Credentials } from './check/probe-client.ts'
import { type ExternalBroker, openExternalBroker } from './external-broker.ts'
import { type Isolation, makeIsolationWatch } from './isolation-watch.ts'
import { type Broker, openBroker } from './open-broker.ts'

type ExternalSettings = {
  url: string
  username: string
  password: string
  clientId?: string
  /** PEM text. */
  ca?: string | undefined
  filters: readonly string[]
  check?: { witness: Credentials; probes: readonly [Credentials, Credentials] }
}
export type BrokersOptions = {
  /** Null for none. */
  embedded: { host: string; port: number } | null
  external: readonly ExternalSettings[]
  authenticate(terminal: string, secret: string): Promise<boolean>
  /** Whether a terminal of this name exists. */
  isKnown(terminal: string): Promise<boolean>
  /** Must not throw. */
  onMessage(terminal: string, leaf: string, payload: Uint8Array): void
  clock: Pick<Clock, 'monoMs'>
  /** Uniform in [0, 1). */
  random(): number
  logger: Logger
}
type BrokerState = { url: string; connected: boolean; isolation: Isolation }
export type Brokers = {
  urls: readonly string[]
  publish(terminal: string, leaf: DownLeaf, payload: string): void
  states(): BrokerState[]
  /** Those of the embedded broker under their own names, those of external ones as `name@host:port`. */
  counters(): Record<string, number>
  close(): Promise<void>
}

type Route = ReturnType<typeof makeAnswerRoute>
type Watched = { broker: ExternalBroker; isolation(): Isolation; close(): Promise<void> }

const checkSchedule = { everyMs: 3_600_000, retryMs: 10_000 }
const checkTiming = { quietMs: 300, deadlineMs: 10_000 }

/** @throws AppError `address-refused`, `address-taken`, of the embedded broker */
export async function openBrokers(options: BrokersOptions): Promise<Brokers> {
  const route = makeAnswerRoute()
  const embedded = options.embedded && (await openEmbedded(options, options.embedded, route))
  const external = options.external.map((settings) => openWatched(options, settings, route))
  const embeddedUrl = embedded && options.embedded ? [formatUrl(options.embedded.host, embedded.port)] : []
  return {
    urls: [...embeddedUrl, ...external.map(({ broker }) => broker.url)],
    publish: route.publish,
    states: () => [
      // Its rules are part of this program and tested with it.
      ...embeddedUrl.map((url): BrokerState => ({ url, connected: true, isolation: 'proven' })),
      ...external.map(({ broker, isolation }) => ({
        ...{ url: broker.url, connected: broker.isConnected(), isolation: isolation() },
      })),
    ],
    counters: () => ({ ...embedded?.counters(), ...Object.assign({}, ...external.map(nameCounters)) }),
    async close() {
      await Promise.all([...external.map(({ close }) => close()), embedded?.close()])
    },
  }
}

async function openEmbedded(
  { authenticate, onMessage, clock, logger }: BrokersOptions,
  address: { host: string; port: number },
  route: Route,
): Promise<Broker> {
  const broker: Broker = await openBroker({
    ...{ ...address, authenticate, clock, logger },
    onMessage(terminal, leaf, payload) {
      route.note(terminal, leaf as UpLeaf, broker)
      onMessage(terminal, leaf, payload)
    },
  })
  return broker
}

function openWatched(options: BrokersOptions, settings: ExternalSettings, route: Route): Watched {
  const { isKnown, onMessage, clock, random, logger } = options
  const { url, ca, check } = settings
  if (/^(mqtt|ws):/.test(url) && !/^(127\.|localhost$|\[::1\]$)/.test(new URL(url).hostname))
    logger.warn({ url }, 'passwords and presses travel to this broker in the clear; use mqtts')
  const watch = makeIsolationWatch({
    ...{ url, logger, ...checkSchedule, monoMs: () => clock.monoMs(), random },
    prove: check ? (signal) => checkBroker({ url, ca, ...check, ...checkTiming, randomHex, signal }) : null,
  })
  const broker: ExternalBroker = openExternalBroker({
    ...{ ...settings, isKnown, clock, random, logger },
    ignored: new Set(check?.probes.map(({ username }) => username)),
    onUp: watch.up,
    onDown: watch.down,
    onMessage(terminal, leaf, payload) {
      route.note(terminal, leaf, broker)
      onMessage(terminal, leaf, payload)
    },
  })
  const close = async () => void (await Promise.all([broker.close(), watch.close()]))
  return { broker, isolation: watch.isolation, close }
}

/** The room has one metric; its label tells the broker too. */
function nameCounters({ broker, isolation }: Watched): Record<string, number> {
  const { host } = new URL(broker.url)
  const counters = { ...broker.counters(), 'isolation-proven': isolation() === 'proven' ? 1 : 0 }
  return Object.fromEntries(Object.entries(counters).map(([name, count]) => [`${name}@${host}`, count]))
}

function formatUrl(host: string, port: number): string {
  return `mqtt://${host.includes(':') ? `[${host}]` : host}:${port}`
}
