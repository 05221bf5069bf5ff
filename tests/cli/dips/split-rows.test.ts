import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeRowSplitter, placeIn, textOf } from '../../../src/cli/dips/split-rows.ts'

type Seen = { rows: string[][]; lines: number[]; broken: string[] }

/** Splits a text that comes in pieces of `piece` bytes. */
function split(text: string | Buffer, piece = 1_000_000): Seen {
  const seen: Seen = { rows: [], lines: [], broken: [] }
  const splitter = makeRowSplitter({
    row(row) {
      seen.rows.push(Array.from({ length: row.fields }, (_, i) => textOf(row, i)))
      seen.lines.push(row.line)
    },
    broken: (fault, { line, column }) => seen.broken.push(`${line}:${column} ${fault}`),
  })
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += piece) splitter.push(Buffer.from(bytes.subarray(at, at + piece)))
  splitter.end()
  return seen
}

const quote = (field: string): string => `"${field.replaceAll('"', '""')}"`
/** Plain where a plain field is read back as it was: without delimiters, quotes in front or blanks around. */
const write = (field: string, isQuoted: boolean): string =>
  isQuoted || /[,\r\n]|^"|^ | $/.test(field) ? quote(field) : field

describe('splitting CSV into rows', () => {
  const field = fc.tuple(
    fc.string({ unit: fc.constantFrom('a', '7', ',', '"', '\n', '\r', ' ', 'ä', '繁') }),
    fc.boolean(),
  )
  const rows = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { maxLength: 8 })
  const format = (table: [string, boolean][][], lineEnd: string) =>
    table.map((row) => row.map(([text, isQuoted]) => write(text, isQuoted)).join(',')).join(lineEnd)

  it('gives back what was written, wherever the chunks are cut', () => {
    fc.assert(
      fc.property(
        rows,
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.integer({ min: 1, max: 9 }),
        fc.boolean(),
        (table, lineEnd, piece, isEnded) => {
          const text = format(table, lineEnd) + (isEnded ? lineEnd : '')
          expect(split(text, piece)).toEqual({ ...split(text), broken: [] })
          expect(split(text, piece).rows).toEqual(table.map((row) => row.map(([field]) => field)))
        },
      ),
    )
  })

  it('throws on no bytes at all, and sees the same in them wherever they are cut', () => {
    const bytes = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', '\0', 'ä'), maxLength: 60 })
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1, max: 5 }), (text, piece) => {
        expect(split(text, piece)).toEqual(split(text))
      }),
    )
  })

  it('passes over a byte order mark, blank lines and blanks around fields', () => {
    expect(split('\ufeffa,b\r\n\r\n 1 ,  2\r\n\n', 1)).toMatchObject({
      rows: [
        ['a', 'b'],
        ['1', '2'],
      ],
      lines: [1, 3],
    })
  })

  it('counts lines inside quotes, and characters for columns', () => {
    const places: unknown[] = []
    const splitter = makeRowSplitter({
      row: (row) => places.push(placeIn(row, row.starts[1] as number)),
      broken: () => {},
    })
    splitter.push(Buffer.from('繁體,b\n"x\ny",b\nc,"d"\n'))
    splitter.end()
    expect(places).toEqual([
      { line: 1, column: 4 },
      { line: 3, column: 4 },
      { line: 4, column: 4 },
    ])
  })

  it('a quote that is never closed costs the row it stands in', () => {
    expect(split('a,b\n1,"x\n2,y\n3,z')).toMatchObject({
      rows: [
        ['a', 'b'],
        ['2', 'y'],
        ['3', 'z'],
      ],
      lines: [1, 3, 4],
      broken: ['2:3 unclosed'],
    })
  })

  it('so does text after a closing quote', () => {
    expect(split('1,"x"y\n2,"z"\n')).toMatchObject({ rows: [['2', 'z']], broken: ['1:6 after-quote'] })
  })

  it.each([1000, 300_000])('a row without end is given up, read by %i bytes', (piece) => {
    const long = 'x'.repeat(200_000)
    expect(split(`a,b\n${long}\n1,2\n`, piece)).toEqual({
      rows: [
        ['a', 'b'],
        ['1', '2'],
      ],
      lines: [1, 3],
      broken: ['2:1 too-long'],
    })
    expect(split(`a,b\n"${long}\n1,2\n`, piece)).toEqual({
      rows: [
        ['a', 'b'],
        ['1', '2'],
      ],
      lines: [1, 3],
      broken: ['2:1 unclosed'],
    })
    expect(split(long, piece).broken).toEqual(['1:1 too-long'])
  })
})
