/**
 * The nightly look at all tallies: decides when it is due, has it run elsewhere, writes down what it found, and keeps the newest report.
 *
 * It is due once a business date is over at every touchpoint, and once more when tallies of such dates, the catalogue or the entered
 * fixes changed; after a start nobody knows, so it is due then too. Promises: one run at a time; what changes during a run makes
 * another one due; a fleet that always delivers late costs a small part of a core; whoever asks gets the report of now, or after some
 * seconds the last one, or of a big fleet's first time a glance; a failed run leaves that one, and is tried again.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../../shared/clock.ts'
import { type Counters, makeCounters } from '../../shared/counters.ts'
import type { TouchpointHour } from '../../shared/first-hours.ts'
import type { Logger } from '../../shared/logger.ts'
import type { Catalogue } from '../store/catalogue.ts'
import type { Store } from '../store/port.ts'
import { makeDueNight } from './due-night.ts'
import { dateOfDay } from './night/day-number.ts'
import type { NightReport } from './night/night-report.ts'
import { makeNightChanges } from './night-changes.ts'
import { parseNightContent } from './night-content.ts'
import { checkEveryMs, makeNightPace } from './night-pace.ts'
import type { NightOrder, UpdatedNights } from './update-nights.ts'

type NightCounter = 'runs' | 'nights' | 'failed-runs'
/** What runs nights: beside everything else, or on a thread of its own. */
export type NightRunner = {
  /** Runs whatever nights are missing up to this one, or repeats the last one (`updateNights`). */
  update(order: NightOrder): Promise<UpdatedNights>
  /** Ends a run under way; nothing of it stays. */
  close(): Promise<void>
}
export type NightsOptions = {
  store: Pick<Store, 'read' | 'transact'>
  clock: Clock
  logger: Logger
  runner: NightRunner
  /** How long whoever asks waits for a run. */
  patienceMs?: number
}
/** The newest report, and the instant as of which it is. */
export type KnownNight = {
  report: NightReport
  asOfMs: number
  /** One night alone, shown while those before it are still run: its dips' ids are not theirs to come. */
  isGlance?: true
}
export type Nights = {
  /** @returns null where there is none yet */
  current(): Promise<KnownNight | null>
  /** The same as it is at this moment, whatever is due. */
  known(): KnownNight | null
  /** Tells that counted tallies of a touchpoint changed, from a local hour on. */
  noteTallies(first: TouchpointHour): void
  /** Tells that entered fixes changed. Somebody waits to see it, so it is not put off. */
  noteFixes(): void
  counters: Counters<NightCounter>
  /** The last run that did not fail; null before the first. */
  lastRun(): { seconds: number; curves: number } | null
  close(): Promise<void>
}

const usualPatienceMs = 5_000
/** Of so many, the nights of eight weeks take minutes; until then one night is better than none. */
const manyTouchpoints = 100

export function openNights(options: NightsOptions): Nights {
  const { store, clock, logger, runner, patienceMs = usualPatienceMs } = options
  const counters = makeCounters<NightCounter>(['runs', 'nights', 'failed-runs'])
  const dueNight = makeDueNight(clock)
  const pace = makeNightPace(clock)
  const changes = makeNightChanges(clock)
  let known: KnownNight | null = null
  let loading: Promise<void> | null = null
  /** What the last run was for that did not fail; null after a start. */
  let ranFor: { due: number; catalogue: Catalogue } | null = null
  let lastRun: { ms: number; curves: number } | null = null
  let running: Promise<void> | null = null
  let isClosed = false

  function know(night: KnownNight): void {
    known = night
    changes.noteNight(night.report.to)
  }

  async function readLast(): Promise<void> {
    const stored = await store.read.lastNight()
    const content = parseNightContent(stored)
    if (stored && content) know({ report: content.report, asOfMs: stored.madeAtMs })
  }

  function load(): Promise<void> {
    loading ??= readLast().catch((error: unknown) => {
      loading = null
      throw error
    })
    return loading
  }

  /** What there is to run for; null while the known report is the one of now. */
  async function findNeed(): Promise<typeof ranFor> {
    const catalogue = await store.read.catalogue()
    changes.noteCatalogue(catalogue)
    const due = dueNight(catalogue)
    if (due === null || isClosed) return null
    return changes.areUnseen() || ranFor?.due !== due || ranFor.catalogue !== catalogue ? { due, catalogue } : null
  }

  async function run(): Promise<void> {
    const need = await findNeed()
    if (!need) return
    await load()
    const dueDate = dateOfDay(need.due)
    if (!known || dueDate > known.report.to) changes.noteNight(dueDate)
    const taken = changes.take()
    pace.noteStarted()
    try {
      if (!known && need.catalogue.touchpoints.size >= manyTouchpoints) await glance(need.due)
      if (isClosed) return
      await runFor(need, taken.changedFrom)
      taken.seen()
    } catch (error) {
      taken.putBack()
      throw error
    }
  }

  /** Dips of one night without a memory say little of when they began and how sure they are; they are not written down. */
  async function glance(due: number): Promise<void> {
    const [startedMs, asOfMs] = [clock.monoMs(), clock.wallMs()]
    const { nights, curves } = await runner.update({ due, changedFrom: null, isGlance: true })
    const content = parseNightContent(nights.at(-1) ?? null)
    if (!content || isClosed) return
    know({ report: content.report, asOfMs, isGlance: true })
    lastRun = { ms: clock.monoMs() - startedMs, curves }
  }

  async function runFor(need: NonNullable<typeof ranFor>, changedFrom: string | null): Promise<void> {
    const [startedMs, asOfMs] = [clock.monoMs(), clock.wallMs()]
    const updated = await runner.update({ due: need.due, changedFrom })
    const rows = updated.nights.map((night) => ({ ...night, madeAtMs: asOfMs }))
    if (isClosed) return
    await store.transact(async (writer) => {
      for (const row of rows) await writer.putNight(row)
    })
    const content = parseNightContent(rows.at(-1) ?? null)
    if (content) know({ report: content.report, asOfMs })
    ranFor = need
    noteRun(clock.monoMs() - startedMs, updated)
  }

  function noteRun(ms: number, { runs, curves }: UpdatedNights): void {
    lastRun = { ms, curves }
    pace.noteDone(ms)
    counters.add('runs')
    counters.add('nights', runs)
    logger.info({ date: known?.report.to, nights: runs, curves, ms }, 'tallies looked at for dips')
  }

  function noteFailed(error: unknown): void {
    if (isClosed) return
    counters.add('failed-runs')
    if (pace.noteFailed() === 1)
      logger.error({ err: error }, 'tallies could not be looked at for dips; it is tried again')
  }

  /** A run under way may have begun before the last change; so one of its own follows, if there is still a need and not too long a rest. */
  async function catchUp(longestRestMs: number): Promise<void> {
    await running
    const restMs = pace.restMs()
    if (isClosed || restMs > longestRestMs) return
    if (restMs > 0) await sleep(restMs, undefined, { ref: false })
    running ??= run()
      .catch(noteFailed)
      .finally(() => {
        running = null
      })
    await running
  }

  const timer = setInterval(() => {
    if (!running && !pace.isPutOff()) void catchUp(0)
  }, checkEveryMs)
  timer.unref()
  return {
    async current() {
      await load()
      if ((await findNeed()) === null) return known
      const caughtUp = catchUp(patienceMs)
      // Nobody waits in vain for a run that is known to take longer.
      if (known && lastRun && lastRun.ms > patienceMs) return known
      await Promise.race([caughtUp, sleep(patienceMs, undefined, { ref: false })])
      return known
    },
    known: () => known,
    noteTallies(first) {
      if (changes.noteTallies(first)) pace.noteTallies()
    },
    noteFixes() {
      changes.noteFixes()
      pace.hurry()
    },
    counters,
    lastRun: () => lastRun && { seconds: lastRun.ms / 1_000, curves: lastRun.curves },
    async close() {
      isClosed = true
      clearInterval(timer)
      await runner.close()
      await running
    },
  }
}
