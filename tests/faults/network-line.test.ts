/** A bad line between terminal and broker: half-open TCP, resets, 3 s of latency, a narrow pipe, and a second connection of the same name. */
import { afterAll, beforeAll, expect } from 'vitest'
import { endInTime, openMqttClient } from '../../src/shared/mqtt-client.ts'
import { waitFor } from '../support/smilepost-process.ts'
import { faultScale } from './support/fault-parameters.ts'
import { faultRow } from './support/fault-row.ts'
import { openPressedTerminal, type PressedTerminal } from './support/pressed-terminal.ts'

const some = (draw: () => number) => 5 + Math.floor(draw() * 15 * faultScale)
let kiosk: PressedTerminal
const counter = (name: string) => kiosk.terminal().counters().uplink[name] ?? 0
const welcomed = () => waitFor('the welcome', 60_000, () => kiosk.terminal().isConnected())

beforeAll(async () => {
  kiosk = await openPressedTerminal()
  await welcomed()
})
afterAll(() => kiosk.close())

faultRow('half-open TCP', 300, async (row) => {
  const faults = { 'lines that fell silent': 0, 'pressed into them': 0 }
  for (let round = 0; round < faultScale; round += 1) {
    await kiosk.press(some(row.draw))
    await welcomed()
    const lost = counter('connection-lost')
    const { down } = kiosk.proxy.bytes()
    const taken = kiosk.proxy.taken()
    const before = kiosk.pressed.length
    kiosk.proxy.faults.isMute = true
    await kiosk.press(some(row.draw))
    expect(kiosk.proxy.bytes().down).toBe(down)
    await waitFor('the terminal to give the dead line up', 60_000, () => counter('connection-lost') > lost)
    faults['lines that fell silent'] += 1
    faults['pressed into them'] += kiosk.pressed.length - before
    kiosk.proxy.faults.isMute = false
    await waitFor('a connection of its own accord', 60_000, () => kiosk.proxy.taken() > taken)
    await welcomed()
  }
  await kiosk.finish(row, faults)
})

faultRow('resets of the connection', 300, async (row) => {
  const resets = Math.max(2, Math.round(8 * faultScale))
  const faults = { resets: 0, 'before the welcome': 0 }
  const lost = () => counter('connection-lost') + counter('connect-failed')
  for (let i = 0; i < resets; i += 1) {
    await kiosk.press(some(row.draw))
    await welcomed()
    if (i % 2 === 1) {
      // The next connection is slow to be greeted, and is reset before it is.
      const taken = kiosk.proxy.taken()
      kiosk.proxy.faults.latencyMs = 200
      kiosk.proxy.reset()
      await waitFor('a further connection', 60_000, () => kiosk.proxy.taken() > taken)
      expect(kiosk.terminal().isConnected()).toBe(false)
      kiosk.proxy.faults.latencyMs = 0
      faults.resets += 1
      faults['before the welcome'] += 1
    }
    const before = lost()
    kiosk.proxy.reset()
    await waitFor('the terminal to notice', 60_000, () => lost() > before)
    faults.resets += 1
  }
  await kiosk.finish(row, faults)
})

faultRow('3 s of latency', 300, async (row) => {
  await kiosk.restart({ silenceDeadlineMs: 20_000 })
  kiosk.proxy.faults.latencyMs = 1_500
  const before = kiosk.stored()
  const startedAtMs = performance.now()
  await kiosk.press(some(row.draw))
  await waitFor('the first press to arrive', 60_000, () => kiosk.stored() > before)
  const tookMs = Math.round(performance.now() - startedAtMs)
  expect(tookMs).toBeGreaterThan(1_500)
  await kiosk.press(some(row.draw))
  await kiosk.finish(row, { 'ms to the first row': tookMs })
  kiosk.proxy.faults.latencyMs = 0
})

faultRow('throttled line', 300, async (row) => {
  await kiosk.restart({ silenceDeadlineMs: 30_000 })
  await welcomed()
  const bytesPerSecond = 1_000 + Math.floor(row.draw() * 1_000)
  kiosk.proxy.faults.bytesPerSecond = bytesPerSecond
  const before = kiosk.proxy.bytes()
  const startedAtMs = performance.now()
  await kiosk.press(Math.round(80 * faultScale))
  await waitFor('everything to be acknowledged', 60_000 * faultScale, () => kiosk.terminal().undelivered() === 0)
  const seconds = (performance.now() - startedAtMs) / 1_000
  const { up } = kiosk.proxy.bytes()
  const throttled = up - before.up
  expect(throttled).toBeGreaterThan(2_000)
  // What was under way when the pipe got narrow counts for nothing.
  expect(throttled / seconds).toBeLessThan(bytesPerSecond * 1.5)
  await kiosk.finish(row, { 'bytes a second': bytesPerSecond, 'bytes upwards': throttled })
  kiosk.proxy.faults.bytesPerSecond = Number.POSITIVE_INFINITY
})

faultRow('duplicated connection', 300, async (row) => {
  const { username, password } = kiosk.account
  const faults = { 'thrown out by its double': 0 }
  for (let round = 0; round < Math.max(1, 3 * faultScale); round += 1) {
    await kiosk.press(some(row.draw))
    await welcomed()
    const lost = counter('connection-lost')
    const other = openMqttClient({
      ...{ url: `mqtt://127.0.0.1:${kiosk.proxy.port}`, clientId: username, username, password },
      ...{ keepaliveSeconds: 60, connectDeadlineMs: 10_000, maxPayloadBytes: 65_536, onBreach: () => undefined },
    })
    other.on('error', () => undefined)
    await kiosk.press(some(row.draw))
    await waitFor('the terminal to be thrown out', 60_000, () => counter('connection-lost') > lost)
    faults['thrown out by its double'] += 1
    await endInTime(other, 200)
  }
  await kiosk.finish(row, faults)
})
