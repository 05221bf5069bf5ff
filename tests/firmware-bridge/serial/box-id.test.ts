import { expect, it } from 'vitest'
import { drawBoxId } from '../../../firmware-bridge/serial/box-id.ts'

it('draws eight lower-case hex digits, never those of erased memory', () => {
  const draws = ['00000000', 'ffffffff', '0a1b2c3d']
  expect(drawBoxId(() => Buffer.from(draws.shift() ?? '', 'hex'))).toBe('0a1b2c3d')
  const ids = Array.from({ length: 100 }, () => drawBoxId())
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}$/)
  expect(new Set(ids).size).toBe(100)
})
