/**
 * The writing side of the central: ingest and labels on one store.
 *
 * In: what terminals send. Out: answers to them, and what changed by a COMMIT. It runs where it is opened: beside everything else, or
 * on a thread of its own (`open-intake-thread.ts`), where a full hour of presses keeps no page and no socket waiting.
 */
import type { DownLeaf } from '../contracts/topics.ts'
import type { Clock } from '../shared/clock.ts'
import type { Logger } from '../shared/logger.ts'
import { makeDesired } from './fleet/make-desired.ts'
import { type Change, openIngest } from './ingest/open-ingest.ts'
import { type ChangedTallies, openLabels } from './labels/open-labels.ts'
import type { Store } from './store/port.ts'

export type IntakeEvents = {
  publish(terminal: string, leaf: DownLeaf, text: string): void
  /** After each COMMIT of records. */
  onCommitted(change: Change): void
  /** After each COMMIT of labels. */
  onRelabelled(changed: ChangedTallies): void
}
/** Counters by room. */
export type IntakeCounters = Record<'ingest' | 'labels', Record<string, number>>

export type Intake = {
  /** Takes one payload; returns at once, whatever it is. */
  receive(terminal: string, leaf: string, payload: Uint8Array): void
  counters(): Promise<IntakeCounters>
  /** Runs somebody else's write on the same database between two transactions of this side. */
  exclusively<T>(write: () => Promise<T>): Promise<T>
  /** Resolves when everything received so far is committed and labelled. */
  drain(): Promise<void>
  /** Takes nothing more, and resolves when all that was taken is committed; what is not labelled is so after the next start. */
  close(): Promise<void>
}

/** More records than come at once when all is quiet. */
const behindRecords = 100
/** Terminals that send batch after batch on each ack leave gaps of some ms between two groups. */
const lingerMs = 200

export function openIntake(options: IntakeEvents & { store: Store; clock: Clock; logger: Logger }): Intake {
  const { store, clock, logger, publish, onCommitted, onRelabelled } = options
  const room = (name: string) => logger.child({ room: name })
  const ingest = openIngest({
    ...{ store, clock, publish, logger: room('ingest') },
    makeDesired: (terminal) => makeDesired(store.read, terminal, clock.wallMs()),
    onCommitted(change) {
      noteCommit()
      onCommitted(change)
      labels.wake()
    },
  })
  let committed = 0
  let busyUntilMs = Number.NEGATIVE_INFINITY

  function noteCommit(): void {
    const { records = 0 } = ingest.counters()
    if (records - committed > behindRecords) busyUntilMs = clock.monoMs() + lingerMs
    committed = records
  }
  const labels = openLabels({
    ...{ store, clock, onRelabelled, logger: room('labels') },
    isBehind: () => ingest.waiting() > behindRecords || clock.monoMs() < busyUntilMs,
  })
  return {
    receive: ingest.receive,
    counters: async () => ({ ingest: ingest.counters(), labels: labels.counters.snapshot() }),
    // One store has one queue of transactions.
    exclusively: (write) => write(),
    async drain() {
      await ingest.idle()
      await labels.drain()
    },
    async close() {
      await ingest.close()
      await labels.close()
    },
  }
}
