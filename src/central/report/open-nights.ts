/**
 * The nightly look at all tallies: decides when it is due, has it run elsewhere, writes down what it found, and keeps the newest report.
 *
 * It is due once a business date is over at every touchpoint, and once more when tallies of such dates, the catalogue or the entered
 * fixes changed; after a start nobody knows, so it is due then too. Promises: one run at a time; what changes during a run makes
 * another one due; a fleet that always delivers late costs a small part of a core; whoever asks gets the report of now, or after some
 * seconds the last one; a failed run leaves that one, and is tried again.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../../shared/clock.ts'
import { type Counters, makeCounters } from '../../shared/counters.ts'
import type { TouchpointHour } from '../../shared/first-hours.ts'
import type { Logger } from '../../shared/logger.ts'
import type { Catalogue } from '../store/catalogue.ts'
import type { Store } from '../store/port.ts'
import { businessSlot } from './business-day.ts'
import { dayStartOf } from './day-start.ts'
import { makeDueNight } from './due-night.ts'
import { dateOfDay } from './night/day-number.ts'
import type { NightReport } from './night/night-report.ts'
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
export type KnownNight = { report: NightReport; asOfMs: number }
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

export function openNights(options: NightsOptions): Nights {
  const { store, clock, logger, runner, patienceMs = usualPatienceMs } = options
  const counters = makeCounters<NightCounter>(['runs', 'nights', 'failed-runs'])
  const dueNight = makeDueNight(clock)
  const pace = makeNightPace(clock)
  let known: KnownNight | null = null
  /** Of the nights that were run, or are being run; empty while nobody knows. */
  let newestDate = ''
  /** As it was when somebody last looked whether a night is due. */
  let catalogue: Catalogue | null = null
  let loading: Promise<void> | null = null
  /** Raised with each change; `taken` is how many of them the known report has seen. */
  let changes = 0
  let taken = 0
  /** Business date, of changes of tallies that no run has seen. */
  let changedFrom: string | null = null
  /** What the last run was for that did not fail; null after a start. */
  let ranFor: { due: number; catalogue: Catalogue } | null = null
  let lastRun: { ms: number; curves: number } | null = null
  let running: Promise<void> | null = null
  let isClosed = false

  function noteChangedFrom(date: string): void {
    if (changedFrom === null || date < changedFrom) changedFrom = date
  }

  /** Of an always open touchpoint, the small hours belong to the day before. */
  function businessDateOf({ touchpoint, localDate, hour }: TouchpointHour): string {
    const found = catalogue?.touchpoints.get(touchpoint)
    const today = new Date(clock.wallMs()).toISOString().slice(0, 10)
    return found ? businessSlot(localDate, hour, dayStartOf(found, today)).date : localDate
  }

  function know(report: NightReport, asOfMs: number): void {
    known = { report, asOfMs }
    newestDate = report.to
  }

  async function readLast(): Promise<void> {
    const stored = await store.read.lastNight()
    const content = parseNightContent(stored)
    if (stored && content) know(content.report, stored.madeAtMs)
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
    const now = await store.read.catalogue()
    catalogue = now
    const due = dueNight(now)
    if (due === null || isClosed) return null
    return taken < changes || ranFor?.due !== due || ranFor.catalogue !== now ? { due, catalogue: now } : null
  }

  async function run(): Promise<void> {
    const need = await findNeed()
    if (!need) return
    await load()
    const order = { due: need.due, changedFrom }
    const dueDate = dateOfDay(need.due)
    if (dueDate > newestDate) newestDate = dueDate
    changedFrom = null
    pace.noteStarted()
    try {
      await runFor(need, order)
    } catch (error) {
      if (order.changedFrom !== null) noteChangedFrom(order.changedFrom)
      throw error
    }
  }

  async function runFor(need: NonNullable<typeof ranFor>, order: NightOrder): Promise<void> {
    const [startedMs, asOfMs, upTo] = [clock.monoMs(), clock.wallMs(), changes]
    const updated = await runner.update(order)
    const rows = updated.nights.map((night) => ({ ...night, madeAtMs: asOfMs }))
    if (isClosed) return
    await store.transact(async (writer) => {
      for (const row of rows) await writer.putNight(row)
    })
    const content = parseNightContent(rows.at(-1) ?? null)
    if (content) know(content.report, asOfMs)
    taken = upTo
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
      const date = businessDateOf(first)
      if (newestDate !== '' && date > newestDate) return
      changes += 1
      pace.noteTallies()
      noteChangedFrom(date)
    },
    noteFixes() {
      changes += 1
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
