/**
 * The uplink: brings the outbox's records to the central, over whichever broker takes us.
 *
 * In come the outbox (an argument) and the central's welcomes, acks and desired configurations; out go hellos, batches, health
 * and presence. A record counts as delivered only on the central's own ack or mark; a PUBACK says nothing (brokers send it
 * before anything is stored). Nothing is published or queued while there is no connection: the outbox is the queue.
 * Only a welcome makes a connection one that counts; a broker through which none comes is left for the next. What the broker sends
 * may be anything: it is bounded, checked, and counted by reason.
 */
import type { Ack, Desired, Health, Welcome } from '../../contracts/messages.ts'
import { formatMessage } from '../../contracts/parse-message.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Logger } from '../../shared/logger.ts'
import { makeBatchSender } from './batch-sender.ts'
import { type BrokerLine, type BrokerLineState, openBrokerLine } from './broker-line.ts'
import type { Custody } from './custody.ts'
import { type HelloParts, makeGreeting } from './greeting.ts'
import { makeHealthReporter } from './health-reporter.ts'
import { makeRepetition } from './repetition.ts'
import { takeMessage } from './take-message.ts'
import type { UplinkTiming } from './timing.ts'
import { makeUplinkCounters } from './uplink-counters.ts'

export type UplinkOptions = {
  /** At least one, the most preferred first (broker-choice.ts). */
  brokers: readonly string[]
  terminal: string
  secret: string
  /** Certificates, as PEM, of the authorities that may have signed the broker's; absent: those Node trusts. */
  ca?: string
  /**
   * Keys of brokers (`sha256/…`, pinned-socket.ts), by which a terminal finds its broker and gets the time although its clock is wrong;
   * empty: certificates have to be good as a whole. While the time is not known only hellos are published.
   */
  pins?: readonly string[]
  /** The time as far as anybody told it in this boot; null while nobody did. */
  knownUtcMs?: () => number | null
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
  state(): BrokerLineState
  /** Says offline and leaves, within about `deadlineMs`. */
  close(deadlineMs: number): Promise<void>
}

/** Connects at once and keeps at it until closed. */
export function openUplink(options: UplinkOptions): Uplink {
  const { terminal, custody, clock, logger, random, randomHex, timing } = options
  const counters = makeUplinkCounters()
  const greeting = makeGreeting({ custody, clock, counters, randomHex, helloParts: options.helloParts })
  const onDrained = () => health.noteDrained()
  const sender = makeBatchSender({ custody, clock, logger, random, counters, timing, onDrained })
  const hellos = makeRepetition(publishHellos, { firstMs: timing.ackTimeoutMs, maxMs: timing.maxAckTimeoutMs, random })
  const health = makeHealthReporter({
    ...{ gatherHealth: options.gatherHealth, logger, counters },
    ...{ everyMs: timing.healthEveryMs, gapMs: timing.healthGapMs },
    publish: (report) => line.publish('health', formatMessage({ nonce: greeting.askMarks(), ...report })),
  })
  let isConnected = false
  let isClosing = false
  let helloTimer: NodeJS.Timeout | undefined

  function setConnected(next: boolean): void {
    if (isConnected === next) return
    isConnected = next
    options.onConnected(next)
  }

  /** Ends all that belongs to a connection. */
  function leave(): void {
    clearTimeout(helloTimer)
    hellos.stop()
    sender.stop()
    health.stop()
    greeting.forgetQuestions()
    setConnected(false)
  }

  function greet(): void {
    clearTimeout(helloTimer)
    helloTimer = setTimeout(greet, timing.helloEveryMs)
    hellos.start()
  }

  function publishHellos(): void {
    for (const hello of greeting.makeHellos()) line.publish('hello', formatMessage(hello))
  }

  function takeWelcome(welcome: Welcome): void {
    const believe = greeting.takeWelcome(welcome)
    // By an expired key, which may have leaked, anybody could pass undelivered records for delivered.
    if (!believe || !line.noteWelcome(welcome.serverTime)) return
    believe()
    hellos.stop()
    if (welcome.retryAfter !== undefined) sender.pause(welcome.retryAfter)
    sender.start((text) => line.publish('batch', text))
    health.start()
    setConnected(true)
  }

  function takeAck(ack: Ack): void {
    // Only the marks of a welcome say where a new connection begins.
    if (!isConnected) {
      counters.add('ack-early')
      return
    }
    line.noteAnswer()
    if (ack.reject !== undefined) sender.takeReject(ack, ack.reject)
    else if (ack.expect !== undefined) sender.takeGap(ack)
    else {
      if (ack.retryAfter !== undefined) sender.pause(ack.retryAfter)
      sender.takeAck(ack)
    }
  }

  function takeDesired(desired: Desired): void {
    // The central sends it after the welcome to each hello.
    if (!isConnected) {
      counters.add('desired-early')
      return
    }
    if (JSON.stringify(custody.desired()) === JSON.stringify(desired)) return
    // In force even where the disk is full; the central sends it again after the next start.
    if (!custody.saveDesired(desired)) counters.add('desired-not-saved')
    logger.info({ rev: desired.rev, question: desired.survey.question }, 'configuration received')
    options.onDesired(desired)
    health.noteChange()
  }

  const takers = { takeWelcome, takeAck, takeDesired }
  const line: BrokerLine = openBrokerLine({
    ...{ pins: [], knownUtcMs: () => null, ...options },
    ...{ counters, onUp: greet, onDown: leave },
    onMessage: (topic, payload) => takeMessage({ topic, payload, terminal }, takers, counters),
  })

  return {
    wake: sender.wake,
    noteHealthChange: health.noteChange,
    isConnected: () => isConnected,
    counters: () => counters.snapshot(),
    state: line.state,
    async close(deadlineMs) {
      if (isClosing) return
      isClosing = true
      await line.close(deadlineMs)
    },
  }
}
