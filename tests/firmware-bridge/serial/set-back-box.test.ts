import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type BoxLink, openBoxLink } from '../../../firmware-bridge/serial/box-link.ts'
import type { LineEnd } from '../../../firmware-bridge/simulator/line-end.ts'
import type { SimulatedBox } from '../../../firmware-bridge/simulator/simulated-box.ts'
import { makeSimulatedPortOpener } from '../../../firmware-bridge/simulator/simulated-port.ts'
import { type Outbox, openOutbox } from '../../../src/terminal/outbox/outbox.ts'
import { makePressIntake } from '../../../src/terminal/press-intake.ts'
import { makeSurveyInForce } from '../../../src/terminal/survey-in-force.ts'
import { type buttonAt, openBox } from '../../support/box-script.ts'
import { silentLogger } from '../../support/silent-logger.ts'

/*
 * A box whose EEPROM was restored from a copy, on the real image and with the real outbox: it counts from an earlier
 * number again, and what it then tells must never be taken for a repeat of what is stored (PROTOCOL.md §8.7).
 */

let folder: string
let box: SimulatedBox
let openPort: ReturnType<typeof makeSimulatedPortOpener>
let outbox: Outbox
let link: BoxLink
let drawn: number
/** Lets what the box says through; a test may damage it. */
let carry: (text: string) => string

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 1_000_000 })
  folder = mkdtempSync(join(tmpdir(), 'smilepost-set-back-'))
  drawn = 0
  carry = (text) => text
  ears.clear()
  openPort = makeSimulatedPortOpener(socket, { isCablePowered: false })
  swap()
  openHost()
})
afterEach(async () => {
  await closeHost()
  vi.useRealTimers()
  rmSync(folder, { recursive: true })
})

/** @param asked from now on; another scale makes other values of the buttons */
function openHost(asked = { question: 'service', scaleMax: 3 }): void {
  const { question, scaleMax } = asked
  const clock = { wallMs: () => Date.now(), monoMs: () => Date.now() }
  const randomHex = (digits: number) => (++drawn).toString(16).padStart(digits, '0')
  outbox = openOutbox({ path: join(folder, 'outbox.sqlite'), clock, randomHex, logger: silentLogger })
  const survey = makeSurveyInForce(null, { question, revision: 1 }, ['en'])
  const intake = makePressIntake({
    ...{ append: outbox.append, appendBoxPress: outbox.appendBoxPress },
    survey: { ...survey, asked: () => ({ question, revision: 1, scaleMax }) },
    watch: { notePress: () => false } as never,
    context: { clock, boot: '00000000-0000-4000-8000-000000000001' },
    ...{ onBoxPress: () => {}, onButtonChange: () => {} },
  })
  link = openBoxLink({
    openPort: () => openPort(),
    ...{ clock, logger: silentLogger, random: () => 0.5 },
    onPress: intake.takeBoxPress,
    saveBoxId: outbox.saveBoxId,
    lastStoredOf: outbox.lastBoxSeq,
    reuseStore: { read: outbox.readReused, save: outbox.saveReused },
    newBoxId: () => randomHex(8),
  })
}

async function closeHost(): Promise<void> {
  await link.close()
  outbox.close()
}

async function restartHost(asked?: Parameters<typeof openHost>[0]): Promise<void> {
  await closeHost()
  openHost(asked)
}

const ears = new Set<(bytes: Uint8Array) => void>()
/** The socket at the end of the cable: whatever box is in it. */
const socket: LineEnd = {
  onBytes(listener) {
    ears.add(listener)
    return () => void ears.delete(listener)
  },
  write: (text) => box.write(text),
  onPower: () => () => {},
  isOn: () => true,
  reset: () => {},
}

/** Puts a box on this EEPROM in the place of the one before, so quickly that the port stays open. */
function swap(eeprom?: Uint8Array): void {
  // In its old EEPROM nothing is written any more.
  if (eeprom) box.powerOff()
  box = openBox({ seed: 3, ...(eeprom && { eeprom }) })
  box.onBytes((bytes) => {
    const carried = Buffer.from(carry(Buffer.from(bytes).toString('latin1')), 'latin1')
    for (const listener of ears) listener(carried)
  })
}

/** The same, and the port hangs up meanwhile. */
function plug(eeprom?: Uint8Array): void {
  openPort.unplug()
  swap(eeprom)
  openPort.plug()
}

/** What becomes of an EEPROM in a box that nobody listens to, while these buttons are pressed. */
function pressAlone(eeprom: Uint8Array, ...buttons: ReturnType<typeof buttonAt>[]): Uint8Array {
  const alone = openBox({ seed: 4, eeprom })
  alone.advance(300)
  for (const button of buttons) {
    alone.press(button)
    alone.advance(300)
  }
  return alone.eeprom()
}

async function live(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 20) {
    box.advance(20)
    await vi.advanceTimersByTimeAsync(20)
  }
}

async function press(...buttons: ReturnType<typeof buttonAt>[]): Promise<void> {
  for (const button of buttons) {
    box.press(button)
    await live(300)
  }
}

/** All that is stored, in order, as `box sequence value`. */
const stored = () =>
  (outbox.nextBatch(200)?.records ?? []).flatMap((record) =>
    record.kind === 'press' && record.source === 'box' ? [`${record.box} ${record.boxSeq} ${record.value}`] : [],
  )
const allStored = () => {
  const names: string[] = []
  for (let batch = outbox.nextBatch(200); batch && batch.records.length > 0; batch = outbox.nextBatch(200)) {
    names.push(...stored())
    outbox.confirm({ epoch: batch.epoch, upTo: batch.records.at(-1)?.sequence ?? 0 })
  }
  return names
}
/** A box that has told six presses, and an EEPROM of it from when it had told three. */
async function makeCopy(): Promise<Uint8Array> {
  await live(2500)
  await press(1, 2, 3)
  const copy = box.eeprom()
  await press(4, 1, 2)
  expect(outbox.lastBoxSeq(link.lastHello()?.boxId ?? '')).toBe(6)
  return copy
}

/** PROTOCOL.md §14: the identity alone goes, so that the journal is kept (§11.5). */
async function expectDeliveryUnderNewName(buttons: number[]): Promise<void> {
  const nameless = box.eeprom().fill(0xff, 2, 8)
  plug(nameless)
  const before = outbox.undelivered().count
  await live(8000)
  expect(link.state()).toBe('up')
  expect(link.lastHello()).toMatchObject({ pending: 0 })
  expect(outbox.undelivered().count - before).toBe(buttons.length)
  const id = link.lastHello()?.boxId ?? 'none'
  const told = allStored()
    .filter((name) => name.startsWith(id))
    // Four faces have 3 … 0.
    .map((name) => 4 - Number(name.split(' ')[2]))
  expect(told).toEqual(buttons)
}

describe('a box that was set back', () => {
  it('keeps its presses until it has a new identity, and then delivers them', async () => {
    const copy = await makeCopy()
    plug(copy)
    await live(6000)
    expect(link.state()).toBe('handshake')
    await press(4, 1)
    await live(3000)
    expect(outbox.undelivered().count).toBe(6)
    expect(link.lastHello()).toMatchObject({ nextSequence: 6, pending: 2 })
    expect(link.counters()['press-reused']).toBeGreaterThan(1)
    await expectDeliveryUnderNewName([4, 1])
  })

  it('loses nothing when the daemon restarts while they wait, though they look exactly like what is stored', async () => {
    const copy = await makeCopy()
    plug(copy)
    await live(3000)
    await press(4, 1)
    for (let restart = 0; restart < 2; restart++) {
      await restartHost()
      await live(6000)
      expect(link.state()).toBe('handshake')
      expect(link.lastHello()).toMatchObject({ pending: 2 })
    }
    expect(outbox.undelivered().count).toBe(6)
    await expectDeliveryUnderNewName([4, 1])
  })

  it('loses nothing when it was set back and pressed while no daemon ran', async () => {
    const copy = await makeCopy()
    await closeHost()
    plug(pressAlone(copy, 4, 1))
    openHost()
    await live(6000)
    expect(link.state()).toBe('handshake')
    expect(link.counters()).toMatchObject({ 'sequence-went-back': 1, 'press-stored': 0 })
    expect(outbox.undelivered().count).toBe(6)
    await expectDeliveryUnderNewName([4, 1])
  })

  it('loses nothing when it has passed its old number before the daemon restarts', async () => {
    const copy = await makeCopy()
    plug(copy)
    await live(3000)
    await press(4, 1, 2, 3)
    expect(link.lastHello()?.nextSequence).toBeGreaterThan(7)
    await restartHost()
    await live(6000)
    expect(link.state()).toBe('handshake')
    expect(link.lastHello()).toMatchObject({ pending: 4 })
    await expectDeliveryUnderNewName([4, 1, 2, 3])
  })

  it('is known by the first press of another button when it passed its old number while no daemon ran', async () => {
    const copy = await makeCopy()
    await closeHost()
    plug(pressAlone(copy, 3, 1, 2, 3))
    openHost()
    await live(6000)
    expect(link.counters()).toMatchObject({ 'sequence-went-back': 0, 'press-stored': 0 })
    expect(link.counters()['press-reused']).toBeGreaterThan(0)
    expect(link.state()).toBe('handshake')
    await restartHost()
    await live(6000)
    expect(link.lastHello()).toMatchObject({ pending: 4 })
    await expectDeliveryUnderNewName([3, 1, 2, 3])
  })

  it('loses nothing when a bad cable damages the first hellos of its new boot', async () => {
    const copy = await makeCopy()
    let damaged = 0
    carry = (text) => (text.startsWith('H') && damaged++ < 2 ? text.replace('H', 'h') : text)
    const answered = link.counters()['press-stored']
    swap(pressAlone(copy, 4, 1))
    await live(5000)
    expect(link.counters()).toMatchObject({ open: 1, 'line-crc': 2, 'press-stored': answered })
    expect(link.counters()['press-stale']).toBeGreaterThan(0)
    expect(link.lastHello()).toMatchObject({ pending: 2 })
    expect(link.state()).toBe('handshake')
    await expectDeliveryUnderNewName([4, 1])
  })

  it('is sound again when the other box of its identity comes back', async () => {
    const copy = await makeCopy()
    const original = box.eeprom()
    plug(copy)
    await live(3000)
    expect(link.state()).toBe('handshake')
    plug(original)
    await live(3000)
    expect(link.state()).toBe('up')
    await restartHost()
    await live(2000)
    await press(3)
    expect(link.counters()).toMatchObject({ 'sequence-went-back': 0, 'press-stored': 1, 'press-reused': 0 })
  })
})

describe('a sound box', () => {
  it('may repeat a press after the question and its scale have changed', async () => {
    await live(2500)
    await press(1)
    // Stored, and nobody tells the box.
    const waiting = pressAlone(box.eeprom(), 3)
    await press(3)
    expect(outbox.undelivered().count).toBe(2)
    plug(waiting)
    await restartHost({ question: 'food', scaleMax: 10 })
    await live(6000)
    expect(link.state()).toBe('up')
    expect(link.lastHello()).toMatchObject({ pending: 0, nextSequence: 3 })
    expect(outbox.undelivered().count).toBe(2)
    expect(link.counters()).toMatchObject({ 'press-stored': 1, 'press-repeated': 1, 'press-reused': 0 })
  })

  it('is up after each restart of the daemon', async () => {
    await makeCopy()
    for (let restart = 0; restart < 2; restart++) {
      await restartHost()
      await live(3000)
      await press(2)
      expect(link.state()).toBe('up')
      expect(link.counters()).toMatchObject({ 'sequence-went-back': 0, 'press-stored': 1, 'press-stale': 0 })
    }
  })
})
