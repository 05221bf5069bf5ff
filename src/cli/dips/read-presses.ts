import { AppError } from '../../shared/errors.ts'
import { cleanText } from './clean-text.ts'
import type { FaultLog, PressFault } from './fault-log.ts'
import { findColumns } from './find-columns.ts'
import { hashId, type IdHash } from './hash-id.ts'
import type { Input } from './open-input.ts'
import type { Partitions } from './open-partitions.ts'
import { type InstantFault, instantFault, parseInstant } from './parse-instant.ts'
import { makeRowSplitter, placeIn, type Row, textOf } from './split-rows.ts'
import { makeTerminalIndex, type TerminalIndex } from './terminal-index.ts'

type Columns = Record<'terminal' | 'utc' | 'button' | 'id', number>

export type ReadOptions = {
  input: Input
  /** the terminal file as messages name it */
  terminalFile: string
  /** names by position */
  terminals: readonly string[]
  faults: FaultLog
  openPartitions: (withIds: boolean) => Partitions
  onProgress: (rows: number) => void
}

export type ReadResult = {
  partitions: Partitions
  /** good rows, repeats among them */
  rows: number
  /** time of each terminal's last press; -Infinity where there is none */
  lastMs: Float64Array
}

const timeMessages: Readonly<Record<InstantFault, [kind: PressFault, message: (text: string) => string]>> = {
  time: ['time', (text) => `${text} is no ISO 8601 time such as 2025-03-10T09:12:44Z`],
  offset: ['time without offset', (text) => `${text} has neither Z nor an offset such as +02:00`],
  years: ['time outside 2000–2100', (text) => `${text} is not within the years 2000 to 2100`],
}

const quoted = (text: string): string => `"${cleanText(text.slice(0, 60))}"`

/** What is wrong with a row, and in which of its fields; only ever asked about rows that are. */
function explain(row: Row, columns: Columns, width: number, terminalFile: string): [PressFault, number, string] {
  const text = (field: number) => quoted(textOf(row, field))
  const isNamed = (name: keyof Columns) => textOf(row, columns[name]).toLowerCase() === name
  if (row.fields !== width) return ['number of columns', 0, `${row.fields} columns where the header has ${width}`]
  if (isNamed('utc') && isNamed('button')) return ['header again', 0, 'the header stands here once more']
  const utcMs = parseInstant(row.bytes, row.starts[columns.utc] as number, row.ends[columns.utc] as number)
  if (utcMs < 0) {
    const [kind, message] = timeMessages[instantFault(utcMs)]
    return [kind, columns.utc, message(text(columns.utc))]
  }
  if (!/^[1-4]$/.test(textOf(row, columns.button))) {
    const message = `the button is 1 (very happy) to 4 (very unhappy), not ${text(columns.button)}`
    return ['button', columns.button, message]
  }
  return ['unknown terminal', columns.terminal, `terminal ${text(columns.terminal)} has no row in ${terminalFile}`]
}

/** A row as a press, handed on; false when it is none. */
function takePress(row: Row, columns: Columns, index: TerminalIndex, result: ReadResult, hash: IdHash): boolean {
  const { bytes, starts, ends } = row
  const buttonAt = starts[columns.button] as number
  const button = (bytes[buttonAt] as number) - 48
  if ((ends[columns.button] as number) - buttonAt !== 1 || !(button >= 1 && button <= 4)) return false
  const utcMs = parseInstant(bytes, starts[columns.utc] as number, ends[columns.utc] as number)
  if (utcMs < 0) return false
  const terminal = index.find(bytes, starts[columns.terminal] as number, ends[columns.terminal] as number)
  if (terminal === -1) return false
  if (columns.id !== -1) {
    const [start, end] = [starts[columns.id] as number, ends[columns.id] as number]
    if (start < end) hashId(terminal, bytes, start, end, hash)
    else hash.high = hash.low = 0
  }
  result.partitions.add(terminal, utcMs, button, hash.high, hash.low)
  if (utcMs > (result.lastMs[terminal] as number)) result.lastMs[terminal] = utcMs
  result.rows++
  return true
}

/**
 * Reads a press file (contracts.md §1) into partitions, one row after the other.
 *
 * @throws AppError when the file can't be read, has no header with the columns, or the faults are strict
 */
export async function readPresses(options: ReadOptions): Promise<ReadResult> {
  const { input, faults, terminals, openPartitions, onProgress } = options
  const index = makeTerminalIndex(terminals)
  const hash: IdHash = { high: 0, low: 0 }
  let opened: { columns: Columns; width: number; result: ReadResult } | null = null

  function open(header: Row): typeof opened {
    const columns = findColumns(input.name, header, ['terminal', 'utc', 'button'], ['id'])
    const lastMs = new Float64Array(terminals.length).fill(Number.NEGATIVE_INFINITY)
    const partitions = openPartitions(columns.id !== -1)
    return { columns, width: header.fields, result: { partitions, rows: 0, lastMs } }
  }

  function noteFault(row: Row, columns: Columns, width: number): void {
    const [kind, field, message] = explain(row, columns, width, options.terminalFile)
    faults.note(kind, placeIn(row, row.starts[field] as number), message)
  }

  const splitter = makeRowSplitter({
    row(row) {
      if (opened === null) opened = open(row)
      else if (row.fields !== opened.width || !takePress(row, opened.columns, index, opened.result, hash))
        noteFault(row, opened.columns, opened.width)
    },
    broken(fault, place) {
      if (fault === 'too-long') faults.note('row length', place, 'this row is longer than 64 KiB')
      else
        faults.note('quotes', place, fault === 'unclosed' ? 'this quote is never closed' : 'text after a closing quote')
    },
  })
  for await (const chunk of input.chunks()) {
    splitter.push(chunk)
    onProgress(opened === null ? 0 : (opened as { result: ReadResult }).result.rows)
  }
  splitter.end()
  const last = opened as { result: ReadResult } | null
  if (last === null)
    throw new AppError('file-failed', `${input.name}:1:1: empty; expected a header with terminal,utc,button`)
  return last.result
}
