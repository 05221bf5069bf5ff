import { describe, expect, it, vi } from 'vitest'
import type { UplinkTiming } from '../../../src/terminal/uplink/timing.ts'
import { boxPress } from '../outbox/open-outbox.ts'
import { openTestCentral, openTestProxy, openTestUplink } from './open-uplink.ts'

const until = (check: () => void) => vi.waitFor(check, { timeout: 15_000, interval: 10 })

/** An uplink whose preferred way to the central leads over a line that a test may spoil; the other way is sound. */
async function openTwoWays(timing: Partial<UplinkTiming> = {}) {
  const spoilt = await openTestCentral()
  const sound = await openTestCentral()
  // Two brokers, one central.
  sound.marks = spoilt.marks
  sound.stored = spoilt.stored
  const proxy = await openTestProxy(Number(new URL(spoilt.url).port))
  const test = openTestUplink([`mqtt://127.0.0.1:${proxy.port}`, sound.url], { timing })
  await until(() => expect(test.uplink.isConnected()).toBe(true))
  await until(() => expect(test.outbox.undelivered().count).toBe(0))
  const presses = () => [...spoilt.stored.values()].filter(({ kind }) => kind === 'press').length
  return { ...test, spoilt, sound, proxy, presses }
}

describe('a half-open connection', () => {
  it('is noticed by the missing answer to a batch, which then goes the other way', async () => {
    const { uplink, append, outbox, proxy, presses } = await openTwoWays({ silenceDeadlineMs: 700 })
    proxy.faults.isMute = true
    for (let i = 1; i <= 5; i += 1) append(boxPress(i))
    await until(() => expect(outbox.undelivered().count).toBe(0))
    expect(presses()).toBe(5)
    expect(uplink.counters()).toMatchObject({ 'left-central-silent': 1, 'connection-lost': 1, welcomed: 2 })
  })

  it('is noticed by the missing answer to a ping where there is nothing to send', async () => {
    const { uplink, sound, proxy } = await openTwoWays({ keepaliveSeconds: 1 })
    await until(() => expect(uplink.counters().silence).toBe(0))
    proxy.faults.isMute = true
    await until(() => expect(sound.connections()).toBe(1))
    await until(() => expect(uplink.isConnected()).toBe(true))
    expect(uplink.counters()).toMatchObject({ 'left-keepalive-timeout': 1 })
  })
})

describe('a bad line', () => {
  it('that resets again and again loses and doubles nothing', async () => {
    const central = await openTestCentral()
    const proxy = await openTestProxy(Number(new URL(central.url).port))
    const { uplink, append, outbox } = openTestUplink([`mqtt://127.0.0.1:${proxy.port}`])
    for (let round = 0; round < 8; round += 1) {
      await until(() => expect(uplink.isConnected()).toBe(true))
      for (let i = 1; i <= 25; i += 1) append(boxPress(25 * round + i))
      proxy.reset()
      await until(() => expect(uplink.counters()['connection-lost']).toBe(round + 1))
    }
    await until(() => expect(outbox.undelivered().count).toBe(0))
    const presses = [...central.stored.values()].filter(({ kind }) => kind === 'press')
    expect(presses.map((press) => 'boxSeq' in press && press.boxSeq)).toEqual(
      Array.from({ length: 200 }, (_, i) => i + 1),
    )
    expect(uplink.counters()['left-closed']).toBe(8)
  })

  it('that breaks after every few kilobytes still brings everything, where it is the only way', async () => {
    const central = await openTestCentral()
    const proxy = await openTestProxy(Number(new URL(central.url).port))
    proxy.faults.dropAfterBytes = 6_000
    const { append, outbox, uplink } = openTestUplink([`mqtt://127.0.0.1:${proxy.port}`])
    for (let i = 1; i <= 800; i += 1) append(boxPress(i))
    await until(() => expect(outbox.undelivered().count).toBe(0))
    const presses = [...central.stored.values()].filter(({ kind }) => kind === 'press')
    expect(presses.map((press) => 'boxSeq' in press && press.boxSeq)).toEqual(
      Array.from({ length: 800 }, (_, i) => i + 1),
    )
    expect(uplink.counters()['left-closed']).toBeGreaterThanOrEqual(1)
  })

  it('that is slow is kept: batches are repeated, and nothing is stored twice', async () => {
    const { uplink, append, outbox, proxy, presses } = await openTwoWays()
    proxy.faults.latencyMs = 200
    for (let i = 1; i <= 10; i += 1) append(boxPress(i))
    await until(() => expect(outbox.undelivered().count).toBe(0))
    expect(presses()).toBe(10)
    expect(uplink.counters()).toMatchObject({ 'connection-lost': 0, rewound: 0 })
    expect(uplink.counters().silence).toBeGreaterThanOrEqual(1)
  })

  it('that doubles bytes is left as soon as that makes no sense, and loses nothing', async () => {
    const { append, outbox, proxy, presses } = await openTwoWays()
    proxy.faults.isDoubling = true
    for (let i = 1; i <= 10; i += 1) append(boxPress(i))
    await until(() => expect(outbox.undelivered().count).toBe(0))
    expect(presses()).toBe(10)
  })
})

describe('memory', () => {
  it('is bounded while presses wait for days: the uplink holds one batch, the rest is on the disk', async () => {
    const { append, outbox, uplink, proxy } = await openTwoWays({ silenceDeadlineMs: 2_000 })
    proxy.faults.isMute = true
    const passed = proxy.bytes().up
    for (let i = 1; i <= 1_000; i += 1) append(boxPress(i))
    // Nothing more than the batch in flight was given to the socket, whose bytes the line swallowed.
    expect(proxy.bytes().up).toBe(passed)
    await until(() => expect(outbox.undelivered().count).toBe(0))
    expect(uplink.counters()['left-central-silent']).toBe(1)
  })
})
