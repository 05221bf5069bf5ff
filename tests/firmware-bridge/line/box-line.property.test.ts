import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maxLineBytes, refusalReasons } from '../../../firmware-bridge/line/box-line.ts'
import { crc16 } from '../../../firmware-bridge/line/crc16.ts'
import { formatFrame, formatLine } from '../../../firmware-bridge/line/format-line.ts'
import { parseBoxLine, parseHostLine } from '../../../firmware-bridge/line/parse-line.ts'
import { arbitraryBoxLine, arbitraryHostLine, arbitraryLatin1 } from '../../support/arbitrary-lines.ts'

const withoutNewline = (text: string) => text.slice(0, -1)

describe('the codec of one line', () => {
  it('has the check value of CRC-16/CCITT-FALSE', () => {
    expect(crc16('123456789')).toBe(0x29b1)
    expect(crc16('')).toBe(0xffff)
  })

  it('reads back what it wrote, in 96 bytes of printable ASCII', () => {
    fc.assert(
      fc.property(arbitraryBoxLine, (line) => {
        const text = formatLine(line)
        expect(text).toMatch(/^[\x20-\x7e]+\n$/)
        expect(text.length).toBeLessThanOrEqual(maxLineBytes)
        expect(parseBoxLine(withoutNewline(text))).toEqual({ ok: true, line })
        expect(parseHostLine(withoutNewline(text))).toEqual({ ok: false, reason: 'type' })
      }),
      { numRuns: 1000 },
    )
    fc.assert(
      fc.property(arbitraryHostLine, (line) => {
        const text = formatLine(line)
        // PROTOCOL.md §6: no line of the host is longer than 30 bytes.
        expect(text.length).toBeLessThanOrEqual(30)
        expect(parseHostLine(withoutNewline(text))).toEqual({ ok: true, line })
        expect(parseBoxLine(withoutNewline(text))).toEqual({ ok: false, reason: 'type' })
      }),
      { numRuns: 1000 },
    )
  })

  it('refuses any bytes with a reason and never throws', () => {
    fc.assert(
      fc.property(arbitraryLatin1, (text) => {
        for (const parsed of [parseBoxLine(text), parseHostLine(text)]) {
          if (!parsed.ok) expect(refusalReasons).toContain(parsed.reason)
          expect(parsed.ok).toBe(false)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('takes any body under a right checksum for itself or refuses it', () => {
    const piece = fc.constantFrom(
      'H',
      'E',
      'N',
      'W',
      'A',
      'S',
      'L',
      '1',
      '0',
      '-',
      '3f9c02d7',
      '',
      '*',
      'toString',
      '4294967295',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = withoutNewline(formatFrame(pieces.join(',')))
        for (const parsed of [parseBoxLine(text), parseHostLine(text)])
          if (parsed.ok) expect(withoutNewline(formatLine(parsed.line))).toBe(text)
          else expect(['frame', 'too-long', 'type', 'version', 'fields', 'field']).toContain(parsed.reason)
      }),
      { numRuns: 3000 },
    )
  })

  it('sees every damage of one or two neighbouring bytes and every swap', () => {
    fc.assert(
      fc.property(arbitraryBoxLine, fc.nat(), fc.integer({ min: 1, max: 255 }), (line, at, bits) => {
        const text = withoutNewline(formatLine(line))
        const index = at % (text.length - 1)
        const flipped = replaceAt(text, index, String.fromCharCode(text.charCodeAt(index) ^ bits))
        const swapped = replaceAt(replaceAt(text, index, text[index + 1] ?? ''), index + 1, text[index] ?? '')
        expect(parseBoxLine(flipped).ok).toBe(false)
        if (swapped !== text) expect(parseBoxLine(swapped).ok).toBe(false)
      }),
      { numRuns: 2000 },
    )
  })
})

function replaceAt(text: string, index: number, character: string): string {
  return text.slice(0, index) + character + text.slice(index + 1)
}
