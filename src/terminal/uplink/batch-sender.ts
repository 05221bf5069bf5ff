import { maxBatchRecords } from '../../contracts/limits.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Logger } from '../../shared/logger.ts'
import { type BatchPayload, buildPayload } from './build-payload.ts'
import type { Custody } from './custody.ts'
import { makeRejectPace } from './reject-pace.ts'
import type { UplinkCounters } from './uplink-counters.ts'

export type AckTiming = { ackTimeoutMs: number; maxAckTimeoutMs: number }

export type BatchSenderOptions = {
  custody: Custody
  clock: Clock
  logger: Logger
  /** Uniform in [0, 1). */
  random: () => number
  counters: UplinkCounters
  timing: AckTiming
  /** The central has acknowledged everything. */
  onDrained: () => void
}

/** Keeps one batch in flight while there is a connection, and repeats it until the central has answered for it. */
export type BatchSender = {
  /** The central has greeted us, first or again. @param publish says false where nothing could be sent */
  start(publish: (text: string) => boolean): void
  /** The connection is gone. */
  stop(): void
  /** A record was appended, or a mark moved: sends at once when nothing is in flight. */
  wake(): void
  takeAck(ack: { epoch: string; upTo: number }): void
  /** @param gap `fault`: what began at `expect` can't be read as a whole */
  takeGap(gap: { epoch: string; expect: number; fault?: string }): void
  takeReject(rejected: { epoch: string; sequence: number }, reason: string): void
  /** The central asks for a pause before the next batch; a longer one asked for before stands. */
  pause(ms: number): void
}

/** A central may not silence a terminal for longer with one message. */
const maxPauseMs = 3_600_000
/** From this many silences in a row each further one halves the batch, until an unreadable record travels alone and can be rejected by its sequence. */
const silencesBeforeHalving = 3
/** More gaps than this without an ack between them are a central at odds with itself; then the clock paces us. */
const maxGapsInRow = 3

export function makeBatchSender(options: BatchSenderOptions): BatchSender {
  const { custody, clock, logger, random, counters, timing } = options
  let publish: ((text: string) => boolean) | null = null
  let inFlight: BatchPayload | null = null
  let timer: NodeJS.Timeout | undefined
  let pausedUntilMs = 0
  let silences = 0
  let gapsInRow = 0
  let limit = maxBatchRecords
  const pace = makeRejectPace()

  function send(): void {
    if (!publish || inFlight) return
    clearTimeout(timer)
    const waitMs = pausedUntilMs - clock.monoMs()
    if (waitMs > 0) {
      timer = setTimeout(send, waitMs)
      return
    }
    const pending = custody.nextBatch(limit)
    if (pending) dispatch(buildPayload(pending), publish)
    else options.onDrained()
  }

  function dispatch(payload: BatchPayload, put: (text: string) => boolean): void {
    if (payload.isLost) counters.add('lost-said')
    if (payload.isPoison) counters.add('poison-said')
    if (payload.isLost)
      logger.error({ epoch: payload.epoch, from: payload.first, to: payload.last }, 'records are lost')
    if (!put(payload.text)) return
    inFlight = payload
    timer = setTimeout(onSilence, delayMs(silences))
  }

  /** 10 s, then doubling to 5 min, up to half as much again at random: terminals must not repeat in step. */
  function delayMs(doublings: number): number {
    const doubled = Math.min(timing.maxAckTimeoutMs, timing.ackTimeoutMs * 2 ** Math.min(doublings, 20))
    return Math.min(timing.maxAckTimeoutMs, doubled * (1 + random() / 2))
  }

  function noteSilence(): void {
    counters.add('silence')
    silences += 1
    if (silences >= silencesBeforeHalving) limit = Math.max(1, Math.floor(limit / 2))
  }

  function onSilence(): void {
    inFlight = null
    noteSilence()
    send()
  }

  function finish(): void {
    clearTimeout(timer)
    inFlight = null
    send()
  }

  function finishWhen(epoch: string, upTo: number): void {
    if (inFlight?.epoch === epoch && upTo >= inFlight.last) finish()
  }

  /** Halved at once: the record that can't be read is soon alone, and is rejected by its sequence. */
  function takeFault({ epoch, expect, fault }: { epoch: string; expect: number; fault: string }): void {
    const count = inFlight && !inFlight.isLost ? inFlight.last - inFlight.first + 1 : 0
    if (count < 2 || inFlight?.epoch !== epoch || inFlight.first !== expect) {
      counters.add('gap-stale')
      return
    }
    counters.add('batch-refused')
    logger.warn({ epoch, first: expect, count, fault }, 'the central can not read a batch')
    silences = 0
    limit = Math.floor(count / 2)
    finish()
  }

  function pause(ms: number): void {
    pausedUntilMs = Math.max(pausedUntilMs, clock.monoMs() + Math.min(ms, maxPauseMs))
  }

  /** A terminal that is newer than its central must not give up all its presses before anybody has noticed. */
  function paceReject(epoch: string, sequence: number, reason: string): void {
    const [kind] = inFlight?.kinds ?? []
    const isAlone = inFlight?.epoch === epoch && inFlight.first === sequence && inFlight.last === sequence
    const surplus = isAlone && kind ? pace.noteRejected(kind, reason) : 0
    if (surplus === 0) return
    counters.add('reject-paced')
    if (surplus === 1) {
      const text = 'the central can not read records of this terminal: is it older than the terminal?'
      logger.error({ epoch, sequence, kind, reason }, text)
    }
    pause(delayMs(surplus - 1))
  }

  return {
    start(put) {
      publish = put
      // A batch that met silence waits up to 5 min; a central that has just greeted us can answer now.
      if (silences > 0) inFlight = null
      send()
    },
    stop() {
      publish = null
      clearTimeout(timer)
      // A broker that drops us for the size of what we sent gives no other sign.
      if (inFlight) noteSilence()
      inFlight = null
    },
    wake: send,
    takeAck({ epoch, upTo }) {
      const change = custody.confirm({ epoch, upTo })
      if (change === 'unknown') {
        counters.add('ack-foreign')
        return
      }
      if (change === 'beyond') counters.add('ack-beyond')
      silences = 0
      gapsInRow = 0
      if (inFlight?.epoch === epoch && upTo >= inFlight.last) pace.noteAccepted(inFlight.kinds)
      if (change === 'advanced') limit = Math.min(maxBatchRecords, limit * 2)
      // A mark that the disk did not take would have the same batch sent at once, again and again; so it waits for the ack's timer.
      if (change !== 'full') finishWhen(epoch, upTo)
    },
    takeGap({ epoch, expect, fault }) {
      if (fault !== undefined) return takeFault({ epoch, expect, fault })
      if (inFlight?.epoch !== epoch || expect === inFlight.first) {
        counters.add('gap-stale')
        return
      }
      counters.add('gap')
      gapsInRow += 1
      const change = custody.align({ epoch, upTo: expect - 1 })
      logger.warn({ epoch, expect, first: inFlight.first, change }, 'the central expects another record')
      if (change === 'rewound') counters.add('rewound')
      if (change !== 'same' && change !== 'full' && gapsInRow <= maxGapsInRow) finish()
    },
    takeReject({ epoch, sequence }, reason) {
      counters.add('rejected')
      logger.error({ epoch, sequence, reason }, 'the central refuses a record for good')
      const change = custody.reject({ epoch, sequence }, reason)
      if (change === 'unknown') counters.add('ack-foreign')
      silences = 0
      paceReject(epoch, sequence, reason)
      if (change !== 'full') finishWhen(epoch, sequence)
    },
    pause,
  }
}
