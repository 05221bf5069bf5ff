/**
 * The embedded MQTT broker: aedes behind rules of our own.
 *
 * In: connections of terminals on loopback. Out: `onMessage` for each payload on an up topic, `publish` for the down topics. Promises:
 * only an authenticated terminal is heard, under its own name; it reads nothing but its own down topics; nothing is retained or kept for
 * a session; no packet, topic or connection of a stranger takes more than a fixed amount of memory; every refusal is counted by reason.
 * The PUBACK says that a payload was read, not that it was stored: that is said by the central's own ack.
 */
import { createServer, type Server, type Socket } from 'node:net'
import { Aedes, type AuthenticateError, type Client, type ConnectPacket } from 'aedes'
import { maxPayloadBytes } from '../../contracts/limits.ts'
import { type DownLeaf, makeTopic } from '../../contracts/topics.ts'
import type { Clock } from '../../shared/clock.ts'
import { AppError } from '../../shared/errors.ts'
import type { Logger } from '../../shared/logger.ts'
import { type Connecting, findUpLeaf, isLoopback, mayRead, type Refusal, refuseConnect } from './access.ts'
import { makeFrameCheck } from './frame-check.ts'
import { GuardedStream } from './guarded-stream.ts'
import { makeRateLimit } from './rate-limit.ts'
import { makeRefusalLog } from './refusal-log.ts'

type BrokerLimits = {
  /** Open connections, authenticated or not. */
  connections: number
  /** New connections a second in the long run, and at once. */
  connectsPerSecond: number
  connectBurst: number
  connectTimeoutMs: number
  /** A subscriber that reads nothing for so long is cut off, since it can hold others up. */
  drainTimeoutMs: number
  /** Longest keepalive a client may ask for; it must ask for one. */
  keepaliveS: number
}
export type BrokerOptions = {
  /** A loopback address. */
  host: string
  /** 0 takes a free one. */
  port: number
  authenticate(terminal: string, secret: string): Promise<boolean>
  /** Must not throw. */
  onMessage(terminal: string, leaf: string, payload: Uint8Array): void
  onConnection?(terminal: string, up: boolean): void
  clock: Pick<Clock, 'monoMs'>
  logger: Logger
  limits?: Partial<BrokerLimits>
}
export type Broker = {
  port: number
  /** Sends to a terminal that is connected and has subscribed; for any other it does nothing, since nothing is kept for later. */
  publish(terminal: string, leaf: DownLeaf, payload: string): void
  disconnect(terminal: string): void
  /** Refusals by reason, and `connected`. */
  counters(): Record<string, number>
  close(): Promise<void>
}

const defaultLimits: BrokerLimits = {
  connections: 12_000,
  connectsPerSecond: 500,
  connectBurst: 1_000,
  connectTimeoutMs: 10_000,
  drainTimeoutMs: 10_000,
  keepaliveS: 600,
}
/** Fixed and variable header, topic and packet id of a PUBLISH. */
const publishOverheadBytes = 128
/** Client id, user name, secret, will topic and will payload of a terminal take less than half of this. */
const maxConnectBytes = 2_048
const reasons = [
  'wrong-secret',
  'foreign-publish',
  'foreign-subscribe',
  'foreign-will',
  'id-is-not-username',
  'not-mqtt',
]

/** CONNACK return codes, MQTT 3.1.1 table 3.1. */
const returnCodes: Partial<Record<Refusal, number>> = { 'protocol-version': 1, 'bad-client-id': 2 }
const badSecretCode = 4
const unavailableCode = 3

class Refused extends Error {}

type Session = { client: Client; topics: Set<string> }

/** @throws AppError `address-refused` for an address that is not loopback, `address-taken` */
export async function openBroker(options: BrokerOptions): Promise<Broker> {
  const { host, port, clock, logger, onConnection } = options
  if (!isLoopback(host)) throw new AppError('address-refused', `the broker listens on loopback only, not on ${host}`)
  const limits = { ...defaultLimits, ...options.limits }
  const refusals = makeRefusalLog(logger, reasons)
  const sessions = new Map<string, Session>()
  const aedes = await Aedes.createBroker({
    connectTimeout: limits.connectTimeoutMs,
    drainTimeout: limits.drainTimeoutMs,
    keepaliveLimit: limits.keepaliveS,
    queueLimit: 20,
    maxClientsIdLength: 40,
    maxTopicLevels: 8,
    ...makeHooks(options, (reason, terminal) => {
      refusals.note(reason, terminal)
      return new Refused(reason)
    }),
  })
  watchSessions(aedes, sessions, onConnection)
  watchErrors(aedes, (reason, terminal, detail) => refusals.note(reason, terminal, detail), logger)

  const sockets = new Set<Socket>()
  const isWithinRate = makeRateLimit({
    perSecond: limits.connectsPerSecond,
    burst: limits.connectBurst,
    monoMs: () => clock.monoMs(),
  })
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    const refusal = sockets.size >= limits.connections ? 'too-many-connections' : isWithinRate() ? null : 'connect-rate'
    if (refusal) {
      refusals.note(refusal, null)
      socket.destroy()
      return
    }
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.setNoDelay(true)
    const check = makeFrameCheck({
      maxFirstBytes: maxConnectBytes,
      maxBytes: maxPayloadBytes + publishOverheadBytes,
    })
    const stream = new GuardedStream(socket, check, (fault) => refusals.note(fault, client.id ?? null))
    const client = aedes.handle(stream)
  })
  await listen(server, host, port)

  return {
    port: (server.address() as { port: number }).port,
    publish(terminal, leaf, payload) {
      const session = sessions.get(terminal)
      const topic = makeTopic(terminal, leaf)
      if (!session?.topics.has(topic)) return
      session.client.publish({ cmd: 'publish', topic, payload, qos: 1, retain: false, dup: false }, () => undefined)
    },
    disconnect: (terminal) => sessions.get(terminal)?.client.close(),
    counters: () => ({ ...refusals.snapshot(), connected: sessions.size }),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      await new Promise<void>((resolve) => aedes.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

type Refuse = (reason: Refusal, terminal: string | null) => Error

/** The rules as aedes asks for them. An error given to a callback makes aedes destroy the connection. */
function makeHooks({ authenticate, onMessage, logger }: BrokerOptions, refuse: Refuse) {
  return {
    preConnect(client: Client, packet: ConnectPacket, done: (error: Error | null, success: boolean) => void) {
      const refusal = refuseConnect(packet as Connecting)
      if (!refusal) return done(null, true)
      const code = returnCodes[refusal]
      if (code !== undefined) client.conn.write(Buffer.from([0x20, 2, 0, code]))
      done(refuse(refusal, packet.clientId.slice(0, 40)), false)
    },
    authenticate(
      client: Client,
      username: string | undefined,
      password: Buffer | undefined,
      done: (error: AuthenticateError | null, success: boolean | null) => void,
    ) {
      const fail = (error: Error, returnCode: number) => done(Object.assign(error, { returnCode }), null)
      authenticate(client.id, Buffer.from(password ?? '').toString('utf8')).then(
        (isTrue) =>
          isTrue && username === client.id ? done(null, true) : fail(refuse('wrong-secret', client.id), badSecretCode),
        (error: unknown) => {
          logger.error({ err: error, terminal: client.id }, 'secret could not be checked')
          fail(new Refused('unavailable'), unavailableCode)
        },
      )
    },
    authorizePublish(
      client: Client | null,
      packet: { topic: string; qos: number; retain: boolean; payload: Uint8Array | string },
      done: (error?: Error | null) => void,
    ) {
      if (!client || !findUpLeaf(client.id, packet.topic)) return done(refuse('foreign-publish', client?.id ?? null))
      if (packet.qos > 1) return done(refuse('qos-2', client.id))
      if (packet.payload.length > maxPayloadBytes) return done(refuse('payload-too-large', client.id))
      if (packet.retain) return done(refuse('retained', client.id))
      done(null)
    },
    authorizeSubscribe<S extends { topic: string; qos: number }>(
      client: Client,
      subscription: S,
      done: (error: Error | null, subscription?: S | null) => void,
    ) {
      if (!mayRead(client.id, subscription.topic)) return done(refuse('foreign-subscribe', client.id))
      if (subscription.qos > 1) subscription.qos = 1
      done(null, subscription)
    },
    authorizeForward<P extends { topic: string }>(client: Client, packet: P): P | null {
      return mayRead(client.id, packet.topic) ? packet : null
    },
    /** Ingest takes the payload here, in the process; no subscriber stands between. */
    published(
      packet: { topic: string; payload: Uint8Array | string },
      client: Client | null,
      done: (error?: Error | null) => void,
    ) {
      const leaf = client && findUpLeaf(client.id, packet.topic)
      if (leaf)
        onMessage(client.id, leaf, typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload)
      done(null)
    },
  }
}

function watchSessions(
  aedes: Aedes,
  sessions: Map<string, Session>,
  onConnection: BrokerOptions['onConnection'],
): void {
  aedes.on('client', (client) => {
    sessions.set(client.id, { client, topics: new Set() })
    onConnection?.(client.id, true)
  })
  aedes.on('clientDisconnect', (client) => {
    // A terminal that came back on a new connection closes its old one: that is no farewell.
    if (sessions.get(client.id)?.client !== client) return
    sessions.delete(client.id)
    onConnection?.(client.id, false)
  })
  aedes.on('subscribe', (subscriptions, client) => {
    for (const { topic } of subscriptions) sessions.get(client.id)?.topics.add(topic)
  })
  aedes.on('unsubscribe', (topics, client) => {
    for (const topic of topics) sessions.get(client.id)?.topics.delete(topic)
  })
}

function watchErrors(
  aedes: Aedes,
  note: (reason: string, terminal: string | null, detail: string) => void,
  logger: Logger,
): void {
  const noteError = (client: Client, error: Error) => {
    if (error instanceof Refused) return
    const code = (error as NodeJS.ErrnoException).code
    note(code ? 'connection-lost' : 'connection-error', client.id ?? null, code ?? error.message)
  }
  aedes.on('clientError', noteError)
  aedes.on('connectionError', noteError)
  // Unheard, an `error` of an emitter ends the process.
  ;(aedes as NodeJS.EventEmitter).on('error', (error: Error) => logger.error({ err: error }, 'broker error'))
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new AppError('address-taken', `broker ${host}:${port}: ${error.message}`, { cause: error })),
    )
    server.listen(port, host, resolve)
  })
}
