import { formatMessage } from '../../contracts/parse-message.ts'
import type { UpLeaf } from '../../contracts/topics.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Logger } from '../../shared/logger.ts'
import { makeBrokerChoice } from './broker-choice.ts'
import { type BrokerConnection, openBrokerConnection } from './broker-connection.ts'
import { nextConnectDelayMs } from './connect-delay.ts'
import type { Failure } from './explain-failure.ts'
import type { UplinkTiming } from './timing.ts'
import type { UplinkCounters } from './uplink-counters.ts'

export type BrokerLineOptions = {
  /** At least one, the most preferred first. */
  brokers: readonly string[]
  terminal: string
  secret: string
  /** As PEM; absent: the authorities Node trusts. */
  ca?: string
  pins: readonly string[]
  knownUtcMs: () => number | null
  clock: Clock
  logger: Logger
  counters: UplinkCounters
  timing: UplinkTiming
  /** Uniform in [0, 1). */
  random: () => number
  randomHex: (digits: number) => string
  /** Subscribed: time to say hello. */
  onUp: () => void
  onMessage: (topic: string, payload: Uint8Array) => void
  /** What belonged to the connection is over; another attempt follows by itself. */
  onDown: () => void
}

/** The one connection a terminal has, over whichever of its brokers leads to the central. */
export type BrokerLine = {
  /** @returns false where there is no connection: nothing is ever queued */
  publish(leaf: UpLeaf, text: string): boolean
  /**
   * The central has greeted us on this connection, and told the time.
   *
   * @returns whether that is one to stay with: not where the broker's certificate turns out to be out of its time
   */
  noteWelcome(utcMs: number): boolean
  /** The central has answered something. */
  noteAnswer(): void
  /** For people who look for a fault. */
  state(): BrokerLineState
  /** Says offline and stays away. */
  close(deadlineMs: number): Promise<void>
}

/** `url`: connected, or tried next. Times are those of `clock.monoMs`, null for never. */
export type BrokerLineState = {
  url: string
  answeredAtMs: number | null
  failure: (Failure & { url: string; atMs: number }) | null
}

const goodbyeDeadlineMs = 1_000
/** A preferred broker that is gone for good is asked after ever longer, since each try costs a gap. */
const maxReturnMs = 604_800_000

/**
 * Connects at once and keeps at it until closed.
 *
 * A broker is left for the next one when it refuses, breaks off, breaks the rules, or when no central answers through it: hello, batch and
 * health are all answered, so a question that stays without an answer for long means a dead way, whatever PUBACKs and
 * pings say. One stays with a broker that works. The preferred one gets its next chance when the present one is lost, or
 * after `returnAfterMs` to twice that: thousands that fled together then return by ones.
 */
export function openBrokerLine(options: BrokerLineOptions): BrokerLine {
  const { brokers, counters, timing, random, logger, onDown } = options
  const choice = makeBrokerChoice(brokers)
  let connection: BrokerConnection | null = null
  let isWelcomed = false
  // What was told last may have been wrong, and another time comes by a welcome only: by the key alone, until one is agreed to.
  let isTimeDoubted = false
  let sayOnline: (() => void) | null = null
  let answeredAtMs: number | null = null
  let failure: BrokerLineState['failure'] = null
  let vainReturns = 0
  let connectTimer: NodeJS.Timeout | undefined
  let answerTimer: NodeJS.Timeout | undefined
  let returnTimer: NodeJS.Timeout | undefined

  const knownUtcMs = () => (isTimeDoubted ? null : options.knownUtcMs())

  function connect(): void {
    const { terminal, secret, ca, pins, clock, randomHex, onMessage, onUp } = options
    const url = choice.current()
    const name = randomHex(16)
    connection = openBrokerConnection({
      ...{ url, terminal, secret, ...(ca !== undefined && { ca }), pins, knownUtcMs, clock, onMessage },
      connection: name,
      keepaliveSeconds: Math.round(timing.keepaliveSeconds * (1 + random() / 2)),
      deadlineMs: timing.connectDeadlineMs,
      onUp() {
        logger.info({ url }, 'connected')
        counters.add('connected')
        sayOnline = () => void publish('status', formatMessage({ status: 'online', connection: name }))
        // A broker whose certificate could not be judged whole gets nothing but the question that the time comes by.
        if (pins.length === 0 || knownUtcMs() !== null) noteOnline()
        onUp()
      },
      onDown: (failure) => takeFailure(url, failure),
      onPublishFailed: () => counters.add('publish-failed'),
    })
  }

  function noteOnline(): void {
    sayOnline?.()
    sayOnline = null
  }

  function takeFailure(url: string, { reason, text }: Failure): void {
    failure = { url, reason, text, atMs: options.clock.monoMs() }
    if (reason === 'tls-clock') isTimeDoubted = true
    counters.add(`left-${reason}`)
    counters.add(isWelcomed ? 'connection-lost' : 'connect-failed')
    if (isWelcomed) choice.noteLoss()
    else choice.noteFailure()
    forget()
    const delayMs = nextConnectDelayMs(choice.history(), timing, random())
    logger.warn({ url, reason, next: choice.current(), delayMs }, `no connection: ${text}`)
    connectTimer = setTimeout(connect, delayMs)
  }

  function forget(): void {
    connection = null
    isWelcomed = false
    sayOnline = null
    for (const timer of [connectTimer, answerTimer, returnTimer]) clearTimeout(timer)
    answerTimer = undefined
    onDown()
  }

  function publish(leaf: UpLeaf, text: string): boolean {
    const isSent = connection?.publish(leaf, text) ?? false
    if (isSent && leaf !== 'status') awaitAnswer()
    return isSent
  }

  function awaitAnswer(): void {
    answerTimer ??= setTimeout(
      isWelcomed
        ? () => connection?.leave('central-silent', 'the central no longer answers through this broker')
        : () => connection?.leave('no-welcome', 'the broker takes us, but no central answers through it'),
      isWelcomed ? timing.silenceDeadlineMs : timing.welcomeDeadlineMs,
    )
  }

  function planReturn(): void {
    const leastMs = Math.min(maxReturnMs, timing.returnAfterMs * 2 ** Math.min(vainReturns, 20))
    returnTimer = setTimeout(returnToPreferred, leastMs * (1 + random()))
  }

  function returnToPreferred(): void {
    counters.add('returned')
    vainReturns += 1
    logger.info({ url: choice.current() }, 'leaves for the preferred broker')
    void connection?.close(goodbyeDeadlineMs)
    choice.tryPreferred()
    forget()
    connect()
  }

  function noteAnswer(): void {
    answeredAtMs = options.clock.monoMs()
    clearTimeout(answerTimer)
    answerTimer = undefined
  }

  connectTimer = setTimeout(connect, nextConnectDelayMs(choice.history(), timing, random()))

  return {
    publish,
    noteAnswer,
    state: () => ({ url: choice.current(), answeredAtMs, failure }),
    noteWelcome(utcMs) {
      noteAnswer()
      if (isWelcomed) return true
      if (!connection?.noteTime(utcMs)) return false
      isWelcomed = true
      isTimeDoubted = false
      noteOnline()
      counters.add('welcomed')
      choice.noteWelcome()
      if (choice.isPreferred()) vainReturns = 0
      else planReturn()
      return true
    },
    async close(deadlineMs) {
      const closing = connection?.close(deadlineMs)
      forget()
      await closing
    },
  }
}
