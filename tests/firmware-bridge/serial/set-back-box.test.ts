import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type BoxLink, openBoxLink } from '../../../firmware-bridge/serial/box-link.ts'
import type { BoxPress } from '../../../firmware-bridge/serial/answer-press.ts'
import type { SimulatedBox } from '../../../firmware-bridge/simulator/simulated-box.ts'
import { makeSimulatedPortOpener } from '../../../firmware-bridge/simulator/simulated-port.ts'
import { buttonAt, openBox } from '../../support/box-script.ts'
import { silentLogger } from '../../support/silent-logger.ts'

/*
 * A box whose EEPROM was restored from a copy, on the real image: it counts from an earlier number again, and the store
 * answers as ours does, where the name alone makes a repeat.
 */

let box: SimulatedBox
let openPort: ReturnType<typeof makeSimulatedPortOpener>
let stored: Map<string, BoxPress['button']>
let link: BoxLink
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 1_000_000 })
  stored = new Map()
  plug()
  let drawn = 0
  link = openBoxLink({
    openPort: () => openPort(),
    clock: { wallMs: () => Date.now(), monoMs: () => Date.now() },
    logger: silentLogger,
    random: () => 0.5,
    onPress({ boxId, sequence, button }) {
      const name = `${boxId} ${sequence}`
      if (!stored.has(name)) stored.set(name, button)
      return 'stored'
    },
    saveBoxId: () => 'saved',
    newBoxId: () => `0000000${++drawn}`,
  })
})
afterEach(async () => {
  await link.close()
  vi.useRealTimers()
})

/** Puts a box on this EEPROM in the place of the one before. */
function plug(eeprom?: Uint8Array): void {
  box = openBox({ seed: 3, ...(eeprom && { eeprom }) })
  openPort = makeSimulatedPortOpener(box)
}

async function live(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 20) {
    box.advance(20)
    await vi.advanceTimersByTimeAsync(20)
  }
}

async function press(times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    box.press(buttonAt(stored.size + i))
    await live(300)
  }
}

it('keeps its presses until it has a new identity, and then delivers them', async () => {
  await live(2500)
  await press(3)
  const copy = box.eeprom()
  await press(3)
  expect(stored.size).toBe(6)
  const before = new Map(stored)

  box.powerOff()
  plug(copy)
  await live(6000)
  expect(link.state()).toBe('handshake')
  await press(2)
  await live(3000)
  expect(stored).toEqual(before)
  expect(link.lastHello()).toMatchObject({ boxId: '00000001', nextSequence: 6, pending: 2 })
  expect(link.counters()['press-reused']).toBeGreaterThan(1)

  // PROTOCOL.md §14: the identity alone, so that the journal is kept (§11.5).
  const nameless = box.eeprom().fill(0xff, 2, 8)
  const kept = box.committed().map(({ button }) => button)
  box.powerOff()
  plug(nameless)
  await live(8000)
  expect(link.lastHello()).toMatchObject({ boxId: '00000002', pending: 0 })
  expect(link.state()).toBe('up')
  const added = [...stored].filter(([name]) => !before.has(name))
  expect(added.map(([, button]) => button)).toEqual(kept)
  expect(stored.size).toBe(8)
})
