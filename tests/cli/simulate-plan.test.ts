/** What a simulation plays: the same for the same seed, with people at every hour of a day on which the clocks change. */
import { describe, expect, it } from 'vitest'
import { planFaults } from '../../src/cli/simulate/plan-faults.ts'
import { planTerminal } from '../../src/cli/simulate/plan-terminal.ts'
import { makeSimulatedClock } from '../../src/cli/simulate/simulated-clock.ts'
import { makeRandom } from '../support/press-generator.ts'

const wishes = {
  ...{ seed: 5, from: '2026-10-24', days: 3, pressesPerDay: 200, touchShare: 0.3, wrongClockShare: 0.5 },
  ...{ offline: 1, restarts: 1, duplicates: 1 },
}
const hourMs = 3_600_000

describe('the plan of a simulated terminal', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(planTerminal(wishes, 3)).toEqual(planTerminal(wishes, 3))
    expect(planTerminal({ ...wishes, seed: 6 }, 3).presses).not.toEqual(planTerminal(wishes, 3).presses)
    expect(planTerminal(wishes, 4).presses).not.toEqual(planTerminal(wishes, 3).presses)
  })

  it('has presses of box and glass within its days, never closer than a box can tell apart', () => {
    for (const index of [0, 1, 2, 3, 4, 5, 6, 7]) {
      const { presses, fromMs, untilMs } = planTerminal(wishes, index)
      const times = presses.map(({ utcMs }) => utcMs)
      expect(times[0]).toBeGreaterThanOrEqual(fromMs)
      expect(times.at(-1)).toBeLessThan(untilMs + 60_000)
      expect(Math.min(...times.slice(1).map((at, i) => at - (times[i] ?? 0)))).toBeGreaterThanOrEqual(150)
      expect(new Set(presses.map(({ source }) => source))).toEqual(new Set(['box', 'touch']))
    }
  })

  it('presses in both passes of the hour that Helsinki has twice', () => {
    const firstPass = Date.parse('2026-10-25T00:00:00Z')
    const { presses, zone, fromMs, untilMs } = planTerminal(wishes, 0)
    expect(zone).toBe('Europe/Helsinki')
    expect(untilMs - fromMs).toBe(73 * hourMs)
    for (const from of [firstPass, firstPass + hourMs])
      expect(presses.filter(({ utcMs }) => utcMs >= from && utcMs < from + hourMs).length).toBeGreaterThan(0)
  })

  it('lays each fault into a time of its own', () => {
    const faults = planFaults({ offline: 5, restarts: 5, duplicates: 5 }, 0, 1e9, makeRandom(1))
    expect(faults).toHaveLength(15)
    for (const [i, fault] of faults.entries()) {
      expect(fault.untilMs).toBeGreaterThanOrEqual(fault.utcMs)
      expect(fault.utcMs).toBeGreaterThanOrEqual(faults[i - 1]?.untilMs ?? 0)
    }
  })
})

describe('the clock of a simulated machine', () => {
  it('begins in 1970 after each start until it learns the time, while monoMs never jumps', () => {
    const clock = makeSimulatedClock(1e12, { wrongBy: 'epoch', anchorAfterMs: 2 * hourMs }, 0)
    clock.set(1e12 + 1_000)
    expect([clock.wallMs(), clock.monoMs(), clock.isDue()]).toEqual([1_000, 1_000, false])
    clock.set(1e12 + 2 * hourMs)
    expect(clock.isDue()).toBe(true)
    clock.learn()
    expect([clock.wallMs(), clock.monoMs()]).toEqual([1e12 + 2 * hourMs, 2 * hourMs])
    clock.boot()
    expect([clock.wallMs(), clock.monoMs(), clock.isRight()]).toEqual([0, 0, false])
    expect(clock.monoAt(1e12 + 2 * hourMs - 5_000)).toBe(-5_000)
  })
})
