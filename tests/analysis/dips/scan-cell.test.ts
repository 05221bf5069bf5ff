import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { squaredDeviate, testCell, unexplainedVariance } from '../../../src/analysis/dips/cell-test.ts'
import { sampleTouchpoints } from '../../../src/analysis/dips/sample-touchpoints.ts'
import { blockOfDay, makeScanPlan, WEEKDAY_SETS } from '../../../src/analysis/dips/scan-plan.ts'
import { smallestDepth } from '../../../src/analysis/dips/smallest-depth.ts'
import { tTail } from '../../../src/analysis/t-tail.ts'
import { expectRelative } from '../../support/expect-relative.ts'

const inside = { precision: 240, contrast: -2400, days: 24 }
const ofSet = { precision: 400, contrast: -2480, days: 40 }
const all = { precision: 560, contrast: -2560, days: 56 }
/** What the worked example takes for granted: 10 prior degrees of freedom, .95 carried over. */
const USUAL = { leastHistory: 6, correlation: 0.95, df: 10 }
const prior = { scale: 1100, tau2: 2.25, ...USUAL }

describe('test of one scan cell', () => {
  test('has depth, variance, z and p of the worked example', () => {
    const cell = testCell({ inside, ofSet, all, allSquares: 90_000 }, prior)
    expectRelative(cell.scale, 1201.875)
    expectRelative(cell.kappa, 0.218967587)
    expectRelative(cell.natural, 1.781956783)
    expectRelative(cell.depth, 9.890516206)
    expectRelative(cell.z, 3.795696246)
    expect(cell.df).toBe(64)
    expectRelative(tTail(cell.z, cell.df), 0.000164749897)
  })

  test('without days of its own it leans on other days, less', () => {
    const cell = testCell({ inside, ofSet: inside, all, allSquares: 90_000 }, prior)
    const error = cell.scale / 320
    expectRelative(cell.kappa, (0.7 * 4.5) / (4.5 + error))
    expectRelative(cell.natural, unexplainedVariance(4.5, 0.7, error))
    expectRelative(cell.depth, 10 + cell.kappa * (-160 / 320))
  })

  test('with no other days at all it stands alone against twice the variance', () => {
    const cell = testCell({ inside, ofSet: inside, all: inside, allSquares: 90_000 }, prior)
    expect([cell.kappa, cell.natural, cell.depth]).toEqual([0, 4.5, 10])
    expect(cell.df).toBe(10 + 23)
    expectRelative(cell.scale, (11_000 + 90_000 - 24_000) / 33)
  })

  test('a rise is a negative depth', () => {
    const rise = { ...inside, contrast: 2400 }
    const cell = testCell({ inside: rise, ofSet: rise, all: rise, allSquares: 90_000 }, prior)
    expect(cell.z).toBeLessThan(0)
  })
})

describe('the short cut', () => {
  const sums = fc.record({
    precision: fc.double({ min: 0.5, max: 400, noNaN: true }),
    mean: fc.double({ min: -25, max: 25, noNaN: true }),
    days: fc.integer({ min: 4, max: 40 }),
  })
  const world = fc.record({
    inside: sums,
    own: sums,
    others: sums,
    spread: fc.double({ min: 0, max: 3000, noNaN: true }),
    scale: fc.double({ min: 0, max: 3000, noNaN: true }),
    tau2: fc.double({ min: 1, max: 40, noNaN: true }),
    ownDays: fc.constantFrom(0, 3, 20),
    correlation: fc.constantFrom(0.7, 0.95, 0.99),
    df: fc.constantFrom(10, 80, 1000),
  })

  test('has the z of the full test, and 0 where there is no dip', () => {
    let spared = 0
    fc.assert(
      fc.property(world, ({ inside, own, others, spread, scale, tau2, ownDays, correlation, df }) => {
        const parts = [inside, ...(ownDays > 0 ? [{ ...own, days: ownDays }] : []), others]
        const add = (of: typeof parts) => ({
          precision: of.reduce((sum, { precision }) => sum + precision, 0),
          contrast: of.reduce((sum, { precision, mean }) => sum + precision * mean, 0),
          days: of.reduce((sum, { days }) => sum + days, 0),
        })
        const [insideSums, ofSet, all] = [add([inside]), add(parts.slice(0, -1)), add(parts)]
        const allSquares = parts.reduce((sum, { precision, mean }) => sum + precision * mean * mean, 0) + spread
        const prior = { scale, tau2, leastHistory: 6, correlation, df }
        const { z } = testCell({ inside: insideSums, ofSet, all, allSquares }, prior)
        const other = { precision: all.precision - inside.precision, contrast: all.contrast - insideSums.contrast }
        const isOwn = ownDays >= prior.leastHistory
        const isKnown = isOwn || all.days - inside.days >= 6
        const past = isOwn ? add([own]) : isKnown ? other : { precision: 0, contrast: 0 }
        const square = squaredDeviate(
          ...([insideSums.contrast, insideSums.precision, other.contrast, other.precision] as const),
          ...([past.contrast, past.precision, isOwn ? correlation : 0.7, isOwn ? tau2 : 2 * tau2] as const),
          { inside: insideSums, ofSet, all, allSquares },
          prior,
        )
        const exact = z > 0 ? z * z : 0
        expect(Math.abs(square - exact)).toBeLessThanOrEqual(1e-8 * Math.max(1, exact))
        if (z <= 0) spared++
      }),
      { numRuns: 2000, seed: 5 },
    )
    expect(spared).toBeGreaterThan(300)
  })
})

describe('scan plan', () => {
  /** Intervals of at least `least` blocks that reach the last block, and those that do not. */
  const intervals = (blocks: number, least: number) => {
    const ongoing = blocks - least + 1
    return { ongoing, ended: (ongoing * (ongoing - 1)) / 2 }
  }

  test('shares out a prior of 1, seven tenths of each set to intervals that are still running', () => {
    const plan = makeScanPlan(8)
    expect(WEEKDAY_SETS.reduce((sum, set) => sum + set.prior, 0)).toBeCloseTo(1, 12)
    WEEKDAY_SETS.forEach(({ prior, leastBlocks }, set) => {
      const { ongoing, ended } = intervals(8, leastBlocks)
      expect((plan.ongoingWeight[set] as number) * ongoing).toBeCloseTo(0.7 * prior, 12)
      expect((plan.endedWeight[set] as number) * ended).toBeCloseTo(0.3 * prior, 12)
    })
    expect(WEEKDAY_SETS.map(({ leastBlocks }) => leastBlocks)).toEqual([2, 2, 2, 4, 4, 4, 4, 4, 4, 4])
  })

  test('two weeks leave one interval a set of several days and none for single days', () => {
    const plan = makeScanPlan(2)
    expect([...plan.ongoingWeight].map((weight) => weight > 0)).toEqual([true, true, true, ...new Array(7).fill(false)])
    expect([...plan.endedWeight]).toEqual(new Array(10).fill(0))
  })

  test('blocks count back from the last day, the first takes the remainder', () => {
    const blocks = Array.from({ length: 17 }, (_, day) => blockOfDay(day, 17, 2))
    expect(blocks.join('')).toBe('00000000001111111')
  })
})

describe('sample of the fleet', () => {
  const fleet = Array.from({ length: 500 }, (_, i) => ({ id: `t${i}` }))

  test('is the same whatever the order, and the whole of a small fleet', () => {
    const ids = sampleTouchpoints(fleet, 300).map(({ id }) => id)
    expect(new Set(ids).size).toBe(300)
    expect(sampleTouchpoints([...fleet].reverse(), 300).map(({ id }) => id)).toEqual(ids)
    expect(sampleTouchpoints(fleet.slice(0, 12), 300)).toEqual(fleet.slice(0, 12))
  })
})

describe('smallest depth noticed', () => {
  test('follows precision and natural deviations', () => {
    expectRelative(smallestDepth(1200, 400, 1), (5.2 + 0.84) * 2)
    expect(smallestDepth(1200, 100, 1)).toBeGreaterThan(smallestDepth(1200, 400, 1))
  })
})
