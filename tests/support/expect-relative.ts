import { expect } from 'vitest'

/** Expects a number within a relative tolerance of a worked one; where that is 0, within the tolerance itself. */
export function expectRelative(actual: number | null | undefined, expected: number, tolerance = 1e-8): void {
  expect(actual).toEqual(expect.any(Number))
  const error = Math.abs((actual as number) - expected) / (expected === 0 ? 1 : Math.abs(expected))
  expect(error, `${actual} is not ${expected}`).toBeLessThanOrEqual(tolerance)
}
