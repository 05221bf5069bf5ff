/** A bad line between terminal and broker: half-open TCP, resets, 3 s of latency, a narrow pipe, and a second connection of the same name. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { endInTime, openMqttClient } from '../../src/shared/mqtt-client.ts'
import { waitFor } from '../support/smilepost-process.ts'
import { faultScale, faultSeed, makeDraw } from './support/fault-parameters.ts'
import { openPressedTerminal, type PressedTerminal } from './support/pressed-terminal.ts'

const draw = makeDraw(faultSeed)
const some = () => 5 + Math.floor(draw() * 15 * faultScale)
let kiosk: PressedTerminal
const counter = (name: string) => kiosk.terminal().counters().uplink[name] ?? 0

beforeAll(async () => {
  kiosk = await openPressedTerminal()
  await waitFor('the welcome', 20_000, () => kiosk.terminal().isConnected())
})
afterAll(() => kiosk.close())

it(`half-open connections lose nothing (seed ${faultSeed})`, { timeout: 60_000 * faultScale }, async () => {
  for (let round = 0; round < faultScale; round += 1) {
    await kiosk.press(some())
    const lost = counter('connection-lost')
    const { down } = kiosk.proxy.bytes()
    const taken = kiosk.proxy.taken()
    kiosk.proxy.faults.isMute = true
    await kiosk.press(some())
    expect(kiosk.proxy.bytes().down).toBe(down)
    await waitFor('the terminal to give the dead line up', 20_000, () => counter('connection-lost') > lost)
    kiosk.proxy.faults.isMute = false
    await waitFor('a connection of its own accord', 20_000, () => kiosk.terminal().isConnected())
    expect(kiosk.proxy.taken()).toBeGreaterThan(taken)
  }
  await kiosk.waitForDelivery()
  kiosk.expectCustody()
})

it(`resets at any moment lose nothing (seed ${faultSeed})`, { timeout: 60_000 * faultScale }, async () => {
  const resets = Math.round(8 * faultScale)
  for (let i = 0; i < resets; i += 1) {
    await waitFor('a connection', 20_000, () => kiosk.proxy.open() >= 1)
    await kiosk.press(some())
    if (draw() < 0.5) await waitFor('the welcome', 20_000, () => kiosk.terminal().isConnected())
    kiosk.proxy.reset()
  }
  expect(kiosk.proxy.taken()).toBeGreaterThan(resets / 2)
  expect(counter('connection-lost') + counter('connect-failed')).toBeGreaterThanOrEqual(resets / 2)
  await kiosk.waitForDelivery()
  kiosk.expectCustody()
})

it(`3 s of latency delay and lose nothing (seed ${faultSeed})`, { timeout: 60_000 * faultScale }, async () => {
  await kiosk.restart({ silenceDeadlineMs: 20_000 })
  kiosk.proxy.faults.latencyMs = 1_500
  const before = kiosk.stored()
  const startedAtMs = performance.now()
  await kiosk.press(some())
  await waitFor('the first press to arrive', 20_000, () => kiosk.stored() > before)
  expect(performance.now() - startedAtMs).toBeGreaterThan(1_500)
  await kiosk.press(some())
  await kiosk.waitForDelivery()
  kiosk.expectCustody()
  kiosk.proxy.faults.latencyMs = 0
})

it(`a second connection of its name throws it out, and nothing is lost (seed ${faultSeed})`, {
  timeout: 60_000 * faultScale,
}, async () => {
  const { username, password } = kiosk.account
  for (let round = 0; round < 3 * faultScale; round += 1) {
    await kiosk.press(some())
    await waitFor('the welcome', 20_000, () => kiosk.terminal().isConnected())
    const lost = counter('connection-lost')
    const other = openMqttClient({
      ...{ url: `mqtt://127.0.0.1:${kiosk.proxy.port}`, clientId: username, username, password },
      ...{ keepaliveSeconds: 60, connectDeadlineMs: 10_000, maxPayloadBytes: 65_536, onBreach: () => undefined },
    })
    other.on('error', () => undefined)
    await kiosk.press(some())
    await waitFor('the terminal to be thrown out', 20_000, () => counter('connection-lost') > lost)
    await endInTime(other, 200)
  }
  await kiosk.waitForDelivery()
  kiosk.expectCustody()
})
