import { rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { NewRecord } from '../../../src/contracts/records.ts'
import { makeKernelClock } from '../../../src/terminal/health/kernel-clock.ts'
import { openTimekeeper } from '../../../src/terminal/health/timekeeper.ts'
import { boot, makeFolder, makeHandClock } from '../outbox/open-outbox.ts'

const minuteMs = 60_000
beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function openTest() {
  const clock = makeHandClock()
  const synchronizedPath = join(makeFolder(), 'synchronized')
  const records: NewRecord[] = []
  let answer: 'stored' | 'full' = 'stored'
  const append = (record: NewRecord) => {
    if (answer === 'stored') records.push(record)
    return answer
  }
  const keeper = openTimekeeper({ append, clock, boot, kernelClock: makeKernelClock(clock, synchronizedPath) })
  return {
    ...{ keeper, records, clock, synchronizedPath },
    synchronise(atMs = clock.nowMs) {
      writeFileSync(synchronizedPath, '')
      utimesSync(synchronizedPath, new Date(atMs), new Date(atMs))
    },
    setAnswer: (next: typeof answer) => {
      answer = next
    },
    pass(ms: number) {
      for (let passed = 0; passed < ms; passed += minuteMs) {
        clock.nowMs += minuteMs
        vi.advanceTimersByTime(minuteMs)
      }
    },
    kinds: () => records.map(({ kind }) => kind),
  }
}

describe('the timekeeper', () => {
  it('ticks at the start and every 5 min, and says each hour that the terminal worked', () => {
    const { pass, records, kinds, keeper } = openTest()
    expect(kinds()).toEqual(['tick'])
    pass(60 * minuteMs)
    expect(kinds().filter((kind) => kind === 'tick')).toHaveLength(13)
    expect(records.filter(({ kind }) => kind === 'alive')).toMatchObject([{ coveredMs: 60 * minuteMs, boot }])
    pass(7 * minuteMs)
    keeper.close()
    expect(records.at(-1)).toMatchObject({ kind: 'alive', coveredMs: 7 * minuteMs })
    pass(120 * minuteMs)
    expect(kinds().filter((kind) => kind === 'alive')).toHaveLength(2)
  })

  it('anchors to the kernel once it is synchronised, then hourly, and not before', () => {
    const { pass, records, synchronise, synchronizedPath, keeper, clock } = openTest()
    const anchors = () => records.filter(({ kind }) => kind === 'anchor')
    pass(30 * minuteMs)
    expect([anchors(), keeper.clockState()]).toEqual([[], 'unsynchronised'])
    keeper.noteExchange({ monoMs: 1_000, utcMs: 1_800_000_000_000 })
    expect(keeper.clockState()).toBe('exchange')
    synchronise(clock.nowMs + 4.5 * minuteMs)
    pass(5 * minuteMs)
    expect(anchors()).toMatchObject([{ clock: 'kernel', utcMs: clock.nowMs, monoMs: clock.monoMs(), errorMs: 1_003 }])
    expect(keeper.clockState()).toBe('kernel')
    pass(65 * minuteMs)
    expect(anchors()).toHaveLength(2)
    // An hour without another synchronisation: the crystal may be wrong by 0.36 s.
    expect(anchors()[1]).toMatchObject({ errorMs: 1_363 })
    rmSync(synchronizedPath)
    pass(120 * minuteMs)
    expect(anchors()).toHaveLength(2)
    keeper.close()
  })

  it('tells the time by a synchronised kernel rather than by a central that told another one', () => {
    const { synchronise, synchronizedPath, keeper, clock } = openTest()
    expect(keeper.utcMs()).toBe(null)
    keeper.noteExchange({ monoMs: clock.monoMs(), utcMs: Date.UTC(2020, 0, 1) })
    expect(keeper.utcMs()).toBe(Date.UTC(2020, 0, 1))
    synchronise()
    expect(keeper.utcMs()).toBe(clock.nowMs)
    rmSync(synchronizedPath)
    expect(keeper.utcMs()).toBe(Date.UTC(2020, 0, 1))
    keeper.close()
  })

  it('ticks every 15 min only once the time is known, which is enough for the boot after this one', () => {
    const { pass, kinds, keeper, clock } = openTest()
    pass(10 * minuteMs)
    keeper.noteExchange({ monoMs: clock.monoMs(), utcMs: 1_800_000_000_000 })
    const ticks = () => kinds().filter((kind) => kind === 'tick').length
    expect(ticks()).toBe(3)
    pass(60 * minuteMs)
    expect(ticks()).toBe(7)
    keeper.close()
  })

  it('does not claim an hour in which the disk refused', () => {
    const { pass, records, setAnswer, keeper } = openTest()
    setAnswer('full')
    pass(60 * minuteMs)
    setAnswer('stored')
    pass(60 * minuteMs)
    keeper.close()
    expect(records.filter(({ kind }) => kind === 'alive')).toMatchObject([
      { coveredMs: 60 * minuteMs },
      { coveredMs: 0 },
    ])
  })
})
