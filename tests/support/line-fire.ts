/** What a bad day does to a box and its line, by a seed: presses, and faults that strike in the midst of them. */
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import type { ButtonNumber } from '../../firmware-bridge/line/box-line.ts'
import type { BoxPty } from '../../firmware-bridge/simulator/box-pty.ts'
import type { FaultyCable } from '../../firmware-bridge/simulator/faulty-cable.ts'
import type { Random } from '../../firmware-bridge/simulator/seeded-random.ts'
import type { SimulatedBox } from '../../firmware-bridge/simulator/simulated-box.ts'

export type LineFire = {
  box: SimulatedBox
  cable: FaultyCable
  pty: BoxPty
  random: Random
  /** The host's end goes and comes back, as it would in a crash or an update. */
  restartHost: () => Promise<void>
  /** How many times as fast as the wall clock simulated time may pass. */
  maxSpeed?: number
}

type Fault = 'cut' | 'long-cut' | 'replug' | 'restart' | 'mute' | 'babble'
const faults: readonly Fault[] = ['cut', 'cut', 'long-cut', 'replug', 'restart', 'mute', 'babble']
/** Simulated time passes in steps of this. */
const stepMs = 5
/** At most so many times as fast as the wall clock. */
const usualSpeed = 20

/** Lets simulated time pass. */
export async function live(box: SimulatedBox, ms: number, maxSpeed = usualSpeed): Promise<void> {
  const endMs = box.nowMs() + ms
  const startedAt = performance.now()
  const startMs = box.nowMs()
  while (box.nowMs() < endMs) {
    box.advance(Math.min(stepMs, Math.max(endMs - box.nowMs(), 0.05)))
    const aheadMs = (box.nowMs() - startMs) / maxSpeed - (performance.now() - startedAt)
    await (aheadMs > 1 ? sleep(aheadMs) : setImmediate())
  }
}

export async function liveUntil(box: SimulatedBox, isTrue: () => boolean): Promise<void> {
  for (let i = 0; i < 4_000 && !isTrue(); i += 1) await live(box, 100)
  expect(isTrue()).toBe(true)
}

/** Strikes while a press is in its debounce, its EEPROM write or on the line. */
async function strike({ box, cable, pty, restartHost, random, maxSpeed }: LineFire, fault: Fault): Promise<void> {
  await live(box, random() * 90, maxSpeed)
  if (fault === 'cut' || fault === 'long-cut') {
    box.powerOff({ tear: true })
    await live(box, fault === 'cut' ? 1 + random() * 50 : 1_500, maxSpeed)
    box.powerOn()
  } else if (fault === 'replug') {
    await pty.unplug()
    await live(box, random() * 1_000, maxSpeed)
    await pty.plug()
  } else if (fault === 'restart') await restartHost()
  else if (fault === 'mute') {
    cable.setMuted(true, random() < 0.5 ? 'toBox' : 'toHost')
    await live(box, 800, maxSpeed)
    cable.setMuted(false)
  } else {
    cable.setRates({ drop: 0.1, flip: 0.1, insert: 0.1 })
    await live(box, 700, maxSpeed)
    cable.setRates({ drop: 0.002, flip: 0.002, insert: 0.002 })
  }
}

/**
 * Presses so many times, with a fault about every fourteenth.
 *
 * @param onPress called after each press has begun, with its index
 * @returns the buttons in the order in which they were pressed
 */
export async function pressThroughFire(
  fire: LineFire,
  presses: number,
  onPress: (index: number) => void = () => {},
): Promise<ButtonNumber[]> {
  const { box, random, maxSpeed } = fire
  const pressed: ButtonNumber[] = []
  for (let i = 0; i < presses; i += 1) {
    const button = (1 + Math.floor(random() * 4)) as ButtonNumber
    pressed.push(button)
    const restsAtMs = box.press(button, { holdMs: 25 + random() * 30, bounceMs: random() * 8 })
    onPress(i)
    if (i % 14 === 9) await strike(fire, faults[Math.floor(random() * faults.length)] as Fault)
    await live(box, Math.max(restsAtMs - box.nowMs(), 0) + 26 + random() * 20, maxSpeed)
  }
  return pressed
}
