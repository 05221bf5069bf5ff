/**
 * The nightly comparison: presses and tallies in, an alarm out when they disagree; the store keeps when it was and what it found.
 *
 * Tallies are changed in the transaction of each press and label, so that a difference means a fault of ours or of the disk; it is logged
 * and counted, never mended unasked, because what went wrong should be seen (`smilepost rebuild` mends it). Promises: each press
 * that is still kept is compared, after a failure once more before long; nothing that arrives meanwhile passes for a difference; ingest and pages keep most of the processor.
 */
import type { Clock } from '../../shared/clock.ts'
import { type Counters, makeCounters } from '../../shared/counters.ts'
import type { Logger } from '../../shared/logger.ts'
import type { Store } from '../store/port.ts'
import { findDates, readSpans } from './date-range.ts'
import { type Difference, findDifferences, type Pause } from './find-differences.ts'
import type { DateSpan } from './local-window.ts'
import { type Comparing, noteComparison } from './note-comparison.ts'

type ComparisonCounter = 'comparisons' | 'compared-dates' | 'differences' | 'failed-comparisons'
export type ComparisonOptions = {
  store: Store
  clock: Clock
  logger: Logger
  /** Presses before this may have been deleted by retention; null while none was. */
  retainedFromMs(): number | null
  /** Hour of the day, on the machine's own clock, in which it runs. */
  hour?: number
}
export type Comparison = {
  /** Compares now. @returns the dates looked at, null when there are none, and what differs */
  compare(): Promise<{ dates: DateSpan | null; differences: Difference[] }>
  counters: Counters<ComparisonCounter>
  /** Ends after the look under way. */
  close(): Promise<void>
}

const checkEveryMs = 60_000
/** One night has one such hour, and some nights have two. */
const leastGapMs = 20 * 3_600_000
const usualHour = 3
const workMs = 15
const restMs = 45
const maxLogged = 100
/** Each try costs the machine hours of reading where there are many presses; the next night comes anyway. */
const maxChecksToRetry = 512

class Closed extends Error {}

export function openComparison(options: ComparisonOptions): Comparison {
  const { store, clock, logger, retainedFromMs, hour = usualHour } = options
  const counters = makeCounters<ComparisonCounter>([
    'comparisons',
    'compared-dates',
    'differences',
    'failed-comparisons',
  ])
  let lastMs = Number.NEGATIVE_INFINITY
  let failures = 0
  /** 0 when none is owed. */
  let checksToRetry = 0
  /** What was found, until the store has taken it. */
  let unnoted: Comparing | null = null
  /** By a comparison that did not come to its end: the next one tells of them no second time. */
  const raised = new Set<string>()
  let running: Promise<unknown> | null = null
  let isClosed = false
  let workedFromMs = clock.monoMs()

  const pause: Pause = async () => {
    if (isClosed) throw new Closed('the comparison was closed')
    if (clock.monoMs() - workedFromMs < workMs) return
    await new Promise((resolve) => setTimeout(resolve, restMs))
    workedFromMs = clock.monoMs()
  }

  function raise({ touchpoint, localDate, changes }: Difference): void {
    const key = `${touchpoint} ${localDate}`
    if (raised.has(key)) return
    raised.add(key)
    counters.add('differences')
    if (counters.get('differences') > maxLogged) return
    const presses = changes.reduce((sum, { delta }) => sum + Math.abs(delta), 0)
    logger.error(
      { touchpoint, localDate, presses },
      'tallies differ from presses: smilepost rebuild --dry-run tells more',
    )
  }

  async function note(): Promise<void> {
    if (!unnoted) return
    const noting = unnoted
    await noteComparison(store, noting)
    if (unnoted === noting) unnoted = null
  }

  async function compare(): Promise<{ dates: DateSpan | null; differences: Difference[] }> {
    const atMs = clock.wallMs()
    const before = await store.read.compared()
    const spans = await readSpans(store.read)
    const dates = await findDates(store.read, spans, retainedFromMs())
    const differences: Difference[] = []
    const onDate = () => counters.add('compared-dates')
    if (dates) {
      for await (const difference of findDifferences(store, { spans, dates, mend: false, pause, onDate })) {
        raise(difference)
        differences.push(difference)
      }
    }
    raised.clear()
    counters.add('comparisons')
    logger.info(
      { ...dates, retainedFromMs: retainedFromMs(), differences: differences.length },
      'tallies compared with presses',
    )
    unnoted = { found: { atMs, differences: differences.length }, before }
    await note()
    return { dates, differences }
  }

  function isDue(): boolean {
    if (checksToRetry > 0) return --checksToRetry === 0
    const nowMs = clock.wallMs()
    // A clock that was set back must not put it off for years.
    if (new Date(nowMs).getHours() !== hour || Math.abs(nowMs - lastMs) < leastGapMs) return false
    lastMs = nowMs
    return true
  }

  function noteFailed(error: unknown): void {
    if (error instanceof Closed) return
    counters.add('failed-comparisons')
    if (!unnoted) checksToRetry = Math.min(maxChecksToRetry, 2 ** failures)
    failures += 1
    if (failures === 1) logger.error({ err: error }, 'tallies could not be compared with presses; it is tried again')
  }

  function compareWhenDue(): void {
    if (running) return
    const work = unnoted ? note : isDue() ? compare : null
    if (!work) return
    running = work()
      .then(() => {
        failures = 0
      })
      .catch(noteFailed)
      .finally(() => {
        running = null
      })
  }

  const timer = setInterval(compareWhenDue, checkEveryMs)
  timer.unref()
  return {
    compare,
    counters,
    async close() {
      isClosed = true
      clearInterval(timer)
      await running
    },
  }
}
