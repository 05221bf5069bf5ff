import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { LightMode } from '../../../firmware-bridge/line/box-line.ts'
import { type BoxLink, openBoxLink } from '../../../firmware-bridge/serial/box-link.ts'
import { type FaultyCable, makeFaultyCable } from '../../../firmware-bridge/simulator/faulty-cable.ts'
import type { SimulatedBox } from '../../../firmware-bridge/simulator/simulated-box.ts'
import { makeSimulatedPortOpener } from '../../../firmware-bridge/simulator/simulated-port.ts'
import { openBox } from '../../support/box-script.ts'
import { silentLogger } from '../../support/silent-logger.ts'

/*
 * The lights that the link asks for, on the real image, which forgets its mode at each boot (PROTOCOL.md §6). A box whose
 * press waits for a full disk blinks by itself, and so does one without identity; in quiet mode neither does.
 */

let box: SimulatedBox
let cable: FaultyCable
let link: BoxLink
let changes: number
let isDiskFull: boolean
let canSaveIds: boolean
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 1_000_000 })
  isDiskFull = true
  canSaveIds = true
  changes = 0
  box = openBox({
    seed: 5,
    onLights: () => {
      changes += 1
    },
  })
  cable = makeFaultyCable({ box, seed: 5 })
})
afterEach(async () => {
  await link.close()
  vi.useRealTimers()
})

function openLink(lights: LightMode): void {
  link = openBoxLink({
    openPort: makeSimulatedPortOpener(cable, { isCablePowered: false }),
    clock: { wallMs: () => Date.now(), monoMs: () => Date.now() },
    logger: silentLogger,
    random: () => 0.5,
    onPress: () => (isDiskFull ? 'full' : 'stored'),
    saveBoxId: () => (canSaveIds ? 'saved' : 'full'),
    lights,
  })
}

/** Simulated and faked time, in step. */
async function live(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 20) {
    box.advance(20)
    await vi.advanceTimersByTimeAsync(20)
  }
}

/** How often a light came on or went off in two seconds. */
async function watch(): Promise<number> {
  changes = 0
  await live(2000)
  return changes
}

/** A box whose press has been refused by the full disk; what the press itself lit is out again. */
async function openWaiting(lights: LightMode): Promise<void> {
  openLink(lights)
  await live(2500)
  expect(link.state()).toBe('up')
  box.press(1)
  await live(3000)
  expect(link.counters()['press-not-stored']).toBeGreaterThan(0)
}

it('are as asked from the first session on, and change when told', async () => {
  await openWaiting('quiet')
  expect(await watch()).toBe(0)
  link.setLights('normal')
  expect(await watch()).toBeGreaterThanOrEqual(6)
  link.setLights('quiet')
  await live(100)
  expect(await watch()).toBe(0)
})

it('are asked for again after each boot of the box', async () => {
  await openWaiting('normal')
  link.setLights('quiet')
  for (let round = 0; round < 2; round++) {
    box.powerOff()
    await live(300)
    box.powerOn()
    await live(3000)
    expect(link.counters()).toMatchObject({ 'box-reboot': round + 1, open: 1 })
    expect(await watch()).toBe(0)
  }
})

it('are asked for again after each opening of the port, as they are by then', async () => {
  await openWaiting('quiet')
  await link.close()
  openLink('normal')
  await live(6000)
  expect(await watch()).toBeGreaterThanOrEqual(6)
  await link.close()
  openLink('quiet')
  await live(6000)
  expect(await watch()).toBe(0)
})

it('are kept by a box without identity too', async () => {
  canSaveIds = false
  openLink('quiet')
  await live(4000)
  expect(await watch()).toBe(0)
  link.setLights('normal')
  expect(await watch()).toBeGreaterThanOrEqual(3)
})

it('reach the box within ten heartbeats over a cable that has swallowed them', async () => {
  await openWaiting('quiet')
  expect(await watch()).toBe(0)
  for (const [mode, atLeast, atMost] of [
    ['normal', 6, Number.POSITIVE_INFINITY],
    ['quiet', 0, 0],
  ] as const) {
    cable.setMuted(true, 'toBox')
    link.setLights(mode)
    await live(100)
    cable.setMuted(false)
    await live(10_500)
    const seen = await watch()
    expect(seen).toBeGreaterThanOrEqual(atLeast)
    expect(seen).toBeLessThanOrEqual(atMost)
  }
})

it('reach the box at its next heartbeat over a cable that has damaged them', async () => {
  await openWaiting('quiet')
  cable.setRates({ flip: 0.5 }, 'toBox')
  link.setLights('normal')
  await live(100)
  cable.setRates({})
  await live(1500)
  expect(link.counters()['box-bad']).toBeGreaterThan(0)
  expect(await watch()).toBeGreaterThanOrEqual(6)
})

it('reach a box without identity too', async () => {
  canSaveIds = false
  openLink('normal')
  await live(4000)
  expect(await watch()).toBeGreaterThanOrEqual(3)
  cable.setMuted(true, 'toBox')
  link.setLights('quiet')
  await live(100)
  cable.setMuted(false)
  await live(10_500)
  expect(await watch()).toBe(0)
})
