/**
 * The uplink: brings the outbox's records to the central, over whichever broker takes us.
 *
 * In come the outbox (an argument) and the central's welcomes, acks and desired configurations; out go hellos, batches, health
 * and presence. A record counts as delivered only on the central's own ack or mark; a PUBACK says nothing (brokers send it
 * before anything is stored). Nothing is published or queued while there is no connection: the outbox is the queue.
 * Each connection has a client of its own. What the broker sends may be anything: it is bounded, checked, and counted by reason.
 */
import type { Ack, Desired, Health, Welcome } from '../../contracts/messages.ts'
import { formatMessage } from '../../contracts/parse-message.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Logger } from '../../shared/logger.ts'
import { makeBatchSender } from './batch-sender.ts'
import { type BrokerConnection, openBrokerConnection } from './broker-connection.ts'
import { type ConnectHistory, nextConnectDelayMs } from './connect-delay.ts'
import type { Custody } from './custody.ts'
import { type HelloParts, makeGreeting } from './greeting.ts'
import { makeHealthReporter } from './health-reporter.ts'
import { makeRepetition } from './repetition.ts'
import { takeMessage } from './take-message.ts'
import type { UplinkTiming } from './timing.ts'
import { makeUplinkCounters } from './uplink-counters.ts'

export type UplinkOptions = {
  /** Tried in this order; at least one. */
  brokers: readonly string[]
  terminal: string
  secret: string
  custody: Custody
  clock: Clock
  logger: Logger
  /** Uniform in [0, 1). */
  random: () => number
  randomHex: (digits: number) => string
  helloParts: () => HelloParts
  gatherHealth: () => Promise<Omit<Health, 'nonce'>>
  onDesired: (desired: Desired) => void
  /** The central has greeted us, or the connection is gone. */
  onConnected: (isConnected: boolean) => void
  timing: UplinkTiming
}

export type Uplink = {
  /** A record was appended. */
  wake(): void
  /** Health changed in a way that should not wait for the next report. */
  noteHealthChange(): void
  /** The central has greeted us on the present connection. */
  isConnected(): boolean
  counters(): Record<string, number>
  /** Says offline and leaves, within about `deadlineMs`. */
  close(deadlineMs: number): Promise<void>
}

/** Connects at once and keeps at it until closed. */
export function openUplink(options: UplinkOptions): Uplink {
  const { brokers, terminal, secret, custody, clock, logger, random, randomHex, timing } = options
  const counters = makeUplinkCounters()
  const greeting = makeGreeting({ custody, clock, counters, randomHex, helloParts: options.helloParts })
  const onDrained = () => health.noteDrained()
  const sender = makeBatchSender({ custody, clock, logger, random, counters, timing, onDrained })
  const hellos = makeRepetition(publishHellos, { firstMs: timing.ackTimeoutMs, maxMs: timing.maxAckTimeoutMs, random })
  const health = makeHealthReporter({
    ...{ gatherHealth: options.gatherHealth, logger, counters },
    ...{ everyMs: timing.healthEveryMs, gapMs: timing.healthGapMs },
    publish: (report) => connection?.publish('health', formatMessage({ nonce: greeting.askMarks(), ...report })),
  })
  const history: ConnectHistory = { wasConnected: false, failures: 0 }
  let connection: BrokerConnection | null = null
  let isUp = false
  let isConnected = false
  let isClosing = false
  let reconnectTimer: NodeJS.Timeout | undefined
  let helloTimer: NodeJS.Timeout | undefined

  function setConnected(next: boolean): void {
    if (isConnected === next) return
    isConnected = next
    options.onConnected(next)
  }

  function connect(): void {
    const url = brokers[history.failures % brokers.length] as string
    const name = randomHex(16)
    connection = openBrokerConnection({
      ...{ url, terminal, secret, connection: name },
      ...{ keepaliveSeconds: timing.keepaliveSeconds, deadlineMs: timing.connectDeadlineMs },
      onUp() {
        logger.info({ url }, 'connected')
        counters.add('connected')
        isUp = true
        Object.assign(history, { wasConnected: true, failures: 0 })
        connection?.publish('status', formatMessage({ status: 'online', connection: name }))
        greet()
      },
      onMessage: (topic, payload) => takeMessage({ topic, payload, terminal }, takers, counters),
      onDown: (reason) => onDown(url, reason),
      onPublishFailed: () => counters.add('publish-failed'),
    })
  }

  function onDown(url: string, reason: string): void {
    counters.add(isUp ? 'connection-lost' : 'connect-failed')
    if (!isUp) history.failures += 1
    leave()
    const delayMs = nextConnectDelayMs(history, timing, random())
    logger.warn({ url, reason, delayMs }, 'no connection to the broker')
    reconnectTimer = setTimeout(connect, delayMs)
  }

  /** Ends all that belongs to a connection. */
  function leave(): void {
    connection = null
    isUp = false
    clearTimeout(helloTimer)
    hellos.stop()
    sender.stop()
    health.stop()
    setConnected(false)
  }

  function greet(): void {
    clearTimeout(helloTimer)
    helloTimer = setTimeout(greet, timing.helloEveryMs)
    hellos.start()
  }

  function publishHellos(): void {
    for (const hello of greeting.makeHellos()) connection?.publish('hello', formatMessage(hello))
  }

  function takeWelcome(welcome: Welcome): void {
    if (!greeting.takeWelcome(welcome)) return
    hellos.stop()
    sender.pause(welcome.retryAfter ?? 0)
    sender.start((text) => connection?.publish('batch', text) ?? false)
    health.start()
    setConnected(true)
  }

  function takeAck(ack: Ack): void {
    if ('reject' in ack) sender.takeReject(ack, ack.reject)
    else if ('expect' in ack) sender.takeGap(ack)
    else {
      if (ack.retryAfter !== undefined) sender.pause(ack.retryAfter)
      sender.takeAck(ack)
    }
  }

  function takeDesired(desired: Desired): void {
    if (JSON.stringify(custody.desired()) === JSON.stringify(desired)) return
    // In force even where the disk is full; the central sends it again after the next start.
    if (!custody.saveDesired(desired)) counters.add('desired-not-saved')
    logger.info({ rev: desired.rev, question: desired.survey.question }, 'configuration received')
    options.onDesired(desired)
    health.noteChange()
  }

  const takers = { takeWelcome, takeAck, takeDesired }
  reconnectTimer = setTimeout(connect, nextConnectDelayMs(history, timing, random()))

  return {
    wake: sender.wake,
    noteHealthChange: health.noteChange,
    isConnected: () => isConnected,
    counters: () => counters.snapshot(),
    async close(deadlineMs) {
      if (isClosing) return
      isClosing = true
      clearTimeout(reconnectTimer)
      const closing = connection?.close(deadlineMs)
      leave()
      await closing
    },
  }
}
