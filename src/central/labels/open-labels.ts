/**
 * Labels: dirty hours in, a label for each press and the `counted` tallies out.
 *
 * Ingest marks (terminal, UTC hour) dirty with each press it stores or retimes. Here those hours' presses are read again with
 * their neighbours, go through the mash filter, and labels, `counted` tallies and the cleared marks are committed together.
 * Promises: no press is dropped, whatever its label; tallies of class `counted` always agree with the labels; the order in
 * which presses arrive does not matter, since a late one marks its hour dirty and the runs around it are judged anew.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../../shared/clock.ts'
import { type Counters, makeCounters } from '../../shared/counters.ts'
import { firstHours, type TouchpointHour } from '../../shared/first-hours.ts'
import type { Logger } from '../../shared/logger.ts'
import type { Store, TallyChange } from '../store/port.ts'
import { makeBurstGaps } from './burst-gaps.ts'
import { groupHours, type Stretch } from './group-hours.ts'
import { relabelStretch } from './relabel-stretch.ts'

type LabelCounter = 'transactions' | 'hours' | 'labelled' | 'misuse' | 'failed-passes'
/** Touchpoints whose counted tallies changed, each with the first local hour that did. */
export type ChangedTallies = TouchpointHour[]

export type LabelsOptions = {
  store: Store
  clock: Clock
  logger: Logger
  onRelabelled(changed: ChangedTallies): void
  /** Terminals wait for their acks: labels take a turn now and then only, since hours that still fill are labelled again anyway. */
  isBehind?(): boolean
}

export type Labels = {
  /** Something was committed; its hours are labelled soon. */
  wake(): void
  /** Resolves once no hour is dirty. */
  drain(): Promise<void>
  counters: Counters<LabelCounter>
  /** Ends after the transaction under way; what is still dirty is labelled after the next start. */
  close(): Promise<void>
}

const hoursPerTransaction = 200
const hoursPerStretch = 24
/** Ends a transaction early where hours are full, so that ingest does not wait long behind it. */
const pressesPerTransaction = 3_000
/** Presses come in flurries; this lets a flurry's hour be labelled once. */
const settleMs = 300
const retryMs = 5_000
/** How long the next turn waits at most while terminals wait. */
const stepAsideMs = 1_000
const lookEveryMs = 50

type Pass = { changes: TallyChange[]; done: Stretch[]; labelled: number; misuse: number }

export function openLabels({ store, clock, logger, onRelabelled, isBehind }: LabelsOptions): Labels {
  const counters = makeCounters<LabelCounter>(['transactions', 'hours', 'labelled', 'misuse', 'failed-passes'])
  const gaps = makeBurstGaps(store.read)
  let timer: NodeJS.Timeout | null = null
  let running: Promise<void> | null = null
  let isClosed = false

  async function labelSome(stretches: readonly Stretch[]): Promise<Pass> {
    return store.transact(async (writer) => {
      const pass: Pass = { changes: [], done: [], labelled: 0, misuse: 0 }
      let presses = 0
      for (const stretch of stretches) {
        if (presses >= pressesPerTransaction) break
        // Written stretch by stretch: the next one may read some of the same neighbours.
        const relabelled = await relabelStretch(writer, stretch, gaps)
        presses += relabelled.presses
        pass.labelled += relabelled.labels.length
        pass.misuse += relabelled.labels.filter(({ label }) => label === 'misuse').length
        for (const change of relabelled.changes) pass.changes.push(change)
        pass.done.push(stretch)
      }
      await writer.changeTallies(pass.changes)
      await writer.clearDirty(pass.done.flatMap(({ hours }) => hours))
      return pass
    })
  }

  async function stepAside(): Promise<void> {
    const untilMs = clock.monoMs() + stepAsideMs
    while (isBehind?.() && !isClosed && clock.monoMs() < untilMs) await sleep(lookEveryMs)
  }

  async function run(): Promise<void> {
    const startedAtMs = clock.monoMs()
    let labelled = 0
    while (!isClosed) {
      await stepAside()
      const dirty = await store.read.dirtyHours(hoursPerTransaction)
      if (dirty.length === 0) break
      const pass = await labelSome(groupHours(dirty, hoursPerStretch))
      counters.add('transactions')
      counters.add('hours', pass.done.flatMap(({ hours }) => hours).length)
      counters.add('labelled', pass.labelled)
      counters.add('misuse', pass.misuse)
      labelled += pass.labelled
      if (pass.changes.length > 0) onRelabelled(firstHours(pass.changes))
      // SQLite answers at once: without this the loop would keep network and timers waiting.
      await new Promise((resolve) => setImmediate(resolve))
    }
    if (labelled > 0) logger.debug({ labelled, ms: clock.monoMs() - startedAtMs }, 'labelled')
  }

  function start(): Promise<void> {
    running ??= run().finally(() => {
      running = null
    })
    return running
  }

  function wakeAfter(ms: number): void {
    if (timer || isClosed) return
    timer = setTimeout(() => {
      timer = null
      start().catch((error: unknown) => {
        counters.add('failed-passes')
        logger.error({ error: String(error) }, 'labelling failed; trying again')
        wakeAfter(retryMs)
      })
    }, ms)
  }

  wakeAfter(0)
  return {
    wake: () => wakeAfter(settleMs),
    async drain() {
      while (!isClosed && (running || (await store.read.dirtyHours(1)).length > 0)) await start()
    },
    counters,
    async close() {
      isClosed = true
      if (timer) clearTimeout(timer)
      await running?.catch(() => {})
    },
  }
}
