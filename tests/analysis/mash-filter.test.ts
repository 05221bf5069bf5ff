import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { burstGapMs } from '../../src/analysis/burst-gap.ts'
import { labelPresses } from '../../src/analysis/mash-filter.ts'

/** Short form of the labels: c counted, b burst, i interval. */
function labelled(
  monoMs: number[],
  values: number[],
  options: { gapMs: number; responseIntervalMs?: number } = { gapMs: 1000 },
): string {
  return labelPresses(monoMs, values, options)
    .map(({ label, rule }) => (label === 'counted' ? 'c' : rule[0]))
    .join('')
}

describe('mash filter', () => {
  test('counts presses that keep their distance, and runs of up to three', () => {
    expect(labelled([0, 5000, 9000], [3, 3, 0])).toBe('ccc')
    expect(labelled([0, 400, 800], [3, 0, 1])).toBe('ccc')
    expect(labelled([], [])).toBe('')
  })

  test('counts the first of four or five presses on one button', () => {
    expect(labelled([0, 300, 600, 900], [2, 2, 2, 2])).toBe('cbbb')
    expect(labelled([0, 300, 600, 900, 1200], [2, 2, 2, 2, 2])).toBe('cbbbb')
  })

  test('counts none of a longer burst, nor of one over several buttons', () => {
    expect(labelled([0, 300, 600, 900, 1200, 1500], [2, 2, 2, 2, 2, 2])).toBe('bbbbbb')
    expect(labelled([0, 300, 600, 900], [2, 2, 2, 1])).toBe('bbbb')
  })

  test('a gap of exactly the limit still belongs to the run, one more millisecond ends it', () => {
    expect(labelled([0, 1000, 2000, 3000], [1, 1, 1, 1])).toBe('cbbb')
    expect(labelled([0, 1000, 2000, 3001], [1, 1, 1, 1])).toBe('cccc')
  })

  test('leaves the presses around a burst alone', () => {
    expect(labelled([0, 10_000, 10_200, 10_400, 10_600, 30_000], [3, 0, 1, 2, 3, 3])).toBe('cbbbbc')
  })

  test('the response interval runs from the last counted press, after bursts are out', () => {
    const options = { gapMs: 1000, responseIntervalMs: 5000 }
    expect(labelled([0, 4999, 5000, 9000, 10_000], [3, 3, 3, 3, 3], options)).toBe('cicic')
    expect(labelled([0, 300, 600, 900, 1200, 1500, 4000], [0, 1, 2, 3, 0, 1, 3], options)).toBe('bbbbbbc')
    expect(labelled([0, 1, 2], [3, 3, 3], { gapMs: 1000, responseIntervalMs: 0 })).toBe('ccc')
  })

  test('refuses times that go backwards and values that do not fit', () => {
    expect(() => labelled([5, 4], [1, 1])).toThrow(RangeError)
    expect(() => labelled([5], [])).toThrow(RangeError)
  })

  test('one label a press, and a pause longer than the gap splits the work', () => {
    const gaps = fc.array(fc.tuple(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 0, max: 3 })), {
      maxLength: 40,
    })
    void fc.assert(
      fc.property(gaps, gaps, (first, second) => {
        const times = (list: [number, number][], startMs: number): number[] => {
          let atMs = startMs
          return list.map(([gapMs]) => (atMs += gapMs))
        }
        const head = times(first, 0)
        const tail = times(second, (head.at(-1) ?? 0) + 5000)
        const values = [...first, ...second].map(([, value]) => value)
        const whole = labelled([...head, ...tail], values)
        expect(whole).toHaveLength(values.length)
        expect(whole).toBe(labelled(head, values.slice(0, head.length)) + labelled(tail, values.slice(head.length)))
      }),
    )
  })
})

describe('burst gap', () => {
  test('is a fifth of the mean gap in a busy hour, within 0.7 and 4 s', () => {
    expect(burstGapMs([600, 600, 0, 600])).toBe(1200)
    expect(burstGapMs([3])).toBe(4000)
    expect(burstGapMs([180])).toBe(4000)
    expect(burstGapMs([9000])).toBe(700)
  })

  test('goes by the 90th percentile of hours with presses', () => {
    const hours = [...Array.from({ length: 11 }, (_, i) => 100 * (i + 1)), 0, 0, 0]
    expect(burstGapMs(hours)).toBe(720)
  })

  test('is 4 s while nothing is known', () => {
    expect(burstGapMs([])).toBe(4000)
    expect(burstGapMs([0, 0])).toBe(4000)
  })
})
