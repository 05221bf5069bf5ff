import { describe, expect, it } from 'vitest'
import { makePressClock } from '../../../firmware-bridge/serial/press-clock.ts'

const box = { boxId: '3f9c02d7', bootNumber: 7, nextSequence: 10, boxNowMs: 500 }

describe('the time of a press', () => {
  it('is its age before the moment it was told', () => {
    const clock = makePressClock()
    expect(clock.timeOf({ sequence: 1, ageMs: 150 }, 10_000)).toEqual({ monoMs: 9852, spreadMs: 4 })
    expect(clock.timeOf({ sequence: 1, ageMs: 30 }, 10_000)).toEqual({ monoMs: 9970, spreadMs: 0 })
  })

  it.each([0.99, 0.995, 1, 1.004, 1.01])(
    'lies within its spread, were the box’s clock %f times as fast as time',
    (rate) => {
      for (const trueAgeMs of [0, 40, 900, 60_000, 7_200_000]) {
        const { monoMs, spreadMs } = makePressClock().timeOf(
          { sequence: 1, ageMs: Math.round(trueAgeMs * rate) },
          10_000_000,
        )
        // The slack is one hundredth of what was told; one hundredth of a hundredth and rounding are below 1 s in two hours.
        const roomMs = 1 + trueAgeMs / 9_000
        expect(10_000_000 - trueAgeMs).toBeLessThanOrEqual(monoMs + roomMs)
        expect(10_000_000 - trueAgeMs).toBeGreaterThanOrEqual(monoMs - (spreadMs ?? 0) - roomMs)
      }
    },
  )

  it('may lie before the boot of the host', () => {
    expect(makePressClock().timeOf({ sequence: 1, ageMs: 60_000 }, 10_000).monoMs).toBe(-49_400)
  })

  it('has no lower bound when the age stopped counting', () => {
    expect(makePressClock().timeOf({ sequence: 1, ageMs: 0xffff_ffff }, 10_000).spreadMs).toBeNull()
  })

  it('of a press that outlived a power cut lies between the two hellos around its commit', () => {
    const clock = makePressClock()
    clock.hello(box, 1000)
    clock.hello({ ...box, boxNowMs: 4500 }, 5000)
    // Power goes; the box is back with presses 10 and 11, and has been up for 300 ms.
    clock.hello({ ...box, bootNumber: 8, nextSequence: 12, boxNowMs: 300 }, 9000)
    expect(clock.timeOf({ sequence: 10, ageMs: null }, 9100)).toEqual({ monoMs: 8703, spreadMs: 3703 })
    expect(clock.timeOf({ sequence: 11, ageMs: null }, 9200)).toEqual({ monoMs: 8703, spreadMs: 3703 })
  })

  it('is bounded by hellos of its own boot where they saw it', () => {
    const clock = makePressClock()
    clock.hello(box, 1000)
    clock.hello({ ...box, nextSequence: 11 }, 2000)
    clock.hello({ ...box, nextSequence: 11 }, 3000)
    clock.hello({ ...box, bootNumber: 8, nextSequence: 13, boxNowMs: 100 }, 9100)
    expect(clock.timeOf({ sequence: 10, ageMs: null }, 9200)).toEqual({ monoMs: 2000, spreadMs: 1000 })
    expect(clock.timeOf({ sequence: 12, ageMs: null }, 9200)).toEqual({ monoMs: 9001, spreadMs: 6001 })
  })

  it('has an unknown spread when no hello before it was seen', () => {
    const clock = makePressClock()
    clock.hello({ ...box, boxNowMs: 200 }, 1000)
    expect(clock.timeOf({ sequence: 9, ageMs: null }, 1100)).toEqual({ monoMs: 802, spreadMs: null })
  })

  it('does not mix two boxes, nor a box whose EEPROM was set back', () => {
    const clock = makePressClock()
    clock.hello(box, 1000)
    clock.hello({ ...box, boxId: '00000001', nextSequence: 50, boxNowMs: 100 }, 5000)
    expect(clock.timeOf({ sequence: 20, ageMs: null }, 5100).spreadMs).toBeNull()
    clock.hello({ ...box, boxId: '00000001', nextSequence: 5, bootNumber: 8, boxNowMs: 100 }, 7000)
    expect(clock.timeOf({ sequence: 4, ageMs: null }, 7100)).toEqual({ monoMs: 6901, spreadMs: null })
  })

  it('remembers enough for a full journal and no more', () => {
    const clock = makePressClock()
    for (let next = 1; next <= 100_000; next++) clock.hello({ ...box, nextSequence: next }, next * 1000)
    clock.hello({ ...box, bootNumber: 8, nextSequence: 100_000, boxNowMs: 0 }, 200_000_000)
    expect(clock.timeOf({ sequence: 99_876, ageMs: null }, 200_000_100)).toEqual({ monoMs: 99_877_000, spreadMs: 1000 })
    expect(clock.timeOf({ sequence: 1, ageMs: null }, 200_000_100).spreadMs).toBeNull()
  })
})
