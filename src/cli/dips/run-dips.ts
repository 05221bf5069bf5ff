/**
 * The dip report of a press file. Comes in: a file of presses in any order, and one of terminals. Goes out: the report of
 * contracts.md §1. Promises: the same rows in any order give the same report; memory does not grow with the number of
 * presses, which lie in temporary files between the two stages (read and deal out by terminal; then sort, filter and count
 * one partition after the other); nothing but the scan looks at more than one terminal at a time.
 */
import { businessSlot } from '../../central/report/business-day.ts'
import type { Clock } from '../../shared/clock.ts'
import { localHourOf } from '../../shared/local-time.ts'
import { type AskedPeriod, choosePeriod } from './choose-period.ts'
import { type CountedTerminal, type DipFileReport, scanTallies } from './dip-file-report.ts'
import type { FaultLog } from './fault-log.ts'
import { makeOpenDays } from './open-day.ts'
import type { Input } from './open-input.ts'
import { openPartitions, type Partitions } from './open-partitions.ts'
import { readPresses } from './read-presses.ts'
import { type ListedTerminal, readTerminals } from './read-terminals.ts'
import { sortPartition } from './sort-partition.ts'
import { type Period, tallyTerminal } from './tally-terminal.ts'

export type DipRun = {
  presses: Input
  terminals: Input
  period: AskedPeriod
  /** accepted share of false findings, in (0, 1) */
  fdr: number
  /** of the sentences, BCP 47 */
  language: string
  /** compares presses that were taken for play, too */
  withMisuse?: boolean
  faults: FaultLog
  clock: Clock
  onProgress(step: 'reading' | 'filtering', done: number, all: number | null): void
}

/** Business date of the last press of all; null without presses. */
function lastDateOf(terminals: readonly ListedTerminal[], lastMs: Float64Array): string | null {
  const openDays = makeOpenDays(0)
  const dates = terminals.flatMap(({ zone, hours }, i) => {
    const atMs = lastMs[i] as number
    if (atMs === Number.NEGATIVE_INFINITY) return []
    const { localDate, hour } = localHourOf(atMs, zone)
    return [businessSlot(localDate, hour, openDays(hours).dayStart).date]
  })
  return dates.sort().at(-1) ?? null
}

type Counted = { counted: CountedTerminal[]; repeated: number }

/** Second stage: each partition sorted, filtered and counted. */
function countPartitions(
  partitions: Partitions,
  terminals: readonly ListedTerminal[],
  period: Period,
  withMisuse: boolean,
  onPartition: (done: number) => void,
): Counted {
  const openDays = makeOpenDays(period.days)
  const counted: CountedTerminal[] = []
  let repeated = 0
  for (let partition = 0; partition < partitions.count; partition++) {
    const sorted = sortPartition(partitions, partition)
    repeated += sorted.repeated
    for (const { terminal: i, presses } of sorted.terminals) {
      const terminal = terminals[i] as ListedTerminal
      const openDay = openDays(terminal.hours)
      const tally = tallyTerminal(terminal, presses, openDay, period, withMisuse)
      counted.push({ ...tally, name: terminal.name, dayStart: openDay.dayStart })
    }
    onPartition(partition + 1)
  }
  return { counted, repeated }
}

/** What became of the presses. */
function sumTallies(counted: readonly CountedTerminal[]) {
  const sum = { presses: 0, misuse: 0, outsidePeriod: 0, outsideHours: 0 }
  for (const tally of counted) {
    sum.presses += tally.presses
    sum.misuse += tally.misuse
    sum.outsidePeriod += tally.outsidePeriod
    sum.outsideHours += tally.outsideHours
  }
  return sum
}

async function readAndCount(
  run: DipRun,
  terminals: readonly ListedTerminal[],
  held: { partitions: Partitions | null },
) {
  const { presses: input, clock, onProgress } = run
  const { lastMs, partitions } = await readPresses({
    input,
    terminalFile: run.terminals.name,
    terminals: terminals.map(({ name }) => name),
    faults: run.faults,
    openPartitions(withIds) {
      held.partitions = openPartitions(terminals.length, withIds)
      return held.partitions
    },
    onProgress: (rows) => onProgress('reading', input.sizeBytes === null ? rows : input.readBytes(), input.sizeBytes),
  })
  const readMs = clock.monoMs()
  const period = choosePeriod(run.period, lastDateOf(terminals, lastMs))
  const onPartition = (done: number) => onProgress('filtering', done, partitions.count)
  const counts: Counted =
    period === null
      ? { counted: [], repeated: 0 }
      : countPartitions(partitions, terminals, period, run.withMisuse ?? false, onPartition)
  const silent = terminals.filter((_, i) => lastMs[i] === Number.NEGATIVE_INFINITY).map(({ name }) => name)
  return { ...counts, period, silent, readMs, filteredMs: clock.monoMs() }
}

/** @throws AppError when a file can't be read or used, the period is none, or a row is bad in strict mode */
export async function runDips(run: DipRun): Promise<DipFileReport> {
  const { fdr, language, faults, clock } = run
  const beganMs = clock.monoMs()
  const held: { partitions: Partitions | null } = { partitions: null }
  try {
    const terminals = await readTerminals(run.terminals)
    const { counted, repeated, period, silent, readMs, filteredMs } = await readAndCount(run, terminals, held)
    const findings = scanTallies(counted, silent, period, { fdr, language })
    const { presses, misuse, ...outside } = sumTallies(counted)
    return {
      from: period?.from ?? null,
      to: period?.to ?? null,
      terminals: terminals.length,
      presses,
      misuse,
      skipped: faults.skipped(),
      ...outside,
      repeated,
      ...(run.withMisuse && { withMisuse: true as const }),
      fdr,
      timing: { readMs: readMs - beganMs, filterMs: filteredMs - readMs, scanMs: clock.monoMs() - filteredMs },
      ...findings,
    }
  } finally {
    held.partitions?.close()
  }
}
