import { describe, expect, it } from 'vitest'
import { readBoxHex } from '../../../firmware-bridge/simulator/box-hex.ts'
import { parseIntelHex } from '../../../firmware-bridge/simulator/intel-hex.ts'
import { AppError } from '../../../src/shared/errors.ts'

const end = ':00000001FF\n'

describe('the firmware image', () => {
  it('is read into little-endian words, 0xFFFF where it says nothing', () => {
    const flash = parseIntelHex(`:0400020034127856E6\n${end}`)
    expect(flash).toHaveLength(16 * 1024)
    expect([...flash.subarray(0, 4)]).toEqual([0xffff, 0x1234, 0x5678, 0xffff])
  })

  it('as committed fits and starts with a vector', () => {
    const flash = parseIntelHex(readBoxHex())
    expect(flash[0]).not.toBe(0xffff)
    expect(flash.filter((word) => word !== 0xffff).length).toBeGreaterThan(1000)
  })

  it.each([
    ['no end record', ':0400020034127856E6\n'],
    ['a wrong checksum', `:0400020034127856E7\n${end}`],
    ['a wrong length', `:0500020034127856E5\n${end}`],
    ['a row that is no record', `hello\n${end}`],
    ['more than 32 KiB', `:04800000341278566C\n${end}`],
    ['an empty file', ''],
  ])('with %s is refused', (_what, hex) => {
    expect(() => parseIntelHex(hex)).toThrow(AppError)
  })
})
