import { describe, expect, test } from 'vitest'
import { cellTail, faintTail } from '../../../src/analysis/dips/cell-tail.ts'
import type { CellTest } from '../../../src/analysis/dips/cell-test.ts'
import { downwardSkewness } from '../../../src/analysis/dips/downward-skewness.ts'
import { wallaceTail } from '../../../src/analysis/wallace-tail.ts'
import { expectRelative } from '../../support/expect-relative.ts'

const cell = (of: Partial<CellTest>): CellTest => ({
  depth: 10,
  scale: 1000,
  kappa: 0,
  natural: 0,
  z: 4,
  df: 64,
  ...of,
})
/** Precision 100 of 100 presses: a mean of 100 presses with skewness s has skewness s / 10. */
const PRESSES = 100

describe('p of a scan cell', () => {
  test('is the t tail where neither natural deviations nor skewness matter', () => {
    expect(cellTail(cell({}), PRESSES, PRESSES, 0)).toBe(wallaceTail(4, 64))
  })

  test('falls back to 20 degrees of freedom as natural deviations outweigh noise', () => {
    // Noise of variance 1000 / 1e9 against natural deviations of variance 4.
    expectRelative(cellTail(cell({ natural: 4 }), 1e9, 1e9, 0), wallaceTail(4, 20), 1e-5)
    // Half of each: df of (1 + 1)² / (1 / 64 + 1 / 20).
    expectRelative(cellTail(cell({ natural: 10 }), PRESSES, PRESSES, 0), wallaceTail(4, 4 / (1 / 64 + 1 / 20)))
  })

  // scipy 1.10: gamma.sf(k + z sqrt(k), k) with k = 4 / skewness²
  test.each([
    [0.1, 4, 7.933531744340068e-5],
    [0.25, 2, 0.02904887480273326],
    [0.25, 4.8, 1.9020356360836572e-5],
    [0.4, 5, 3.4549313829848695e-5],
  ])('is the gamma tail for skewness %f at z = %f', (skewness, z, tail) => {
    const known = cell({ z, df: 1e9 })
    expectRelative(cellTail(known, PRESSES, PRESSES, 10 * skewness), tail, 0.07)
  })

  test('is never smaller below z = 2, where it is read off a table', () => {
    for (let z = 1; z < 2; z += 0.01) {
      const exact = wallaceTail(z, 64)
      expect(faintTail(z * z)).toBeGreaterThanOrEqual(exact)
      expect(faintTail(z * z)).toBeLessThan(1.5 * exact)
    }
  })

  test('grows with skewness, less so where presses abound, and stays above 0', () => {
    const plain = cellTail(cell({}), PRESSES, PRESSES, 0)
    const few = cellTail(cell({}), 30, 30, 1.5)
    const many = cellTail(cell({}), 3000, 3000, 1.5)
    expect(few).toBeGreaterThan(many)
    expect(many).toBeGreaterThan(plain)
    expect(cellTail(cell({ z: 500, df: 1e6 }), PRESSES, PRESSES, 0)).toBeGreaterThan(0)
  })
})

describe('skewness of one press, downwards', () => {
  test('is that of its score', () => {
    const scores = [...Array(9).fill(0), ...Array(7).fill(1), ...Array(20).fill(2), ...Array(64).fill(3)] as number[]
    const mean = scores.reduce((sum, score) => sum + score, 0) / 100
    const moment = (power: number) => scores.reduce((sum, score) => sum + (score - mean) ** power, 0) / 100
    expectRelative(downwardSkewness([9, 7, 20, 64]), -moment(3) / moment(2) ** 1.5)
  })

  test('is 0 where scores lean the other way, are even, all alike, or none', () => {
    for (const counts of [
      [64, 20, 7, 9],
      [5, 5, 5, 5],
      [0, 0, 0, 9],
      [0, 0, 0, 0],
    ])
      expect(downwardSkewness(counts)).toBe(0)
  })
})
