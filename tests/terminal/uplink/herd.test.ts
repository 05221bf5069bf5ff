import { describe, expect, it } from 'vitest'
import { nextConnectDelayMs } from '../../../src/terminal/uplink/connect-delay.ts'
import { usualTiming } from '../../../src/terminal/uplink/timing.ts'
import { type HerdOptions, simulateHerd } from '../../support/herd-simulation.ts'

// A fiftieth of 100,000 terminals and of 2,000 accepted a second.
const terminals = 2_000
const down = { upFromMs: 60_000, acceptsPerSecond: 40 }
const up = { ...down, upFromMs: 0 }
const never = { ...down, upFromMs: Number.POSITIVE_INFINITY }
const own: HerdOptions['nextDelayMs'] = (history, random) => nextConnectDelayMs(history, usualTiming, random())

describe('a herd of terminals', () => {
  it.each([0.1, 0.7])('comes back after an outage without a stampede (seed %d)', (seed) => {
    const ours = simulateHerd({ terminals, brokers: [down], seed, nextDelayMs: own })
    const everySecond = simulateHerd({ terminals, brokers: [down], seed, nextDelayMs: () => 1_000 })
    expect([ours.lost, everySecond.peakPerSecond]).toEqual([terminals, terminals])
    // 1 in 27 of the herd, and the noise of a small one.
    expect(ours.peakPerSecond).toBeLessThan(terminals / 16)
    expect(ours.attempts).toBeLessThan(3 * terminals)
    expect(ours.allBackS).toBeLessThan(420)
  })

  it('moves over to the other broker within the minute when one of two dies', () => {
    const ours = simulateHerd({ terminals, brokers: [up, never], alive: 1, seed: 0.3, nextDelayMs: own })
    expect(ours.lost).toBeGreaterThan(0.4 * terminals)
    expect(ours.lost).toBeLessThan(0.6 * terminals)
    expect(ours.attempts).toBe(ours.lost)
    expect(ours.allBackS).toBeLessThanOrEqual(60)
  })

  it('is no larger at either of two brokers that were both away', () => {
    const ours = simulateHerd({ terminals, brokers: [down, down], seed: 0.5, nextDelayMs: own })
    expect(ours.peakPerSecond).toBeLessThan(terminals / 16)
    expect(ours.allBackS).toBeLessThan(420)
  })
})
