import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { runInRealTime } from '../../../firmware-bridge/simulator/run-in-real-time.ts'
import type { SimulatedBox } from '../../../firmware-bridge/simulator/simulated-box.ts'
import { openBox } from '../../support/box-script.ts'

/** A box each simulated millisecond of which costs some of the wall clock. */
function makeCostlyBox(costMs: number, clock: { atMs: number }) {
  const pieces: number[] = []
  const advance = (ms: number) => {
    pieces.push(ms)
    clock.atMs += ms * costMs
  }
  return { box: { advance } as SimulatedBox, pieces, livedMs: () => pieces.reduce((sum, ms) => sum + ms, 0) }
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
afterEach(() => void vi.useRealTimers())

describe('real time', () => {
  it('lets the box live at the given speed', () => {
    const box = openBox()
    const clock = { atMs: 500 }
    const stop = runInRealTime(box, { speed: 2, stepMs: 20, now: () => clock.atMs })
    for (const passed of [20, 25, 100, 10]) {
      clock.atMs += passed
      vi.advanceTimersByTime(20)
    }
    expect(box.nowMs()).toBeCloseTo(2 * 155, 1)
    stop()
    clock.atMs += 100
    vi.advanceTimersByTime(100)
    expect(box.nowMs()).toBeCloseTo(2 * 155, 1)
  })

  it('leaves out what the host slept through, and says so', () => {
    const clock = { atMs: 0 }
    const { box, livedMs } = makeCostlyBox(0, clock)
    const behind: number[] = []
    runInRealTime(box, { speed: 2, stepMs: 20, now: () => clock.atMs, onBehind: (ms) => void behind.push(ms) })
    clock.atMs = 60_000
    vi.advanceTimersByTime(20)
    expect(livedMs()).toBe(2 * 250)
    expect(behind).toEqual([2 * (60_000 - 250)])
  })

  it('at a speed that the machine cannot hold runs as fast as it can, in short turns, and says by how much it lags', () => {
    const clock = { atMs: 0 }
    // A simulated second takes 100 ms: ten times real is the most.
    const { box, livedMs } = makeCostlyBox(0.1, clock)
    let leftOutMs = 0
    const turns: number[] = []
    runInRealTime(box, {
      ...{ speed: 40, stepMs: 1, now: () => clock.atMs },
      onBehind: (ms) => {
        leftOutMs = ms
      },
    })
    for (let turn = 0; turn < 2000; turn++) {
      const before = clock.atMs
      clock.atMs += 1
      vi.advanceTimersByTime(1)
      turns.push(clock.atMs - before - 1)
    }
    expect(Math.max(...turns)).toBeLessThan(6)
    const askedMs = clock.atMs * 40
    expect(livedMs() + leftOutMs).toBeGreaterThan(askedMs - 250 * 40 - 100)
    expect(livedMs() + leftOutMs).toBeLessThanOrEqual(askedMs)
    expect(leftOutMs).toBeGreaterThan(askedMs / 2)
  })
})
