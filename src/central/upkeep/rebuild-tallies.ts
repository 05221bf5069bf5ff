/**
 * A rebuild: presses and the catalogue of today in, right places, tallies and labels out.
 *
 * For whoever corrected a zone or a placement, which moves no press by itself, and for tallies that the nightly comparison found wrong.
 * First each press is put where the catalogue says now, then the tallies are made to agree with the presses, then the labels are worked
 * out again with gaps from the new tallies. All in transactions of a terminal's day or a touchpoint's day, so that a central may work
 * beside it; each step leaves a consistent store, and a rebuild that was cut short is repeated as a whole.
 */

import { uncertainMs } from '../../shared/uncertain.ts'
import type { PressCell, Store, StoredPress, StoreWriter, TallyChange } from '../store/port.ts'
import { findDates, readSpans, type TerminalSpan } from './date-range.ts'
import { type Difference, findDifferences, type Pause } from './find-differences.ts'
import { type DateSpan, dayMs, windowOf } from './local-window.ts'

type Spot = Pick<StoredPress, 'cell' | 'isUnplaced'>
type FindPlace = (press: StoredPress) => Spot
/** What other rooms do, within one transaction. */
export type RebuildMeans = {
  /** Where a timed press belongs by the catalogue of now. */
  placesOfNow(): Promise<FindPlace>
  /** Puts presses where they belong, and moves their tallies. */
  move(writer: StoreWriter, presses: readonly StoredPress[]): Promise<void>
  /** Labels a terminal's stretch of UTC hours anew. @returns the changes of counted tallies, not yet applied, and how many labels changed */
  relabel(
    writer: StoreWriter,
    stretch: { terminal: string; fromMs: number; toMs: number },
  ): Promise<{ changes: TallyChange[]; labels: number }>
}

export type RebuildOptions = {
  store: Store
  means: RebuildMeans
  retainedFromMs: number | null
  wanted: Partial<DateSpan>
  touchpoint?: string | undefined
  /** Only tells what would be moved and mended; labels are not looked at. */
  isDry: boolean
  pause: Pause
  onProgress(step: 'places' | 'tallies' | 'labels', done: number, all: number): void
}

/** Presses that stood at one touchpoint, or nowhere, and belong to another, or to another hour of the same. */
type Move = { from: string | null; to: string | null; presses: number }
export type Rebuilt = {
  /** null when there is nothing to rebuild. */
  dates: DateSpan | null
  moves: Move[]
  /** Tallies that disagreed with their presses, apart from the moves. */
  differences: Difference[]
  relabelled: number
}

const isSameCell = (a: PressCell | null, b: PressCell | null): boolean =>
  a === b ||
  (a !== null &&
    b !== null &&
    a.touchpoint === b.touchpoint &&
    a.localDate === b.localDate &&
    a.hour === b.hour &&
    a.offsetMinutes === b.offsetMinutes &&
    a.class === b.class)

/**
 * Whether a press takes part. A timed press in no cell that is not unplaced either is the notice of a stuck button, or an uncertain one whose
 * date was not sure, which a zone can change. What people put aside stays where it is, also by the store's word.
 */
const isMovable = ({ isRepeat, isAside, utcMs, errorMs, cell, isUnplaced }: StoredPress): boolean =>
  !isRepeat && !isAside && utcMs !== null && errorMs !== null && (cell !== null || isUnplaced || errorMs > uncertainMs)

type Scope = { dates: DateSpan; touchpoint: string | undefined }

/** Whether a cell lies in what is to be rebuilt. */
function isInScope(cell: PressCell | null, { dates, touchpoint }: Scope): boolean {
  if (!cell || cell.localDate < dates.from || cell.localDate > dates.to) return false
  return touchpoint === undefined || cell.touchpoint === touchpoint
}

type Replaced = { press: StoredPress; cell: PressCell | null }

function findReplaced(presses: readonly StoredPress[], findPlace: FindPlace, scope: Scope): Replaced[] {
  return presses.flatMap((press) => {
    if (!isMovable(press)) return []
    const { cell, isUnplaced } = findPlace(press)
    if (isSameCell(cell, press.cell) && isUnplaced === press.isUnplaced) return []
    const isNowhere = cell === null && press.cell === null && scope.touchpoint === undefined
    return isNowhere || isInScope(cell, scope) || isInScope(press.cell, scope) ? [{ press, cell }] : []
  })
}

/** A terminal's UTC days that may hold presses of some local dates. */
function* listDays(spans: readonly TerminalSpan[], dates: DateSpan) {
  const { fromMs, toMs } = windowOf(dates)
  const firstDayMs = Math.floor(fromMs / dayMs) * dayMs
  for (const { terminal, firstMs, lastMs } of spans) {
    const startMs = Math.max(firstDayMs, Math.floor(firstMs / dayMs) * dayMs)
    for (let dayFromMs = startMs; dayFromMs < toMs && dayFromMs <= lastMs; dayFromMs += dayMs)
      yield { terminal, fromMs: dayFromMs, toMs: dayFromMs + dayMs }
  }
}

function makeMoveCounts() {
  const moves = new Map<string, Move>()
  return {
    add(replaced: readonly Replaced[]) {
      for (const { press, cell } of replaced) {
        const [from, to] = [press.cell?.touchpoint ?? null, cell?.touchpoint ?? null]
        const move = moves.get(`${from} ${to}`) ?? { from, to, presses: 0 }
        moves.set(`${from} ${to}`, move)
        move.presses += 1
      }
    },
    list: () => [...moves.values()],
  }
}

type Days = ReturnType<typeof listDays>
type Stretch = Days extends Generator<infer One> ? One : never

async function replacePresses(options: RebuildOptions, days: readonly Stretch[], scope: Scope): Promise<Move[]> {
  const { store, means, isDry, pause, onProgress } = options
  const moves = makeMoveCounts()
  for (const [i, { terminal, fromMs, toMs }] of days.entries()) {
    const seen = findReplaced(await store.read.pressesBetween(terminal, fromMs, toMs), await means.placesOfNow(), scope)
    if (seen.length > 0 && isDry) moves.add(seen)
    if (seen.length > 0 && !isDry) {
      await store.transact(async (writer) => {
        const presses = await writer.pressesBetween(terminal, fromMs, toMs)
        const replaced = findReplaced(presses, await means.placesOfNow(), scope)
        const movable = replaced.map(({ press }) => press)
        await means.move(writer, movable)
        moves.add(replaced)
      })
    }
    onProgress('places', i + 1, days.length)
    await pause()
  }
  return moves.list()
}

async function mendTallies(
  options: RebuildOptions,
  spans: readonly TerminalSpan[],
  { dates, touchpoint }: Scope,
): Promise<Difference[]> {
  const { store, isDry, pause, onProgress } = options
  const differences: Difference[] = []
  const all = Math.round((Date.parse(dates.to) - Date.parse(dates.from)) / dayMs) + 1
  let done = 0
  const onDate = () => onProgress('tallies', ++done, all)
  const looking = { spans, dates, touchpoint, mend: !isDry, pause, onDate }
  for await (const difference of findDifferences(store, looking)) differences.push(difference)
  return differences
}

async function relabelDays(options: RebuildOptions, days: readonly Stretch[], scope: Scope): Promise<number> {
  const { store, means, pause, onProgress } = options
  let relabelled = 0
  for (const [i, stretch] of days.entries()) {
    const sums = await store.read.pressSums(stretch.terminal, stretch.fromMs, stretch.toMs)
    if (sums.some((tally) => tally.class === 'raw' && isInScope({ ...tally, class: 'raw' }, scope))) {
      await store.transact(async (writer) => {
        const { changes, labels } = await means.relabel(writer, stretch)
        await writer.changeTallies(changes)
        relabelled += labels
      })
    }
    onProgress('labels', i + 1, days.length)
    await pause()
  }
  return relabelled
}

/** Rebuilds, or with `isDry` tells what a rebuild would find. Retention's edge narrows what was wanted. */
export async function rebuildTallies(options: RebuildOptions): Promise<Rebuilt> {
  const { store, retainedFromMs, wanted, touchpoint, isDry } = options
  const spans = await readSpans(store.read)
  const dates = await findDates(store.read, spans, retainedFromMs, wanted)
  if (!dates) return { dates, moves: [], differences: [], relabelled: 0 }
  const scope = { dates, touchpoint }
  const days = [...listDays(spans, dates)]
  const moves = await replacePresses(options, days, scope)
  const differences = await mendTallies(options, spans, scope)
  const relabelled = isDry ? 0 : await relabelDays(options, days, scope)
  // Pages keep what they derived from tallies.
  if (!isDry && (moves.length > 0 || differences.length > 0 || relabelled > 0))
    await store.transact((writer) => writer.noteRebuilt())
  return { dates, moves, differences, relabelled }
}
