import { expect, it } from 'vitest'
import { makeCounters } from '../../src/shared/counters.ts'

it('shows named reasons from the start, adds, and hands out copies', () => {
  const counters = makeCounters(['crc', 'frame'])
  counters.add('crc')
  counters.add('crc', 2)
  const before = counters.snapshot()
  counters.add('frame')
  expect(before).toEqual({ crc: 3, frame: 0 })
  expect(counters.get('frame')).toBe(1)
})
