import { rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeKernelClock } from '../../../src/terminal/health/kernel-clock.ts'
import { makeFolder } from '../outbox/open-outbox.ts'

const hourMs = 3_600_000

function openTest() {
  const clock = { wall: 1_700_000_000_000, mono: 60_000, wallMs: () => clock.wall, monoMs: () => clock.mono }
  const path = join(makeFolder(), 'synchronized')
  return {
    ...{ clock, path, read: makeKernelClock(clock, path) },
    synchronise() {
      writeFileSync(path, '')
      utimesSync(path, new Date(clock.wall), new Date(clock.wall))
    },
    pass(ms: number) {
      clock.wall += ms
      clock.mono += ms
    },
  }
}

describe("the kernel's clock", () => {
  it('is believed from the first synchronisation of this boot on', () => {
    const { read, synchronise, path } = openTest()
    expect(read()).toBeNull()
    synchronise()
    expect(read()).toEqual({ errorMs: 1_000 })
    rmSync(path)
    expect(read()).toBeNull()
  })

  it('is believed less the longer that is ago, as without a network', () => {
    const { read, synchronise, pass } = openTest()
    synchronise()
    pass(10 * 24 * hourMs)
    expect(read()).toEqual({ errorMs: 1_000 + 86_400 })
    synchronise()
    expect(read()).toEqual({ errorMs: 1_000 })
  })

  it.each([
    ['forward', 24 * hourMs],
    ['back', -60_000],
  ])('is not believed once somebody has set it %s, until it is synchronised again', (_, byMs) => {
    const { read, synchronise, pass, clock } = openTest()
    synchronise()
    expect(read()).toEqual({ errorMs: 1_000 })
    pass(90_000)
    expect(read()).toEqual({ errorMs: 1_009 })
    clock.wall += byMs
    expect(read()).toBeNull()
    synchronise()
    expect(read()).toEqual({ errorMs: 1_000 })
  })
})
