import { describe, expect, test } from 'vitest'
import { benjaminiHochberg } from '../../src/analysis/benjamini-hochberg.ts'
import { harmonicMeanP, landauShift } from '../../src/analysis/harmonic-mean-p.ts'
import { expectRelative } from '../support/expect-relative.ts'

describe('Benjamini-Hochberg', () => {
  // statsmodels multipletests(fdr_bh), R p.adjust
  const p = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
  ]
  const q = [
    0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.0638571428571, 0.0638571428571, 0.0645, 0.0765, 0.486, 0.581181818182,
    0.714875, 0.753230769231, 0.813214285714, 1,
  ]

  test('has the q-values of the worked example, in any order', () => {
    benjaminiHochberg(p).forEach((value, i) => {
      expectRelative(value, q[i] as number)
    })
    const backwards = benjaminiHochberg([...p].reverse())
    expect([...backwards].reverse()).toEqual([...benjaminiHochberg(p)])
    expect(benjaminiHochberg(p).filter((value) => value <= 0.05)).toHaveLength(4)
  })

  test('gives ties the same q and nothing for nothing', () => {
    benjaminiHochberg([0.01, 0.01, 0.04]).forEach((value, i) => {
      expectRelative(value, [0.015, 0.015, 0.04][i] as number)
    })
    expect(benjaminiHochberg([])).toHaveLength(0)
  })
})

describe('harmonic mean p', () => {
  const p = [1e-6, 0.001, 0.2, 0.8]
  const weights = [0.1, 0.2, 0.3, 0.4]

  test('has the mean and the shift of the worked example, whatever the weights sum to', () => {
    expectRelative(harmonicMeanP(p, weights), 9.979840722e-6)
    expectRelative(landauShift(9.979840722e-6, 4), 9.98000102e-6)
    expectRelative(
      harmonicMeanP(
        p,
        weights.map((weight) => 7 * weight),
      ),
      9.979840722e-6,
    )
  })

  test('claims nothing where the shift runs out, and nothing from nothing', () => {
    expect(landauShift(0.9, 100)).toBe(1)
    expect(landauShift(0.2, 6000)).toBe(1)
    expect(harmonicMeanP([], [])).toBe(1)
    expect(() => harmonicMeanP([0.1], [])).toThrow(RangeError)
  })
})
