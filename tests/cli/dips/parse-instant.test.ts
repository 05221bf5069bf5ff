import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instantFault, parseInstant } from '../../../src/cli/dips/parse-instant.ts'

/** As it stands in a file: digits of the next field follow at once. */
function parse(text: string): number {
  return parseInstant(Buffer.from(`t,${text}:00+01,5`), 2, 2 + Buffer.byteLength(text))
}

describe('an instant', () => {
  it('is read as `Date` reads it, in whatever offset it is written', () => {
    const instant = fc.integer({ min: Date.UTC(2000, 0, 1, 12), max: Date.UTC(2100, 11, 31, 12) })
    fc.assert(
      fc.property(instant, fc.integer({ min: -720, max: 720 }), (ms, offset) => {
        const sign = offset < 0 ? '-' : '+'
        const two = (n: number) => String(n).padStart(2, '0')
        const zone = `${sign}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`
        const local = new Date(ms + offset * 60_000).toISOString().slice(0, -1)
        expect(parse(`${local}${zone}`)).toBe(ms)
        expect(parse(new Date(ms).toISOString())).toBe(ms)
      }),
    )
  })

  it.each([
    ['2025-03-10T09:12Z', '2025-03-10T09:12:00.000Z'],
    ['2025-03-10 09:12:44z', '2025-03-10T09:12:44.000Z'],
    ['2025-03-10t09:12:44.5Z', '2025-03-10T09:12:44.500Z'],
    ['2025-03-10T09:12:44.1239999Z', '2025-03-10T09:12:44.123Z'],
    ['2025-03-10T09:12:44+0530', '2025-03-10T03:42:44.000Z'],
    ['2025-03-10 09:12:44-03', '2025-03-10T12:12:44.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['2000-01-01T00:00:00Z', '2000-01-01T00:00:00.000Z'],
    ['1999-12-31T23:00:00-01:00', '2000-01-01T00:00:00.000Z'],
    ['2100-12-31T23:59:59.999Z', '2100-12-31T23:59:59.999Z'],
  ])('%s is %s', (text, iso) => {
    expect(new Date(parse(text)).toISOString()).toBe(iso)
  })

  it.each([
    ...['', 'yesterday', '2025-03-10', '2025-13-10T09:12:44Z', '2025-02-29T09:12:44Z', '2025-03-00T09:12:44Z'].map(
      (text) => [text, 'time'],
    ),
    ...[
      '2025-03-10T24:00:00Z',
      '2025-03-10T09:60:00Z',
      '2025-03-10T09:12:60Z',
      '2025-03-10T09:12:4Z',
      '2025-03-10T09:12:44.Z',
    ].map((text) => [text, 'time']),
    ...[
      '2025-03-10T09:12:44Zx',
      '2025-03-10T09:12:44+1',
      '2025-03-10T09:12:44+24:00',
      '2025/03/10T09:12:44Z',
      '20250310T091244Z',
    ].map((text) => [text, 'time']),
    ...['2025-03-10T09:12', '2025-03-10T09:12:44', '2025-03-10T09:12:44.123', '2025-03-10 09:12:44'].map((text) => [
      text,
      'offset',
    ]),
    ...[
      '1999-12-31T23:59:59Z',
      '2101-01-01T00:00:00Z',
      '1970-01-01T00:00:00Z',
      '9999-01-01T00:00:00Z',
      '0000-01-01T00:00:00Z',
    ].map((text) => [text, 'years']),
    ['2000-01-01T00:59:59+01:00', 'years'],
  ])('%j is refused for its %s', (text, fault) => {
    const result = parse(text as string)
    expect(result).toBeLessThan(0)
    expect(instantFault(result)).toBe(fault)
  })
})
