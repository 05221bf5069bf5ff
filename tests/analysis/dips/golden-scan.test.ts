import { describe, expect, test } from 'vitest'
import { findDips } from '../../../src/analysis/find-dips.ts'
import { makeGoldenFleet } from './golden-fleet.ts'
import golden from './golden-scan.json' with { type: 'json' }

/** A change for speed must not change a result; logarithms may differ in the last digits from machine to machine. */
const RELATIVE = 1e-10

function expectSame(actual: unknown, expected: unknown, path: string): void {
  if (typeof expected === 'number' && typeof actual === 'number') {
    expect(Math.abs(actual - expected), path).toBeLessThanOrEqual(RELATIVE * Math.max(1e-300, Math.abs(expected)))
    return
  }
  if (typeof expected !== 'object' || expected === null || typeof actual !== 'object' || actual === null) {
    expect(actual, path).toBe(expected)
    return
  }
  expect(Object.keys(actual), path).toEqual(Object.keys(expected))
  for (const [key, value] of Object.entries(expected)) {
    expectSame((actual as Record<string, unknown>)[key], value, `${path}.${key}`)
  }
}

describe('the scan of a golden fleet', () => {
  test('gives what it gave when the numbers were written down', () => {
    const scan = findDips(makeGoldenFleet(), { fdr: 0.05 })
    expect(scan.found.length).toBeGreaterThan(3)
    expect(scan.insufficient.length).toBeGreaterThan(3)
    expectSame(scan, golden, 'scan')
  })
})
