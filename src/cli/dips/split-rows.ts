/**
 * Splits the bytes of a CSV file into rows and fields (RFC 4180), as fast as a file of ten million presses asks for: no text is
 * made of a field unless somebody wants it. Comes in: chunks, cut anywhere. Goes out: rows with the place of each field.
 * Also taken: a byte order mark, CRLF, CR or LF, blank lines, no line end after the last row, blanks around a field.
 * A row that breaks the quoting is reported and left out, and reading goes on at the line after the one it began on, so that a
 * quote that is never closed costs one row and not the rest of the file.
 */

type RowFault = 'unclosed' | 'after-quote' | 'too-long'

/** One row; valid during the call only. */
export type Row = {
  bytes: Buffer
  /** of the row's first byte, from 1 */
  line: number
  start: number
  fields: number
  /** per field, where its content begins and ends, without quotes; only the first 512 fields are kept */
  starts: Int32Array
  ends: Int32Array
}

export type RowTaker = {
  row(row: Row): void
  broken(fault: RowFault, place: { line: number; column: number }): void
}

const comma = 44
const lf = 10
const cr = 13
const quote = 34
const blank = 32
const mostKept = 512
/** A longer row is no press: most likely a quote that is never closed, or no CSV at all. */
const mostBytes = 65_536
/** Where a row ends that is not all there yet. */
const unknown = -1
const mark = Buffer.from([0xef, 0xbb, 0xbf])

/** Line and column, counted from 1, of a place in a row; quoted line ends before it count, columns are characters. */
export function placeIn({ bytes, start, line }: Row, at: number): { line: number; column: number } {
  let place = { line, lineStart: start }
  for (let i = bytes.indexOf(lf, start); i !== -1 && i < at; i = bytes.indexOf(lf, i + 1))
    place = { line: place.line + 1, lineStart: i + 1 }
  return { line: place.line, column: [...bytes.toString('utf8', place.lineStart, at)].length + 1 }
}

/** The text of a field; empty for one that the row does not have. */
export function textOf({ bytes, starts, ends, fields }: Row, field: number): string {
  return field >= 0 && field < fields ? bytes.toString('utf8', starts[field], ends[field]) : ''
}

export function makeRowSplitter(taker: RowTaker): { push(chunk: Buffer): void; end(): void } {
  const starts = new Int32Array(mostKept)
  const ends = new Int32Array(mostKept)
  const row: Row = { bytes: Buffer.alloc(0), line: 1, start: 0, fields: 0, starts, ends }
  const escaped: number[] = []
  let quoted = 0
  let isBegun = false
  let isLast = false
  /** Inside a row that was given up for its length. */
  let isSkipping = false
  let fault: RowFault | null = null
  let faultAt = 0

  function giveUp(kind: RowFault, at: number): typeof unknown {
    fault = kind
    faultAt = at
    return unknown
  }

  /** @returns where the field's delimiter is; `unknown` when that is not here yet, or `fault` is set */
  function quotedField(field: number, at: number): number {
    const { bytes, start } = row
    quoted++
    let close = bytes.indexOf(quote, at + 1)
    while (close !== -1 && bytes[close + 1] === quote) {
      if (escaped.at(-1) !== field) escaped.push(field)
      close = bytes.indexOf(quote, close + 2)
    }
    const isOpen = close === -1
    if ((isOpen ? bytes.length : close) - start > mostBytes || (isOpen && isLast)) return giveUp('unclosed', at)
    if (isOpen || close + 1 === bytes.length) return unknown
    starts[field] = at + 1
    ends[field] = close
    const next = bytes[close + 1]
    return next === comma || next === lf || next === cr ? close + 1 : giveUp('after-quote', close + 1)
  }

  function plainField(field: number, from: number): number {
    const { bytes } = row
    const { length } = bytes
    let at = from
    for (; ; at++) {
      // Delimiters are among the lowest codes: one comparison settles nearly every byte.
      while (at < length && (bytes[at] as number) > comma) at++
      if (at >= length) return unknown
      const byte = bytes[at]
      if (byte === comma || byte === lf || byte === cr) break
    }
    let start = from
    let end = at
    while (start < end && bytes[start] === blank) start++
    while (end > start && bytes[end - 1] === blank) end--
    starts[field] = start
    ends[field] = end
    return at
  }

  /** @returns position after the row's line end, or `unknown` */
  function scanRow(): number {
    const { bytes } = row
    escaped.length = 0
    quoted = 0
    fault = null
    let at = row.start
    for (let field = 0; ; at++) {
      at = bytes[at] === quote ? quotedField(field, at) : plainField(field, at)
      if (at === unknown) return unknown
      row.fields = ++field
      if (bytes[at] !== comma) break
    }
    if (bytes[at] === lf) return at + 1
    // After a CR that ends a chunk an LF may follow.
    if (at + 1 === bytes.length) return unknown
    return bytes[at + 1] === lf ? at + 2 : at + 1
  }

  function takeRow(next: number): void {
    const { bytes, start, fields } = row
    const lines = quoted > 0 ? countLineEnds(bytes, start, next) : 1
    const isBlank = fields === 1 && starts[0] === ends[0] && quoted === 0
    if (next - start > mostBytes) taker.broken('too-long', placeIn(row, start))
    else if (!isBlank) {
      for (const field of escaped) ends[field] = joinQuotes(bytes, starts[field] as number, ends[field] as number)
      taker.row(row)
    }
    row.line += lines
    row.start = next
  }

  /** Goes on behind the line that a broken row began on. */
  function skipLine(): void {
    const end = row.bytes.indexOf(lf, row.start)
    isSkipping = end === -1
    row.start = isSkipping ? row.bytes.length : end + 1
    if (!isSkipping) row.line++
  }

  function scan(): void {
    const { bytes } = row
    if (isSkipping) skipLine()
    while (row.start < bytes.length) {
      const next = scanRow()
      if (next !== unknown) takeRow(next)
      else if (fault === null && bytes.length - row.start <= mostBytes) break
      else {
        taker.broken(fault ?? 'too-long', placeIn(row, fault === null ? row.start : faultAt))
        skipLine()
      }
    }
  }

  function push(chunk: Buffer): void {
    row.bytes = row.start < row.bytes.length ? Buffer.concat([row.bytes.subarray(row.start), chunk]) : chunk
    row.start = 0
    if (!isBegun && row.bytes.length < mark.length && !isLast) return
    if (!isBegun && row.bytes.subarray(0, mark.length).equals(mark)) row.start = mark.length
    isBegun = true
    scan()
  }

  return {
    push,
    end() {
      isLast = true
      push(Buffer.from([lf]))
    },
  }
}

/** Line ends of a row: those inside its quotes and its own. */
function countLineEnds(bytes: Buffer, from: number, to: number): number {
  let lines = bytes[to - 1] === lf ? 0 : 1
  for (let at = bytes.indexOf(lf, from); at !== -1 && at < to; at = bytes.indexOf(lf, at + 1)) lines++
  return lines
}

/** Makes one quote of two, where they are. */
function joinQuotes(bytes: Buffer, start: number, end: number): number {
  let to = start
  for (let from = start; from < end; from++) {
    if (bytes[from] === quote) from++
    bytes[to++] = bytes[from] as number
  }
  return to
}
