import { AppError } from '../../shared/errors.ts'
import { isZone } from '../../shared/local-time.ts'
import { cleanText } from './clean-text.ts'
import { findColumns } from './find-columns.ts'
import type { Input } from './open-input.ts'
import { makeRowSplitter, placeIn, type Row, textOf } from './split-rows.ts'

/** Opening hours of every day, minutes of the local day; `closeMinute` ≤ `openMinute` means past midnight. */
export type Hours = { openMinute: number; closeMinute: number }
export type ListedTerminal = {
  name: string
  zone: string
  /** null = always open */
  hours: Hours | null
}

const mostTerminals = 200_000
const mostFaults = 20

/** `HH:MM`, up to 24:00; null for anything else. */
function parseMinute(text: string): number | null {
  const [, hour, minute] = /^(\d{1,2}):(\d\d)$/.exec(text) ?? []
  const all = Number(hour) * 60 + Number(minute)
  return Number(minute) < 60 && all <= 1440 ? all : null
}

type Columns = Record<'terminal' | 'tz' | 'open' | 'close', number>
type Parsed = { ok: true; terminal: ListedTerminal } | { ok: false; field: number; message: string }

function parseHours(row: Row, columns: Columns): { hours: Hours | null } | { field: number; message: string } {
  const [open, close] = [textOf(row, columns.open), textOf(row, columns.close)]
  if (open === '' && close === '') return { hours: null }
  const [openMinute, closeMinute] = [parseMinute(open), parseMinute(close)]
  const expected = (text: string) => `expected HH:MM, not ${quoted(text)}; leave open and close empty for always open`
  if (openMinute === null || openMinute === 1440) return { field: columns.open, message: expected(open) }
  if (closeMinute === null) return { field: columns.close, message: expected(close) }
  return { hours: { openMinute, closeMinute } }
}

const quoted = (text: string): string => `"${cleanText(text.slice(0, 60))}"`

function parseTerminal(row: Row, columns: Columns): Parsed {
  const name = textOf(row, columns.terminal)
  const zone = textOf(row, columns.tz)
  if (name === '') return { ok: false, field: columns.terminal, message: 'the terminal has no name' }
  if (!isZone(zone)) {
    const message = `${quoted(zone)} is no time zone; expected an IANA name such as Europe/Copenhagen`
    return { ok: false, field: columns.tz, message }
  }
  const hours = parseHours(row, columns)
  return 'hours' in hours ? { ok: true, terminal: { name, zone, ...hours } } : { ok: false, ...hours }
}

/** Two rows that say the same are one terminal; two that differ can't both be right. */
function isSame(a: ListedTerminal, b: ListedTerminal): boolean {
  const minutes = ({ hours }: ListedTerminal) => `${hours?.openMinute} ${hours?.closeMinute}`
  return a.zone === b.zone && minutes(a) === minutes(b)
}

/**
 * Reads a terminal file (contracts.md §1), which is small and must be right as a whole.
 *
 * @returns terminals by name
 * @throws AppError with all faults, one line each, named by file, line and column
 */
export async function readTerminals(input: Input): Promise<ListedTerminal[]> {
  const terminals = new Map<string, { terminal: ListedTerminal; line: number }>()
  const faults: string[] = []
  let columns: Columns | null = null
  let width = 0
  const note = (row: Row, field: number, message: string) => {
    const { line, column } = placeIn(row, field < row.fields ? (row.starts[field] ?? row.start) : row.start)
    faults.push(`${input.name}:${line}:${column}: ${message}`)
  }

  function list(row: Row, terminal: ListedTerminal, field: number): void {
    const known = terminals.get(terminal.name)
    if (!known) terminals.set(terminal.name, { terminal, line: row.line })
    else if (!isSame(known.terminal, terminal))
      note(row, field, `${quoted(terminal.name)} stands in line ${known.line} already, with other values`)
  }

  function take(row: Row): void {
    if (columns === null) {
      columns = findColumns(input.name, row, ['terminal', 'tz'], ['open', 'close'])
      width = row.fields
    } else if (row.fields !== width) note(row, 0, `${row.fields} columns where the header has ${width}`)
    else {
      const parsed = parseTerminal(row, columns)
      if (parsed.ok) list(row, parsed.terminal, columns.terminal)
      else note(row, parsed.field, parsed.message)
    }
  }

  const splitter = makeRowSplitter({
    row: (row) => {
      if (faults.length < mostFaults && terminals.size <= mostTerminals) take(row)
    },
    broken: (_, { line, column }) => faults.push(`${input.name}:${line}:${column}: broken quotes, or a row too long`),
  })
  for await (const chunk of input.chunks()) splitter.push(chunk)
  splitter.end()
  if (columns === null && faults.length === 0)
    faults.push(`${input.name}:1:1: empty; expected a header with terminal,tz`)
  if (terminals.size > mostTerminals) faults.push(`${input.name}: more than ${mostTerminals} terminals`)
  if (faults.length > 0) throw new AppError('file-failed', faults.slice(0, mostFaults).join('\nsmilepost: '))
  return [...terminals.values()].map(({ terminal }) => terminal).sort((a, b) => (a.name < b.name ? -1 : 1))
}
