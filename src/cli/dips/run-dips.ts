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

/** Second stage: each partition sorted, filtered and counted. */
function countPartitions(
  partitions: Partitions,
  terminals: readonly ListedTerminal[],
  period: Period,
  onPartition: (done: number) => void,
): { counted: CountedTerminal[]; repeated: number } {
  const openDays = makeOpenDays(period.days)
  const counted: CountedTerminal[] = []
  let repeated = 0
  for (let partition = 0; partition < partitions.count; partition++) {
    const sorted = sortPartition(partitions, partition)
    repeated += sorted.repeated
    for (const { terminal: i, presses } of sorted.terminals) {
      const terminal = terminals[i] as ListedTerminal
      const openDay = openDays(terminal.hours)
      const tally = tallyTerminal(terminal, presses, openDay, period)
      counted.push({ ...tally, name: terminal.name, dayStart: openDay.dayStart })
    }
    onPartition(partition + 1)
  }
  return { counted, repeated }
}

/** @throws AppError when a file can't be read or used, the period is none, or a row is bad in strict mode */
export async function runDips(run: DipRun): Promise<DipFileReport> {
  const { fdr, language, faults, clock, onProgress } = run
  const beganMs = clock.monoMs()
  const terminals = await readTerminals(run.terminals)
  let opened: Partitions | null = null
  try {
    const { partitions, lastMs } = await readPresses({
      input: run.presses,
      terminalFile: run.terminals.name,
      terminals: terminals.map(({ name }) => name),
      faults,
      openPartitions(withIds) {
        opened = openPartitions(terminals.length, withIds)
        return opened
      },
      onProgress: (rows) => {
        const { sizeBytes } = run.presses
        onProgress('reading', sizeBytes === null ? rows : run.presses.readBytes(), sizeBytes)
      },
    })
    const readMs = clock.monoMs()
    const period = choosePeriod(run.period, lastDateOf(terminals, lastMs))
    const { counted, repeated } =
      period === null
        ? { counted: [], repeated: 0 }
        : countPartitions(partitions, terminals, period, (done) => onProgress('filtering', done, partitions.count))
    const filteredMs = clock.monoMs()
    const silent = terminals.filter((_, i) => lastMs[i] === Number.NEGATIVE_INFINITY).map(({ name }) => name)
    const findings = scanTallies(counted, silent, period, { fdr, language })
    const sum = (key: 'presses' | 'misuse' | 'outsideHours' | 'outsidePeriod') =>
      counted.reduce((total, terminal) => total + terminal[key], 0)
    const scannedMs = clock.monoMs()
    return {
      from: period?.from ?? null,
      to: period?.to ?? null,
      terminals: terminals.length,
      presses: sum('presses'),
      misuse: sum('misuse'),
      skipped: faults.skipped(),
      outsidePeriod: sum('outsidePeriod'),
      outsideHours: sum('outsideHours'),
      repeated,
      fdr,
      timing: { readMs: readMs - beganMs, filterMs: filteredMs - readMs, scanMs: scannedMs - filteredMs },
      ...findings,
    }
  } finally {
    ;(opened as Partitions | null)?.close()
  }
}
