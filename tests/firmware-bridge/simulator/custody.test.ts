import { afterEach, expect, it, vi } from 'vitest'
import type { BoxPress } from '../../../firmware-bridge/serial/answer-press.ts'
import { type BoxLink, type BoxLinkOptions, openBoxLink } from '../../../firmware-bridge/serial/box-link.ts'
import { makeFaultyCable } from '../../../firmware-bridge/simulator/faulty-cable.ts'
import { makeSeededRandom } from '../../../firmware-bridge/simulator/seeded-random.ts'
import type { SimulatedBox } from '../../../firmware-bridge/simulator/simulated-box.ts'
import { makeSimulatedPortOpener } from '../../../firmware-bridge/simulator/simulated-port.ts'
import { buttonAt, openBox } from '../../support/box-script.ts'
import { silentLogger } from '../../support/silent-logger.ts'

/** The host's disk: outlives the link as a file outlives a daemon. */
type Disk = { presses: Map<string, BoxPress>; order: number[]; calls: number; boxIds: string[]; isFull: boolean }

const open: BoxLink[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((link) => link.close()))
  vi.useRealTimers()
})

const makeDisk = (): Disk => ({ presses: new Map(), order: [], calls: 0, boxIds: [], isFull: false })

function openLink(disk: Disk, openPort: BoxLinkOptions['openPort']): BoxLink {
  const link = openBoxLink({
    openPort,
    clock: { wallMs: () => Date.now(), monoMs: () => Date.now() },
    logger: silentLogger,
    random: makeSeededRandom(3),
    onPress: (press) => store(disk, press),
    saveBoxId: (boxId) => {
      disk.boxIds.push(boxId)
      return 'saved'
    },
  })
  open.push(link)
  return link
}

function store(disk: Disk, press: BoxPress): 'stored' | 'full' {
  disk.calls++
  if (disk.isFull) return 'full'
  const key = `${press.boxId} ${press.sequence}`
  const known = disk.presses.get(key)
  if (known && known.button !== press.button) throw new Error(`two presses under ${key}`)
  if (!known) disk.order.push(press.sequence)
  if (!known) disk.presses.set(key, press)
  return 'stored'
}

/** Simulated and faked time, in step. */
async function live(box: SimulatedBox, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 5) {
    box.advance(5)
    await vi.advanceTimersByTimeAsync(5)
  }
}

async function liveUntil(box: SimulatedBox, isTrue: () => boolean): Promise<void> {
  for (let second = 0; second < 120 && !isTrue(); second++) await live(box, 1000)
  expect(isTrue()).toBe(true)
}

const truth = (box: SimulatedBox) =>
  box.committed().map(({ boxId, sequence, button }) => `${boxId} ${sequence} ${button}`)
const stored = (disk: Disk) =>
  [...disk.presses.values()].map((press) => `${press.boxId} ${press.sequence} ${press.button}`)

function useFakeTime(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 1_000_000 })
}

it('stores each of many bouncing presses once, in order, and at its time', async () => {
  useFakeTime()
  const box = openBox({ seed: 11 })
  const disk = makeDisk()
  openLink(disk, makeSimulatedPortOpener(box))
  await live(box, 1500)
  const pressedAtMs: number[] = []
  for (let index = 0; index < 60; index++) {
    pressedAtMs.push(1_000_000 + box.nowMs())
    box.press(buttonAt(index), { holdMs: 60, bounceMs: 7 })
    await live(box, 140)
  }
  expect(disk.boxIds).toHaveLength(1)
  expect(box.committed().map(({ button }) => button)).toEqual(Array.from({ length: 60 }, (_, index) => buttonAt(index)))
  expect(stored(disk)).toEqual(truth(box))
  expect(disk.calls).toBe(60)
  for (const [index, press] of [...disk.presses.values()].entries()) {
    // Bounce and debounce before the press is accepted, transmission and one step of this test after.
    const lateMs = press.monoMs - (pressedAtMs[index] ?? 0)
    expect(lateMs).toBeGreaterThanOrEqual(0)
    expect(lateMs).toBeLessThan(40)
  }
})

it('loses and doubles nothing over power cuts, restarts of the host, a full disk and a bad cable', async () => {
  useFakeTime()
  const random = makeSeededRandom(2026)
  const box = openBox({ seed: 12 })
  const disk = makeDisk()
  const rates = { drop: 0.002, flip: 0.003, insert: 0.001 }
  const cable = makeFaultyCable({ box, seed: 2026, toHost: rates, toBox: rates })
  const openPort = makeSimulatedPortOpener(cable)
  let link = openLink(disk, openPort)
  await liveUntil(box, () => link.state() === 'up')
  for (let index = 0; index < 80; index++) {
    box.press(buttonAt(index), { holdMs: 60, bounceMs: 7 })
    await live(box, 20 + Math.floor(random() * 150))
    if (index % 20 === 13) {
      box.powerOff()
      await live(box, 500)
      box.powerOn()
    }
    if (index % 20 === 7) {
      await link.close()
      await live(box, 1000)
      link = openLink(disk, openPort)
    }
    disk.isFull = index % 30 > 26
  }
  box.setClosed([])
  disk.isFull = false
  await liveUntil(box, () => link.lastHello()?.pending === 0 && disk.presses.size === box.committed().length)
  expect(box.committed().length).toBeGreaterThan(40)
  expect(stored(disk)).toEqual(truth(box))
  expect(disk.order).toEqual(disk.order.toSorted((a, b) => a - b))
  expect(link.counters()).toMatchObject({ 'press-foreign': 0, 'sequence-went-back': 0, 'boot-went-back': 0 })
  for (const { dropped, flipped, inserted } of Object.values(cable.counts()))
    expect(Math.min(dropped, flipped, inserted)).toBeGreaterThan(0)
})

it('repeats a press whose ack was lost, and stores it once', async () => {
  useFakeTime()
  const box = openBox()
  const disk = makeDisk()
  const cable = makeFaultyCable({ box })
  const link = openLink(disk, makeSimulatedPortOpener(cable))
  await live(box, 1500)
  cable.setMuted(true, 'toBox')
  box.press(2)
  await live(box, 6000)
  expect(disk.calls).toBeGreaterThan(3)
  expect(box.lights()).toMatchObject({ green: false, red: false })
  cable.setMuted(false, 'toBox')
  await liveUntil(box, () => link.lastHello()?.pending === 0)
  expect(stored(disk)).toEqual(truth(box))
  expect(link.counters()['press-repeated']).toBe(disk.calls - 1)
})

it('lets the box keep and show what the host cannot store, until it can', async () => {
  useFakeTime()
  const box = openBox()
  const disk = makeDisk()
  const link = openLink(disk, makeSimulatedPortOpener(box))
  await live(box, 1500)
  disk.isFull = true
  box.press(4)
  await live(box, 1200)
  let amberSteps = 0
  for (let step = 0; step < 100; step++) {
    await live(box, 10)
    if (box.lights().amber) amberSteps++
  }
  expect(amberSteps).toBeGreaterThan(30)
  expect(amberSteps).toBeLessThan(70)
  disk.isFull = false
  await liveUntil(box, () => link.lastHello()?.pending === 0)
  expect(stored(disk)).toEqual(truth(box))
})

it('gives an erased box a new identity, so that its new presses are no repeats', async () => {
  useFakeTime()
  const disk = makeDisk()
  const first = openBox({ seed: 1 })
  const link = openLink(disk, makeSimulatedPortOpener(first))
  await live(first, 1500)
  first.press(1)
  await live(first, 500)
  await link.close()
  const erased = openBox({ seed: 2 })
  openLink(disk, makeSimulatedPortOpener(erased))
  await live(erased, 1500)
  erased.press(1)
  await live(erased, 500)
  expect(stored(disk)).toEqual([...truth(first), ...truth(erased)])
  expect(disk.presses.size).toBe(2)
  expect(new Set(disk.boxIds).size).toBe(2)
})

it('reaches a box that each opening of the port resets', async () => {
  useFakeTime()
  const box = openBox()
  const disk = makeDisk()
  const openPort = makeSimulatedPortOpener(box, { resetsOnOpen: true })
  for (let round = 0; round < 4; round++) {
    const link = openLink(disk, openPort)
    await liveUntil(box, () => link.state() === 'up')
    box.press(buttonAt(round))
    await live(box, round * 40)
    await link.close()
    await live(box, 300)
  }
  const link = openLink(disk, openPort)
  await liveUntil(box, () => link.lastHello()?.pending === 0)
  expect(stored(disk)).toEqual(truth(box))
  expect(disk.presses.size).toBeGreaterThanOrEqual(3)
})
