import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextConnectDelayMs } from '../../../src/terminal/uplink/connect-delay.ts'
import { usualTiming } from '../../../src/terminal/uplink/timing.ts'

const ceilings = fc.record({
  outageSpreadMs: fc.integer({ min: 10, max: 3_600_000 }),
  firstDelayMs: fc.integer({ min: 10, max: 3_600_000 }),
  maxDelayMs: fc.integer({ min: 10, max: 3_600_000 }),
})
const history = fc.record({ wasConnected: fc.boolean(), failures: fc.nat(5_000) })
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

describe('the delay before connecting', () => {
  it('is a whole number between 0 and the ceiling, whatever happened', () => {
    fc.assert(
      fc.property(history, ceilings, random, (past, limits, chance) => {
        const delayMs = nextConnectDelayMs(past, limits, chance)
        expect(Number.isInteger(delayMs)).toBe(true)
        expect(delayMs).toBeGreaterThanOrEqual(0)
        expect(delayMs).toBeLessThanOrEqual(limits.maxDelayMs)
      }),
    )
  })

  it('is never a busy loop once an attempt has failed', () => {
    fc.assert(
      fc.property(history, ceilings, random, ({ wasConnected, failures }, limits, chance) => {
        const delayMs = nextConnectDelayMs({ wasConnected, failures: failures + 1 }, limits, chance)
        expect(delayMs).toBeGreaterThanOrEqual(
          Math.min(limits.firstDelayMs, limits.maxDelayMs, limits.outageSpreadMs) / 2,
        )
      }),
    )
  })

  it('spreads the first attempt after an outage over the whole minute, and later ones up to five', () => {
    const delayAfter = (failures: number, chance: number) =>
      nextConnectDelayMs({ wasConnected: true, failures }, usualTiming, chance)
    expect([0, 0.5, 0.999_999].map((chance) => delayAfter(0, chance))).toEqual([0, 30_000, 60_000])
    expect([0, 0.999_999].map((chance) => delayAfter(1, chance))).toEqual([1_000, 60_000])
    expect([0, 0.999_999].map((chance) => delayAfter(2, chance))).toEqual([1_000, 120_000])
    expect([0, 0.999_999].map((chance) => delayAfter(9, chance))).toEqual([1_000, 300_000])
  })

  it('is none at the start, and short after the first failure there', () => {
    expect(nextConnectDelayMs({ wasConnected: false, failures: 0 }, usualTiming, 0.9)).toBe(0)
    expect(nextConnectDelayMs({ wasConnected: false, failures: 1 }, usualTiming, 0)).toBe(500)
    expect(nextConnectDelayMs({ wasConnected: false, failures: 1 }, usualTiming, 0.999_999)).toBe(1_000)
    expect(nextConnectDelayMs({ wasConnected: false, failures: 5_000 }, usualTiming, 0.999_999)).toBe(300_000)
  })
})
