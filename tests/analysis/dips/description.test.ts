import { describe, expect, test } from 'vitest'
import { dipStateOfScan } from '../../../src/analysis/dips/dip-state.ts'
import { dipTrend } from '../../../src/analysis/dips/dip-trend.ts'
import { refineWeekdays, weekdayEvidence } from '../../../src/analysis/dips/dip-weekdays.ts'
import { findOnset, stepGains } from '../../../src/analysis/dips/onset.ts'
import { shrinkDepth } from '../../../src/analysis/dips/shrink-depth.ts'
import { normalQuantile } from '../../../src/analysis/normal-quantile.ts'
import { expectRelative } from '../../support/expect-relative.ts'

describe('onset', () => {
  const contrast = [1, -2, 2, 0, -1, 1, -9, -11, -8, -12, -10, -9]
  const precision = contrast.map(() => 2)

  test('has the gains and the interval of the worked example', () => {
    const expected = [1.4848485, 1.8026667, 4.2711111, 6.2016667, 8.0095238, 12, 9.152381, 5.8016667, 4.84]
    const gains = stepGains(contrast, precision, 50)
    expect(gains).toHaveLength(expected.length)
    expected.forEach((gain, i) => {
      expectRelative(gains[i], gain, 1e-7)
    })
    expect(findOnset(contrast, precision, 50)).toEqual({ first: 6, low: 3, high: 9, isOpen: false })
  })

  test('a weak step may have been before the data; a weaker one is none', () => {
    expect(findOnset(contrast, precision, 100)).toMatchObject({ first: 6, low: 0, isOpen: true })
    expect(findOnset(contrast, precision, 400)).toMatchObject({ first: null, low: 0, isOpen: true })
  })

  test('a step up or constant contrasts are no onset, nor are three days', () => {
    const rising = [...contrast].reverse()
    expect(stepGains(rising, precision, 50).every((gain) => gain === 0)).toBe(true)
    expect(findOnset([-9, -9, -9, -9, -9, -9], [1, 1, 1, 1, 1, 1], 5).first).toBeNull()
    expect(findOnset([-9, -9, -9], [1, 1, 1], 5)).toEqual({ first: null, low: 0, high: 0, isOpen: true })
  })
})

describe('weekdays of a dip', () => {
  /** Sums of 6 days of precision 20 with this mean contrast. */
  const days = (mean: number) => ({ precision: 120, contrast: 120 * mean, days: 6 })
  const none = { precision: 0, contrast: 0, days: 0 }

  test('evidence is the log likelihood ratio of the depth against none', () => {
    expectRelative(weekdayEvidence(days(-10), 10, 1000), (10 * 1200 - 50 * 120) / 1000)
    expect(weekdayEvidence(none, 10, 1000)).toBeCloseTo(0, 12)
  })

  test('drops members without the dip and takes in others with it', () => {
    const flatWeekend = [-12, -12, -12, -12, -12, 3, 3].map(days)
    expect(refineWeekdays([1, 2, 3, 4, 5, 6, 7], flatWeekend, 1000)).toEqual([1, 2, 3, 4, 5])
    const withSaturday = [-12, -12, -12, -12, -12, -12, 0].map(days)
    expect(refineWeekdays([1, 2, 3, 4, 5], withSaturday, 1000)).toEqual([1, 2, 3, 4, 5, 6])
  })

  test('keeps the set where the data are silent', () => {
    const weak = [-12, -12, -12, -12, -12, -6, -6].map((mean) => ({ precision: 12, contrast: 12 * mean, days: 1 }))
    expect(refineWeekdays([1, 2, 3, 4, 5], weak, 1000)).toEqual([1, 2, 3, 4, 5])
    expect(refineWeekdays([2], new Array(7).fill(none), 1000)).toEqual([2])
  })
})

describe('depth', () => {
  test('is shrunk and its interval widened as in the worked example', () => {
    const { depth, lower, upper } = shrinkDepth(12, 2, 10, 200, 0.05)
    expectRelative(depth, 10.66666667)
    expectRelative(lower, 4.619983787)
    expectRelative(upper, 17.37482923)
    expectRelative(normalQuantile(1 - (0.05 * 10) / 400), 3.02334144)
  })

  test('loses at most half, and the interval never claims a dip that may be none', () => {
    const { depth, lower } = shrinkDepth(3, 2, 1, 200, 0.05)
    expect([depth, lower]).toEqual([1.5, 0])
  })
})

describe('trend', () => {
  const sums = (mean: number, days: number) => ({ precision: 20 * days, contrast: 20 * days * mean, days })

  test('is growing or fading only beyond the 80 % interval', () => {
    expect(dipTrend(sums(-6, 20), sums(-16, 10), 1000)).toBe('growing')
    expect(dipTrend(sums(-16, 20), sums(-6, 10), 1000)).toBe('fading')
    expect(dipTrend(sums(-10, 20), sums(-12, 10), 1000)).toBe('steady')
  })

  test('turns at the edge of that interval: z = 1.2815515655 of the difference', () => {
    // Precision 400 before and 200 since, scale 1200: the difference has a standard deviation of 3.
    const deeperBy = (points: number) => dipTrend(sums(-10, 20), sums(-10 - points, 10), 1200)
    const edge = 1.2815515655446004 * 3
    expect([edge - 0.001, edge + 0.001, -edge + 0.001, -edge - 0.001].map(deeperBy)).toEqual([
      'steady',
      'growing',
      'steady',
      'fading',
    ])
  })

  test('is unknown without days on both sides', () => {
    expect(dipTrend(sums(-6, 1), sums(-16, 10), 1000)).toBeNull()
    expect(dipTrend(sums(-6, 20), sums(0, 0), 1000)).toBeNull()
  })
})

describe('state of one scan', () => {
  test.each([
    [0.01, 'confirmed'],
    [0.0101, 'suspected'],
    [0.2, 'suspected'],
    [0.21, null],
  ])('q = %f', (q, state) => expect(dipStateOfScan(q)).toBe(state))
})
