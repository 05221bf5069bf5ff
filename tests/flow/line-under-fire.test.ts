/**
 * Forty boxes, each pressed two hundred times behind a real serial device on a bad cable, while they lose power in the midst of
 * EEPROM writes, cables are pulled and the host restarts: committed ⊆ received ⊆ pressed, in order, no gap, no double.
 * Truth is the simulator's own log of EEPROM commits, outside of the product, against the rows of the outbox.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ButtonNumber } from '../../firmware-bridge/line/box-line.ts'
import { type BoxPty, openBoxPty } from '../../firmware-bridge/simulator/box-pty.ts'
import { type FaultyCable, makeFaultyCable } from '../../firmware-bridge/simulator/faulty-cable.ts'
import { makeSeededRandom, type Random } from '../../firmware-bridge/simulator/seeded-random.ts'
import type { SimulatedBox } from '../../firmware-bridge/simulator/simulated-box.ts'
import { hasSocat } from '../support/box-on-pty.ts'
import { openBox } from '../support/box-script.ts'
import { openTerminalEnd, type TerminalEnd } from '../support/terminal-end.ts'

const seeds = Array.from({ length: 40 }, (_, i) => 7_000 + 13 * i)
const presses = 200
/** Simulated time passes in steps of this, and at most so many times as fast as the wall clock. */
const stepMs = 5
const maxSpeed = 20

type Rig = { box: SimulatedBox; cable: FaultyCable; pty: BoxPty; terminal: TerminalEnd; random: Random; folder: string }
type Fault = 'cut' | 'long-cut' | 'replug' | 'restart' | 'mute' | 'babble'
const faults: readonly Fault[] = ['cut', 'cut', 'long-cut', 'replug', 'restart', 'mute', 'babble']

async function openRig(folder: string, seed: number): Promise<Rig> {
  const random = makeSeededRandom(seed)
  const box = openBox({ seed })
  const rates = () => ({ drop: random() * 0.004, flip: random() * 0.004, insert: random() * 0.004 })
  const cable = makeFaultyCable({ box, seed, toHost: rates(), toBox: rates() })
  const dir = mkdtempSync(join(folder, 'box-'))
  const pty = await openBoxPty({ end: cable, path: join(dir, 'device') })
  return { box, cable, pty, random, folder: dir, terminal: openTerminalEnd({ device: pty.path, dir }) }
}

async function live(box: SimulatedBox, ms: number): Promise<void> {
  const endMs = box.nowMs() + ms
  const startedAt = performance.now()
  const startMs = box.nowMs()
  while (box.nowMs() < endMs) {
    box.advance(Math.min(stepMs, Math.max(endMs - box.nowMs(), 0.05)))
    const aheadMs = (box.nowMs() - startMs) / maxSpeed - (performance.now() - startedAt)
    await (aheadMs > 1 ? sleep(aheadMs) : setImmediate())
  }
}

async function liveUntil(box: SimulatedBox, isTrue: () => boolean): Promise<void> {
  for (let i = 0; i < 4_000 && !isTrue(); i += 1) await live(box, 100)
  expect(isTrue()).toBe(true)
}

/** Strikes while a press is in its debounce, its EEPROM write or on the line. */
async function strike({ box, cable, pty, terminal, random }: Rig, fault: Fault): Promise<void> {
  await live(box, random() * 90)
  if (fault === 'cut' || fault === 'long-cut') {
    box.powerOff({ tear: true })
    await live(box, fault === 'cut' ? 1 + random() * 50 : 1_500)
    box.powerOn()
  } else if (fault === 'replug') {
    await pty.unplug()
    await live(box, random() * 1_000)
    await pty.plug()
  } else if (fault === 'restart') await terminal.restart()
  else if (fault === 'mute') {
    cable.setMuted(true, random() < 0.5 ? 'toBox' : 'toHost')
    await live(box, 800)
    cable.setMuted(false)
  } else {
    cable.setRates({ drop: 0.1, flip: 0.1, insert: 0.1 })
    await live(box, 700)
    cable.setRates({ drop: 0.002, flip: 0.002, insert: 0.002 })
  }
}

async function pressOn(rig: Rig): Promise<ButtonNumber[]> {
  const { box, random } = rig
  const pressed: ButtonNumber[] = []
  for (let i = 0; i < presses; i += 1) {
    const button = (1 + Math.floor(random() * 4)) as ButtonNumber
    pressed.push(button)
    const restsAtMs = box.press(button, { holdMs: 25 + random() * 30, bounceMs: random() * 8 })
    if (i % 14 === 9) await strike(rig, faults[Math.floor(random() * faults.length)] as Fault)
    await live(box, Math.max(restsAtMs - box.nowMs(), 0) + 26 + random() * 20)
  }
  return pressed
}

function isSubsequence(part: readonly number[], whole: readonly number[]): boolean {
  let at = 0
  for (const item of whole) if (item === part[at]) at += 1
  return at === part.length
}

describe.runIf(hasSocat())('a box on a bad line', () => {
  let folder = ''
  const seen = { committed: 0, received: 0, hurtBytes: 0 }
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'smilepost-fire-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.concurrent.each(seeds)(
    'has each press stored once, in order (seed %i)',
    async (seed) => {
      const rig = await openRig(folder, seed)
      const { box, cable, pty, terminal } = rig
      try {
        await liveUntil(box, () => terminal.link().state() === 'up')
        const pressed = await pressOn(rig)
        cable.setRates({})
        await liveUntil(box, () => {
          const hello = terminal.link().lastHello()
          return hello?.pending === 0 && hello.nextSequence === box.committed().length + 1
        })
        const stored = terminal.stored()
        const committed = box.committed()
        expect(stored.map(({ box: id, boxSeq, button }) => [id, boxSeq, button])).toEqual(
          committed.map(({ boxId, sequence, button }) => [boxId, sequence, button]),
        )
        expect(stored.map(({ boxSeq }) => boxSeq)).toEqual(stored.map((_, i) => i + 1))
        expect(
          isSubsequence(
            committed.map(({ button }) => button),
            pressed,
          ),
        ).toBe(true)
        expect(committed.length).toBeGreaterThan(presses * 0.85)
        seen.committed += committed.length
        seen.received += terminal.received()
        const { toHost, toBox } = cable.counts()
        for (const { dropped, flipped, inserted } of [toHost, toBox]) seen.hurtBytes += dropped + flipped + inserted
      } finally {
        await terminal.close()
        await pty.close()
      }
    },
    240_000,
  )

  it('was hurt, and had to repeat', () => {
    expect(seen.hurtBytes).toBeGreaterThan(10 * seeds.length)
    expect(seen.received).toBeGreaterThan(seen.committed)
    expect(seen.committed).toBeGreaterThan(0.85 * presses * seeds.length)
  })
})
