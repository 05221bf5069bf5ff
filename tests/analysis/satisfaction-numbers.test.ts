import { describe, expect, test } from 'vitest'
import { csatNet } from '../../src/analysis/csat-net.ts'
import { meanIndex } from '../../src/analysis/mean-index.ts'
import { meanInterval } from '../../src/analysis/mean-interval.ts'
import { shareHappy } from '../../src/analysis/share-happy.ts'
import { wilsonInterval } from '../../src/analysis/wilson-interval.ts'
import { expectRelative } from '../support/expect-relative.ts'

// Worst first: 9 very unhappy, 7 unhappy, 20 happy, 64 very happy. Expected numbers: scipy, statsmodels.
const counts = [9, 7, 20, 64]

describe('Happy Index', () => {
  test('has the mean, variance and standard error of the worked example', () => {
    const mean = meanIndex(counts)
    expectRelative(mean?.index, 79.66666667)
    expectRelative(mean?.variance, 1030.190797)
    expectRelative(mean?.standardError, 3.209658544)
    expect(mean?.presses).toBe(100)
  })

  test('maps any scale to 0..100', () => {
    expect(meanIndex([0, 0, 0, 0, 3])?.index).toBe(100)
    expect(meanIndex([5, 0])?.index).toBe(0)
    expect(meanIndex([0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0])?.index).toBe(50)
  })

  test('is unknown, not 0, without presses, and exact where all agree', () => {
    expect(meanIndex([0, 0, 0, 0])).toBeNull()
    expect(meanIndex([0, 0, 0, 5])).toEqual({ index: 100, presses: 5, variance: 0, standardError: 0 })
    expect(meanIndex([0, 1, 0, 0])?.variance).toBe(0)
    expect(() => meanIndex([3])).toThrow(RangeError)
  })

  test('has the normal interval of the worked example and a wider t interval', () => {
    const normal = meanInterval(counts, 0.95)
    expectRelative(normal?.lower, 73.37585152)
    expectRelative(normal?.upper, 85.95748182)
    const t = meanInterval(counts, 0.95, 't')
    expectRelative(t?.lower, 79.66666667 - 1.984216952 * 3.209658544)
    expect(meanInterval([0, 0, 0, 1], 0.95)).toBeNull()
    expect(meanInterval([0, 0, 1, 1], 0.95)?.upper).toBe(100)
  })
})

describe('share happy and CSAT net', () => {
  test('are the worked example and each other', () => {
    expect(shareHappy(counts)).toBe(84)
    expect(csatNet(counts)).toBe(68)
    expect(csatNet(counts)).toBe(2 * 84 - 100)
  })

  test('leave the middle of five faces out of both ends', () => {
    expect(csatNet([10, 10, 60, 10, 10])).toBe(0)
    expect(shareHappy([10, 10, 60, 10, 10])).toBe(20)
  })

  test('are unknown without presses and refused on scales too short for them', () => {
    expect(shareHappy([0, 0, 0, 0])).toBeNull()
    expect(csatNet([0, 0, 0, 0])).toBeNull()
    expect(() => shareHappy([1, 2, 3])).toThrow(RangeError)
    expect(() => csatNet([1, 2])).toThrow(RangeError)
  })
})

describe('Wilson interval', () => {
  test.each([
    [8, 10, 0.4901624715, 0.9433178485],
    [0, 10, 0, 0.2775327999],
    [10, 10, 0.7224672001, 1],
    [81, 263, 0.255288519878, 0.366209576983],
    [1, 1, 0.2065493144, 1],
  ])('%i of %i', (successes, trials, lower, upper) => {
    const interval = wilsonInterval(successes, trials, 0.95)
    expectRelative(interval?.lower, lower)
    expectRelative(interval?.upper, upper)
  })

  test('is unknown without trials and refuses more successes than trials', () => {
    expect(wilsonInterval(0, 0, 0.95)).toBeNull()
    expect(() => wilsonInterval(3, 2, 0.95)).toThrow(RangeError)
    expect(() => wilsonInterval(-1, 2, 0.95)).toThrow(RangeError)
  })
})
