import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeLineSplitter } from '../../../firmware-bridge/serial/line-splitter.ts'

function split(...chunks: (string | Uint8Array)[]): { lines: string[]; tooLong: number } {
  const lines: string[] = []
  let tooLong = 0
  const splitter = makeLineSplitter({ onLine: (text) => lines.push(text), onTooLong: () => tooLong++ })
  for (const chunk of chunks) splitter.push(typeof chunk === 'string' ? Buffer.from(chunk, 'latin1') : chunk)
  return { lines, tooLong }
}

describe('the line splitter', () => {
  it('drops what began before it listened, uncounted, however long', () => {
    expect(split('17,1*AB\nN*48FA\n')).toEqual({ lines: ['N*48FA'], tooLong: 0 })
    expect(split(`${'x'.repeat(500)}\nN*48FA\n`)).toEqual({ lines: ['N*48FA'], tooLong: 0 })
  })

  it('never hands on the half line at the end', () => {
    expect(split('\nN*48FA\nB,17,')).toEqual({ lines: ['N*48FA'], tooLong: 0 })
  })

  it('drops a line of more than 96 bytes whole and goes on after it', () => {
    expect(split(`\n${'x'.repeat(95)}\nN*48FA\n`)).toEqual({ lines: ['x'.repeat(95), 'N*48FA'], tooLong: 0 })
    expect(split(`\n${'x'.repeat(96)}\nN*48FA\n`)).toEqual({ lines: ['N*48FA'], tooLong: 1 })
    // The tail of an over-long line must not pass for a line of its own.
    expect(split(`\n${'x'.repeat(96)}N*48FA\n`)).toEqual({ lines: [], tooLong: 1 })
  })

  it('keeps a damaged byte inside its own line', () => {
    expect(split('\nA\xe3', '\nNEXT\n').lines).toEqual(['A\xe3', 'NEXT'])
  })

  it('cuts the same lines from chunks of any size', () => {
    const text = fc.array(fc.constantFrom('\n', 'N*48FA', 'x'.repeat(60), '\xff', 'E,1'), { maxLength: 40 })
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 200 }), (pieces, size) => {
        const bytes = Buffer.from(pieces.join(''), 'latin1')
        const chunks: Uint8Array[] = []
        for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size))
        const whole = bytes.toString('latin1').split('\n').slice(1, -1)
        expect(split(...chunks)).toEqual({
          lines: whole.filter((line) => line.length < 96),
          tooLong: whole.filter((line) => line.length >= 96).length,
        })
      }),
    )
  })

  it('holds no more than a line, whatever is poured into it', () => {
    const lines: string[] = []
    let tooLong = 0
    const splitter = makeLineSplitter({ onLine: (text) => lines.push(text), onTooLong: () => tooLong++ })
    const chunk = Buffer.alloc(64 * 1024, 'x')
    splitter.push(Buffer.from('\n'))
    for (let i = 0; i < 800; i++) splitter.push(chunk)
    splitter.push(Buffer.from('\nN*48FA\n'))
    expect({ lines, tooLong }).toEqual({ lines: ['N*48FA'], tooLong: 1 })
  })
})
