import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { incompleteBeta } from '../../src/analysis/incomplete-beta.ts'
import { logGamma } from '../../src/analysis/log-gamma.ts'
import { negativeBinomialTail } from '../../src/analysis/negative-binomial-tail.ts'
import { normalQuantile } from '../../src/analysis/normal-quantile.ts'
import { normalTail } from '../../src/analysis/normal-tail.ts'
import { quantile } from '../../src/analysis/quantile.ts'
import { tQuantile } from '../../src/analysis/t-quantile.ts'
import { tTail } from '../../src/analysis/t-tail.ts'
import { wallaceDeviate, wallaceTail } from '../../src/analysis/wallace-tail.ts'
import { expectRelative } from '../support/expect-relative.ts'

// Expected numbers: scipy.stats, scipy.special.
describe('normal distribution', () => {
  test.each([
    [1.959963984540054, 0.025],
    [4, 3.167124183e-5],
    [6, 9.86587645e-10],
    [0, 0.5],
    [-1, 0.8413447460685429],
    [2.9999999, 0.001349898474893],
    [3, 0.0013498980316301],
    [37, 5.725571222524e-300],
  ])('upper tail of %f', (z, tail) => expectRelative(normalTail(z), tail))

  test('quantile is the inverse of the tail', () => {
    expectRelative(normalQuantile(0.975), 1.959963984540054, 1e-12)
    expect(normalQuantile(0.5)).toBe(0)
    void fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 0.9999, noNaN: true }), (probability) => {
        expectRelative(normalTail(-normalQuantile(probability)), probability, 1e-9)
      }),
    )
    expect(() => normalQuantile(0)).toThrow(RangeError)
    expect(() => normalQuantile(1)).toThrow(RangeError)
  })
})

describe("Student's t", () => {
  test.each([
    [2, 10, 0.03669401739],
    [3.5, 60, 0.0004419556827],
    [4.5, 64, 1.466940762e-5],
    [6, 25, 1.442663829e-6],
    [8, 64, 1.61184657e-11],
    [-1, 30, 0.8373456923],
    [0, 5, 0.5],
  ])('upper tail of %f with %i degrees of freedom', (t, df, tail) => expectRelative(tTail(t, df), tail))

  test.each([
    [0.975, 5, 2.570581836],
    [0.975, 64, 1.997729654],
    [0.995, 1, 63.65674116],
    [0.025, 64, -1.997729654],
    [0.5, 7, 0],
  ])('quantile %f with %i degrees of freedom', (probability, df, t) => expectRelative(tQuantile(probability, df), t))

  test('quantile refuses less than one degree of freedom', () => {
    expect(() => tQuantile(0.9, 0.5)).toThrow(RangeError)
  })

  test("Wallace's approximation has its published deviate and stays within 2 % from 20 degrees on", () => {
    expectRelative(wallaceDeviate(4.5, 64), 4.178225029)
    expectRelative(wallaceTail(4.5, 64), 1.46896e-5, 1e-5)
    for (const df of [20, 40, 64, 100]) {
      for (const t of [1, 2, 4, 6]) expectRelative(wallaceTail(t, df), tTail(t, df), 0.02)
    }
  })
})

describe('negative binomial', () => {
  // scipy.stats.nbinom.cdf(count, size, size / (size + mean)), scipy 1.17.1.
  test.each([
    [0, 15, 4, 0.0019643802610477203],
    [0, 40, 2.5, 0.0008392236160426746],
    [3, 15, 4, 0.03974268617077287],
    [7, 20, 1.2, 0.28735748083686213],
    [0, 2, 100, 0.1380329671977451],
    [12, 30, 8, 0.042490348577707344],
    [40, 30, 8, 0.82064565296882],
  ])('at most %i where %f are usual, size %f', (count, mean, size, tail) => {
    expectRelative(negativeBinomialTail(count, mean, size), tail)
  })

  test('is nearly Poisson for a large size, and certain of nothing where nothing comes', () => {
    expectRelative(negativeBinomialTail(0, 30, 1e9), Math.exp(-30), 1e-5)
    expect(negativeBinomialTail(0, 0, 4)).toBe(1)
  })

  test('is the geometric distribution for size 1, in closed form', () => {
    expectRelative(negativeBinomialTail(6, 9, 1), 1 - 0.9 ** 7, 1e-12)
  })
})

describe('gamma and beta', () => {
  test('log gamma of small factorials, of a half and of a large argument', () => {
    expectRelative(logGamma(5), Math.log(24), 1e-13)
    expectRelative(logGamma(0.5), Math.log(Math.sqrt(Math.PI)), 1e-12)
    expectRelative(logGamma(1000), 5905.220423209181, 1e-13)
    expect(() => logGamma(0)).toThrow(RangeError)
  })

  test('incomplete beta of a polynomial case, at its ends, and mirrored', () => {
    expectRelative(incompleteBeta(0.5, 2, 3), 0.6875, 1e-13)
    expect(incompleteBeta(0, 2, 3)).toBe(0)
    expect(incompleteBeta(1, 2, 3)).toBe(1)
    expectRelative(incompleteBeta(0.3, 4, 7), 1 - incompleteBeta(0.7, 7, 4), 1e-12)
  })
})

describe('quantile', () => {
  test('interpolates between order statistics', () => {
    expect(quantile(Float64Array.of(4, 1, 3, 2), 0.5)).toBe(2.5)
    expect(quantile(Float64Array.of(7), 0.9)).toBe(7)
    expect(quantile(new Float64Array(0), 0.5)).toBeNaN()
    expect(quantile(Float64Array.of(1, 2, 99), 1, 2)).toBe(2)
  })

  test('agrees with sorting', () => {
    const values = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 40 })
    void fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (list, share) => {
        const sorted = [...list].sort((a, b) => a - b)
        const position = share * (sorted.length - 1)
        const low = sorted[Math.floor(position)] as number
        const high = sorted[Math.ceil(position)] as number
        const expected = low + (position - Math.floor(position)) * (high - low)
        expect(quantile(Float64Array.from(list), share)).toBeCloseTo(expected, 12)
      }),
    )
  })
})
