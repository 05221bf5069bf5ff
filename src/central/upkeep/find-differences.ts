import type { Store, StoreReader, Tally, TallyChange } from '../store/port.ts'
import type { TerminalSpan } from './date-range.ts'
import { addDays, type DateSpan, dayMs, windowOf } from './local-window.ts'

/** One touchpoint's local date of which tallies and presses disagree; `changes` would make the tallies right. */
export type Difference = { touchpoint: string; localDate: string; changes: TallyChange[] }
/** Gives way to whoever else wants the processor or the database. */
export type Pause = () => Promise<void>

type DaySums = { tallies: Tally[]; terminals: Map<string, Set<string>> }

const keyOf = ({ touchpoint, question, class: tallyClass, hour, offsetMinutes }: Tally) =>
  `${touchpoint} ${question} ${tallyClass} ${hour} ${offsetMinutes}`

/** What has to be added to `tallied` so that it becomes `stored`; both of one local date. */
function subtract(stored: readonly Tally[], tallied: readonly Tally[]): TallyChange[] {
  const sums = new Map<string, Tally>()
  const add = (tally: Tally, sign: 1 | -1) => {
    const sum = sums.get(keyOf(tally)) ?? { ...tally, counts: tally.counts.map(() => 0) }
    sums.set(keyOf(tally), sum)
    for (const [value, count] of tally.counts.entries())
      sum.counts[value] = (sum.counts[value] as number) + sign * count
  }
  for (const tally of stored) add(tally, 1)
  for (const tally of tallied) add(tally, -1)
  return [...sums.values()].flatMap(({ counts, ...key }) =>
    counts.flatMap((delta, value) => (delta === 0 ? [] : [{ ...key, value, delta }])),
  )
}

function noteSums(days: Map<string, DaySums>, terminal: string, sums: readonly Tally[]): void {
  for (const tally of sums) {
    const day = days.get(tally.localDate) ?? { tallies: [], terminals: new Map<string, Set<string>>() }
    days.set(tally.localDate, day)
    day.tallies.push(tally)
    const terminals = day.terminals.get(tally.touchpoint) ?? new Set()
    day.terminals.set(tally.touchpoint, terminals.add(terminal))
  }
}

/**
 * Walks through local dates and reads each press once, a terminal and a UTC day at a time.
 *
 * A local date lies within 50 hours of UTC, so it is complete once the two days after its first have been read.
 */
async function* sumDays(
  read: StoreReader,
  spans: readonly TerminalSpan[],
  { from, to }: DateSpan,
  pause: Pause,
): AsyncGenerator<{ date: string } & DaySums> {
  const days = new Map<string, DaySums>()
  for (let head = from, date = addDays(from, -2); date < to; head = addDays(head, 1)) {
    const { fromMs } = windowOf({ from: head, to: head })
    for (const { terminal, firstMs, lastMs } of spans) {
      if (lastMs < fromMs || firstMs >= fromMs + dayMs) continue
      noteSums(days, terminal, await read.pressSums(terminal, fromMs, fromMs + dayMs))
      await pause()
    }
    date = addDays(head, -2)
    if (date < from) continue
    yield { date, ...(days.get(date) ?? { tallies: [], terminals: new Map() }) }
    for (const old of days.keys()) if (old <= date) days.delete(old)
  }
}

/** Compares once more while nothing can change, since presses arrive between the two looks of `findDifferences`. */
async function lookAgain(
  store: Store,
  { touchpoint, localDate }: Difference,
  seen: ReadonlySet<string>,
  mend: boolean,
): Promise<TallyChange[]> {
  return await store.transact(async (writer) => {
    const { placements } = await store.read.catalogue()
    const placed = [...placements].filter(([, list]) => list.some((placement) => placement.touchpoint === touchpoint))
    const { fromMs, toMs } = windowOf({ from: localDate, to: localDate })
    const stored: Tally[] = []
    for (const terminal of new Set([...seen, ...placed.map(([terminal]) => terminal)])) {
      const sums = await store.read.pressSums(terminal, fromMs, toMs)
      stored.push(...sums.filter((tally) => tally.touchpoint === touchpoint && tally.localDate === localDate))
    }
    const changes = subtract(stored, await store.read.talliesOn(localDate, touchpoint))
    if (mend) await writer.changeTallies(changes)
    return changes
  })
}

/**
 * Compares the tallies of some local dates, of all touchpoints or one, with the presses by their cells and labels.
 *
 * Reads beside everything else; only where the two seem to differ is a transaction taken, which holds up ingest for one touchpoint's day.
 *
 * @param options.mend makes the tallies right in that transaction
 */
export async function* findDifferences(
  store: Store,
  options: {
    spans: readonly TerminalSpan[]
    dates: DateSpan
    touchpoint?: string | undefined
    mend: boolean
    pause: Pause
    onDate?: (date: string) => void
  },
): AsyncGenerator<Difference> {
  const { spans, dates, touchpoint, mend, pause, onDate } = options
  for await (const { date, tallies, terminals } of sumDays(store.read, spans, dates, pause)) {
    const changes = subtract(tallies, await store.read.talliesOn(date))
    const touchpoints = [...new Set(changes.map((change) => change.touchpoint))].sort((a, b) => (a < b ? -1 : 1))
    for (const differing of touchpoints) {
      if (touchpoint !== undefined && differing !== touchpoint) continue
      const difference = { touchpoint: differing, localDate: date, changes: [] }
      const again = await lookAgain(store, difference, terminals.get(differing) ?? new Set(), mend)
      if (again.length > 0) yield { ...difference, changes: again }
      await pause()
    }
    onDate?.(date)
  }
}
