/**
 * Takes what terminals send and makes it durable.
 *
 * In: payloads of the up topics, from an authenticated terminal. Out: acks and welcomes, each only after the COMMIT it speaks of, and
 * `onCommitted`. Promises: a record is stored once or refused with its reason; cursor, box ranges, tallies and ledger move in the
 * transaction of the record; a message that can't be read or stored harms no other; memory is bounded: what does not fit is dropped
 * and counted, and the terminal sends it again. Many small batches share one commit, since a commit costs a flush of the disk.
 */

import type { Ack, Desired } from '../../contracts/messages.ts'
import { formatMessage } from '../../contracts/parse-message.ts'
import type { DownLeaf } from '../../contracts/topics.ts'
import type { Clock } from '../../shared/clock.ts'
import { makeCounters } from '../../shared/counters.ts'
import type { TouchpointHour } from '../../shared/first-hours.ts'
import type { Logger } from '../../shared/logger.ts'
import type { Catalogue } from '../store/catalogue.ts'
import type { Store } from '../store/port.ts'
import { type Arrival, type Refusal, readArrival } from './arrival.ts'
import { makeArrivalQueue } from './arrival-queue.ts'
import { commitArrivals } from './commit-arrivals.ts'
import { makeContextSource } from './context-source.ts'
import { makeDesiredSender } from './desired-sender.ts'
import type { GroupSheet } from './group-sheet.ts'
import { makeWelcome } from './make-welcome.ts'
import { makeRefusalNote } from './note-refusal.ts'
import { makeCustodyAlarm } from './raise-custody.ts'
import { findReplaced, settleUnplaced } from './settle-unplaced.ts'
import { makeTerminalAllowance } from './terminal-allowance.ts'

export type Change = {
  touchpoints: ReadonlySet<string>
  terminals: ReadonlySet<string>
  /** Counted tallies that moved because presses got a better time, each with the first local hour. */
  counted: readonly TouchpointHour[]
}
export type IngestOptions = {
  store: Store
  publish(terminal: string, leaf: DownLeaf, text: string): void
  /** What a terminal shall show; null while it stands nowhere. */
  makeDesired(terminal: string): Promise<Desired | null>
  clock: Clock
  logger: Logger
  /** After each COMMIT: touchpoints whose tallies and terminals whose state changed. */
  onCommitted(change: Change): void
}
export type Ingest = {
  /** Takes one payload; returns at once, whatever it is. */
  receive(terminal: string, leaf: string, payload: Uint8Array): void
  counters(): Record<string, number>
  /** Records that wait to be committed. */
  waiting(): number
  /** Resolves when nothing is waiting any more. */
  idle(): Promise<void>
  /** Takes nothing more, and resolves when all that was taken is committed. */
  close(): Promise<void>
}

const collectMs = 3
const groupRecords = 4_000
/** About 30 MB of records. */
const maxRecords = 60_000
const busyRetryMs = 2_000
/**
 * A terminal has one batch on its way, and the next on the ack, so that one that catches up sends some 200 a second at most.
 * Whoever sends more is not waiting for answers; what is dropped, a terminal sends again.
 */
const allowanceLimits = { perSecond: 200, burst: 600 }
const batchCost = 1
/** A hello has the state written and is answered; a terminal sends a few a minute at the very most, and some at once at each connect. */
const otherCost = 5
const lowRetryMs = 1_000
const tooMany: Refusal = { reason: 'dropped-rate', detail: 'more messages than a terminal can have to send' }
/** How often a change of placements or surveys is looked for, so that terminals learn of it without asking. */
const catalogueCheckMs = 2_000
const counterNames = [
  'commits',
  'batches',
  'records',
  'repeats',
  'repeated-presses',
  'gaps',
  'lost-records',
  'quarantined',
  'untimed',
  'retimed',
  'bounded',
  'unplaced',
  'clones',
  'held-cloned',
  'dropped-full',
  'dropped-rate',
  'dropped-share',
  'desired-withheld',
  'not-storable',
  'store-failed',
]

export function openIngest(options: IngestOptions): Ingest {
  const { store, publish, makeDesired, clock, logger, onCommitted } = options
  const counters = makeCounters<string>(counterNames)
  const currentContext = makeContextSource(store)
  const desired = makeDesiredSender({ makeDesired, publish, clock, counters })
  const refuse = makeRefusalNote(counters, logger)
  const allowance = makeTerminalAllowance({ ...allowanceLimits, monoMs: clock.monoMs })
  const raiseCustody = makeCustodyAlarm(logger)
  const queue = makeArrivalQueue({ take: takeGroup, collectMs, groupRecords, maxRecords })
  let settledCatalogue: Catalogue | null = null
  let settling: Promise<void> = Promise.resolve()
  let isClosed = false
  const checkTimer = setInterval(checkCatalogue, catalogueCheckMs)
  checkTimer.unref()

  async function takeGroup(arrivals: readonly Arrival[]): Promise<void> {
    for (const sheet of await commitArrivals({ store, currentContext, counters, logger }, arrivals)) tellOfSheet(sheet)
    for (const arrival of arrivals) {
      if (arrival.kind === 'hello' || arrival.kind === 'health') await greet(arrival)
    }
    checkCatalogue()
  }

  /** A store that can't be read now costs an answer, which the terminal asks for again; the commits above stand. */
  async function greet(arrival: Arrival): Promise<void> {
    try {
      if (arrival.kind === 'hello') await answer(arrival.terminal, arrival.hello)
      if (arrival.kind === 'hello' && !arrival.hello.probe) await desired.send(arrival.terminal)
      if (arrival.kind === 'health') await answer(arrival.terminal, arrival.health)
      if (arrival.kind === 'health') await desired.sendUnlessInForce(arrival.terminal, arrival.health.rev)
    } catch (error) {
      counters.add('store-failed')
      logger.error({ err: error, terminal: arrival.terminal }, 'a terminal could not be answered')
    }
  }

  function tellOfSheet(sheet: GroupSheet): void {
    counters.add('commits')
    for (const [name, count] of Object.entries(sheet.counters.snapshot())) counters.add(name, count)
    raiseCustody(sheet)
    for (const { terminal, ack } of sheet.outgoing) publish(terminal, 'ack', formatMessage(withRetry(terminal, ack)))
    const { tallies } = sheet
    onCommitted({ touchpoints: tallies.touchpoints(), terminals: sheet.terminals(), counted: tallies.counted() })
  }

  /** How long a terminal had better wait before its next batch. */
  function pauseFor(terminal: string): { retryAfter: number } | null {
    if (queue.isBusy()) return { retryAfter: busyRetryMs }
    return allowance.isLow(terminal) ? { retryAfter: lowRetryMs } : null
  }

  const withRetry = (terminal: string, ack: Ack): Ack =>
    ack.upTo === undefined ? ack : { ...ack, ...pauseFor(terminal) }

  async function answer(terminal: string, asking: Parameters<typeof makeWelcome>[2]): Promise<void> {
    const welcome = await makeWelcome(store.read, terminal, asking, clock.wallMs())
    publish(terminal, 'welcome', formatMessage({ ...welcome, ...pauseFor(terminal) }))
  }

  function checkCatalogue(): void {
    settling = settling.then(followCatalogue).catch((error: unknown) => {
      settledCatalogue = null
      logger.error({ err: error }, 'store failed while following a change of placements; it is tried again')
    })
  }

  /** A placement that came after its presses has them tallied; a change of what to show goes out at once. */
  async function followCatalogue(): Promise<void> {
    if (isClosed) return
    const catalogue = await store.read.catalogue()
    if (catalogue === settledCatalogue) return
    const replaced = findReplaced(settledCatalogue, catalogue)
    settledCatalogue = catalogue
    await desired.sendChanges()
    for (const terminal of replaced) {
      const touchpoints = await settleUnplaced(store, currentContext, terminal)
      if (touchpoints.size > 0) onCommitted({ touchpoints, terminals: new Set([terminal]), counted: [] })
    }
  }

  /** Without a word the terminal would repeat it for half an hour before it knows that one of its records can't be read. */
  function refuseRead(terminal: string, refusal: Refusal): void {
    refuse(terminal, refusal)
    if (refusal.fault) publish(terminal, 'ack', formatMessage(refusal.fault))
  }

  function take(arrival: Arrival): void {
    const taken = queue.push(arrival)
    if (taken === 'full') counters.add('dropped-full')
    if (taken === 'share')
      refuse(arrival.terminal, { reason: 'dropped-share', detail: 'more of it is waiting than one terminal may have' })
  }

  return {
    receive(terminal, leaf, payload) {
      if (isClosed) return counters.add('dropped-closed')
      // Before it is read: reading is what costs most.
      if (!allowance.take(terminal, leaf === 'batch' ? batchCost : otherCost)) return refuse(terminal, tooMany)
      const read = readArrival({ terminal, receivedAtMs: clock.wallMs() }, leaf, payload)
      if ('refusal' in read) return refuseRead(terminal, read.refusal)
      take(read.arrival)
    },
    counters: () => counters.snapshot(),
    waiting: () => queue.waiting(),
    async idle() {
      await queue.idle()
      await settling
    },
    async close() {
      clearInterval(checkTimer)
      isClosed = true
      await queue.idle()
      await settling
    },
  }
}
