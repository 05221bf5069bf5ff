import { createServer } from 'node:net'
import { describe, expect, it, vi } from 'vitest'
import { maxPayloadBytes } from '../../../src/contracts/limits.ts'
import { makeTopic } from '../../../src/contracts/topics.ts'
import type { LeaveReason } from '../../../src/terminal/uplink/explain-failure.ts'
import { type UplinkTiming, usualTiming } from '../../../src/terminal/uplink/timing.ts'
import { boxPress } from '../outbox/open-outbox.ts'
import {
  generousMs,
  makeLogKeeper,
  openTestBroker,
  openTestCentral,
  openTestUplink,
  patience,
  terminal,
} from './open-uplink.ts'
import {
  connack,
  honest,
  packetTypes,
  payloadOf,
  puback,
  publishPacket,
  type Script,
  suback,
  topicOf,
} from './scripted-broker.ts'

vi.setConfig({ testTimeout: generousMs + 20_000 })
const until = (check: () => void) => vi.waitFor(check, { timeout: generousMs, interval: 10 })
const openPatientUplink = (brokers: string[], options: Parameters<typeof openTestUplink>[1] = {}) =>
  openTestUplink(brokers, { ...options, timing: { ...patience, ...options.timing } })
const isPublish = (type: number) => type === packetTypes.publish
const onConnect =
  (answer: ReturnType<Script>): Script =>
  ({ type }) =>
    type === packetTypes.connect ? answer : undefined
const onHello =
  (answer: (body: Buffer) => Uint8Array[]): Script =>
  (packet) =>
    isPublish(packet.type) && topicOf(packet.body) === makeTopic(terminal, 'hello')
      ? [puback(packet.body), ...answer(packet.body)]
      : honest(packet)
const welcome = (hello: Buffer) =>
  publishPacket(
    makeTopic(terminal, 'welcome'),
    JSON.stringify({ nonce: payloadOf(hello).nonce, marks: [], serverTime: Date.now() }),
  )
const silently: Script = (packet) => (isPublish(packet.type) ? undefined : honest(packet))

/** A press goes through although the preferred broker behaves like this; it is left for a counted reason, and not come back to. */
async function expectLeft(script: Script, reason: LeaveReason, timing: Partial<UplinkTiming> = {}): Promise<string> {
  const bad = await openTestBroker(script)
  const central = await openTestCentral()
  const { lines, logger } = makeLogKeeper()
  const {
    append,
    outbox,
    uplink,
    timing: inForce,
  } = openTestUplink([`mqtt://127.0.0.1:${bad.port}`, central.url], {
    timing: { ...patience, ...timing },
    logger: {
      ...logger,
      warn(fields: object, text: string) {
        logger.warn(fields, text)
        // A deadline that the bad broker must run into soon is none for the good one.
        Object.assign(inForce, patience)
      },
    },
  })
  append(boxPress(1))
  await until(() => expect(outbox.undelivered().count).toBe(0))
  await until(() => expect(uplink.isConnected()).toBe(true))
  expect([...central.stored.values()].filter(({ kind }) => kind === 'press')).toHaveLength(1)
  expect(uplink.counters()).toMatchObject({ [`left-${reason}`]: 1 })
  const left = Object.entries(uplink.counters()).filter(([name, count]) => name.startsWith('left-') && count > 0)
  expect(left).toHaveLength(1)
  expect(bad.connections()).toBe(1)
  const [line] = lines.filter(({ fields }) => fields.reason === reason)
  expect(line?.fields).toMatchObject({ url: `mqtt://127.0.0.1:${bad.port}`, next: central.url })
  return line?.text ?? ''
}

describe('a broker that does not take us is left for the next', () => {
  it.each([
    [1, 'connect-refused', 'does not speak MQTT 3.1.1'],
    [2, 'connect-refused', 'client id'],
    [3, 'connect-refused', 'takes nobody'],
    [4, 'secret-refused', 'name or secret'],
    [5, 'secret-refused', 'name or secret'],
  ] as const)('when its CONNACK says %d, also where it keeps the socket open', async (code, reason, part) => {
    expect(await expectLeft(onConnect(connack(code)), reason)).toContain(part)
  })

  it('when it closes without a CONNACK', async () => {
    expect(await expectLeft(onConnect('close'), 'closed')).toContain('wrong name or secret')
  })

  it('when it takes the connection and says nothing', async () => {
    await expectLeft(() => undefined, 'connect-timeout', { connectDeadlineMs: 800 })
  })

  it.each([
    ['all topics', [128, 128, 128]],
    ['one topic', [1, 1, 128]],
    ['topics by leaving them out', [1]],
  ])('when it refuses %s in the SUBACK', async (_, codes) => {
    const script: Script = (packet) =>
      packet.type === packetTypes.subscribe ? suback(packet.body, codes) : honest(packet)
    await expectLeft(script, 'subscribe-refused')
  })

  it('when it never answers the SUBSCRIBE', async () => {
    await expectLeft(
      (packet) => (packet.type === packetTypes.subscribe ? undefined : honest(packet)),
      'connect-timeout',
      { connectDeadlineMs: 800 },
    )
  })

  it('when nothing listens there', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await until(() => expect(server.listening).toBe(true))
    const { port } = server.address() as { port: number }
    await new Promise((resolve) => server.close(resolve))
    const central = await openTestCentral()
    const { uplink } = openPatientUplink([`mqtt://127.0.0.1:${port}`, central.url])
    await until(() => expect(uplink.isConnected()).toBe(true))
    expect(uplink.counters()).toMatchObject({ 'left-unreachable': 1, 'connect-failed': 1, welcomed: 1 })
  })
})

describe('a broker through which no central answers is left for the next', () => {
  it('when it grants and confirms all and brings nothing', async () => {
    expect(await expectLeft(honest, 'no-welcome', { welcomeDeadlineMs: 800 })).toContain(
      'no central answers through it',
    )
  })

  it('when it welcomes and then swallows batches, whatever it confirms', async () => {
    await expectLeft(
      onHello((hello) => [welcome(hello)]),
      'central-silent',
      { silenceDeadlineMs: 800 },
    )
  })

  it('when it confirms no publish, before too many wait for it', async () => {
    const timing = { ackTimeoutMs: 1, maxAckTimeoutMs: 1 }
    await expectLeft(silently, 'unconfirmed', timing)
  })

  it('when it falls silent, pings and all', async () => {
    const dead: Script = (packet) => (packet.type === packetTypes.pingreq ? undefined : silently(packet))
    await expectLeft(dead, 'keepalive-timeout', { keepaliveSeconds: 1 })
  })
})

describe('a broker that sends what no broker may is left for the next', () => {
  it.each([
    ['bytes that are no packet', Buffer.alloc(64, 0xff), 'not-mqtt'],
    ['a page of HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'.repeat(4)), 'not-mqtt'],
    ['a second CONNACK', connack(0), 'not-mqtt'],
    ['QoS 2', publishPacket(makeTopic(terminal, 'ack'), '{}', 2), 'not-mqtt'],
    [
      'a packet that does not end',
      Buffer.concat([Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]), Buffer.alloc(200_000)]),
      'flooded',
    ],
  ] as const)('%s', async (_, bytes, reason) => {
    await expectLeft(
      onHello(() => [bytes]),
      reason,
    )
  })

  it('garbage in place of the CONNACK', async () => {
    await expectLeft(onConnect(Buffer.alloc(64, 0xff)), 'not-mqtt')
  })
})

describe('a broker that is merely odd is kept', () => {
  it('messages far too large, on wrong topics and unasked, are counted and harm nothing', async () => {
    const central = await openTestCentral()
    const broker = await openTestBroker(
      onHello((hello) => [
        publishPacket(makeTopic(terminal, 'desired'), Buffer.alloc(3 * maxPayloadBytes)),
        publishPacket('other/topic', 'x'),
        publishPacket(makeTopic('someone-else', 'desired'), '{}'),
        publishPacket(
          makeTopic(terminal, 'ack'),
          JSON.stringify({ epoch: '00000000000000aa', upTo: 1, serverTime: 0 }),
        ),
        welcome(hello),
        welcome(hello),
      ]),
    )
    const { uplink } = openPatientUplink([`mqtt://127.0.0.1:${broker.port}`, central.url])
    await until(() => expect(uplink.isConnected()).toBe(true))
    await until(() =>
      expect(uplink.counters()).toMatchObject({
        ...{ 'down-too-large': 1, 'topic-unknown': 2, 'ack-early': 1, 'welcome-unasked': 1, welcomed: 1 },
        ...{ 'connect-failed': 0, 'connection-lost': 0 },
      }),
    )
  })

  it('thousands of messages at once that mean nothing are all counted, and the welcome behind them is heard', async () => {
    const nothing = publishPacket(makeTopic(terminal, 'ack'), '{}')
    const flood = Buffer.concat(Array.from({ length: 3_000 }, () => nothing))
    const broker = await openTestBroker(onHello((hello) => [flood, welcome(hello)]))
    const { uplink } = openPatientUplink([`mqtt://127.0.0.1:${broker.port}`], { timing: { ackTimeoutMs: 10_000 } })
    await until(() => expect(uplink.isConnected()).toBe(true))
    expect(uplink.counters()).toMatchObject({ 'down-bad-shape': 3_000, 'connection-lost': 0, welcomed: 1 })
  })

  it('every message doubled: nothing is sent or stored twice', async () => {
    const central = await openTestCentral()
    const send = central.send
    central.send = (...message) => {
      send(...message)
      send(...message)
    }
    const { append, outbox, uplink } = openPatientUplink([central.url])
    for (let i = 1; i <= 20; i += 1) append(boxPress(i))
    await until(() => expect(outbox.undelivered().count).toBe(0))
    await until(() => expect(uplink.counters()['welcome-unasked']).toBeGreaterThanOrEqual(1))
    const sequences = central.batches.flatMap(({ records }) => records.map(({ sequence }) => sequence))
    expect(sequences).toEqual([...new Set(sequences)])
    expect(uplink.counters()).toMatchObject({ gap: 0, rewound: 0, 'connection-lost': 0 })
  })
})

describe('a broker that works is kept', () => {
  it('for as long as the central answers, however often the deadline for an answer passes', async () => {
    const central = await openTestCentral()
    const { uplink } = openPatientUplink([central.url], { timing: { silenceDeadlineMs: 3_000, healthEveryMs: 100 } })
    await until(() => expect(central.healths.length).toBeGreaterThanOrEqual(40))
    expect(uplink.counters()).toMatchObject({ connected: 1, welcomed: 1, 'connection-lost': 0 })
  })

  it('also where acks are all that it answers', async () => {
    const central = await openTestCentral()
    const { uplink, append } = openPatientUplink([central.url], {
      timing: { silenceDeadlineMs: 3_000, healthGapMs: 60_000 },
    })
    await until(() => expect(central.healths).toHaveLength(1))
    central.isWelcoming = false
    const beganMs = performance.now()
    let boxSeq = 0
    await until(() => {
      boxSeq += 1
      append(boxPress(boxSeq))
      expect(performance.now() - beganMs).toBeGreaterThan(4_000)
    })
    expect(uplink.counters()).toMatchObject({ welcomed: 1, 'connection-lost': 0 })
  })

  it('and once it is lost, the next attempt waits anywhere up to a minute', async () => {
    const central = await openTestCentral()
    const { lines, logger } = makeLogKeeper()
    const { outageSpreadMs, firstDelayMs, maxDelayMs } = usualTiming
    const { uplink } = openPatientUplink([central.url, 'mqtt://127.0.0.1:1'], {
      ...{ logger, random: () => 0.75, timing: { outageSpreadMs, firstDelayMs, maxDelayMs } },
    })
    await until(() => expect(uplink.isConnected()).toBe(true))
    central.cut()
    await until(() => expect(uplink.isConnected()).toBe(false))
    expect(lines.find(({ fields }) => fields.reason === 'closed')?.fields).toMatchObject({ delayMs: 45_000 })
  })
})

describe('several brokers', () => {
  it('one dies: the terminal moves over, stays, and is back with the preferred one after its time', async () => {
    const first = await openTestCentral()
    const second = await openTestCentral()
    second.marks = first.marks
    const { append, outbox, uplink } = openPatientUplink([first.url, second.url], { timing: { returnAfterMs: 3_000 } })
    append(boxPress(1))
    await until(() => expect(outbox.undelivered().count).toBe(0))
    const port = Number(new URL(first.url).port)
    await first.stop()
    await until(() => expect(second.connections()).toBe(1))
    append(boxPress(2))
    await until(() => expect(outbox.undelivered().count).toBe(0))
    const again = await openTestCentral(port)
    again.marks = first.marks
    await until(() => expect(again.connections()).toBe(1))
    await until(() => expect(uplink.isConnected()).toBe(true))
    append(boxPress(3))
    await until(() => expect(outbox.undelivered().count).toBe(0))
    expect(second.statuses.map(({ status }) => status)).toEqual(['online', 'offline'])
    expect(second.connections()).toBe(1)
    expect(uplink.counters()).toMatchObject({ returned: 1, 'connection-lost': 1, welcomed: 3 })
    const presses = [first, second, again].map(
      ({ stored }) => [...stored.values()].filter(({ kind }) => kind === 'press').length,
    )
    expect(presses).toEqual([1, 1, 1])
  })

  it('the preferred one is still dead when its time comes: the terminal is back with the other', async () => {
    const second = await openTestCentral()
    const { uplink, append, outbox } = openPatientUplink(['mqtt://127.0.0.1:1', second.url], {
      timing: { returnAfterMs: 300 },
    })
    await until(() => expect(second.connections()).toBeGreaterThanOrEqual(3))
    await until(() => expect(uplink.isConnected()).toBe(true))
    append(boxPress(1))
    await until(() => expect(outbox.undelivered().count).toBe(0))
    expect(uplink.counters()['connection-lost']).toBe(0)
  })

  it('a wrong secret at each is not tried faster than the policy allows', async () => {
    const brokers = [await openTestBroker(onConnect(connack(5))), await openTestBroker(onConnect(connack(4)))]
    const { uplink } = openPatientUplink(
      brokers.map(({ port }) => `mqtt://127.0.0.1:${port}`),
      { timing: { firstDelayMs: 400, maxDelayMs: 60_000 } },
    )
    await until(() => expect(uplink.counters()['left-secret-refused']).toBeGreaterThanOrEqual(4))
    const [first, second] = brokers.map(({ packets }) => packets.filter(({ type }) => type === packetTypes.connect))
    // Both at once at the start; then at least half of firstDelayMs between any two.
    const gaps = [first?.[1], second?.[1]].map(
      (packet, i) => (packet?.atMs ?? 0) - ((i ? first?.[1] : second?.[0])?.atMs ?? 0),
    )
    for (const gapMs of gaps) expect(gapMs).toBeGreaterThan(190)
    for (const broker of brokers) expect(broker.connections()).toBeGreaterThanOrEqual(2)
  })
})
