import { describe, expect, it, vi } from 'vitest'
import { parseBatch } from '../../../src/contracts/parse-batch.ts'
import { makeTopic } from '../../../src/contracts/topics.ts'
import { systemClock } from '../../../src/shared/clock.ts'
import { openBrokerConnection } from '../../../src/terminal/uplink/broker-connection.ts'
import { hashText } from '../../support/record-arbitraries.ts'
import { boxPress, openTestOutbox } from '../outbox/open-outbox.ts'
import { generousMs, openTestBroker, openTestUplink, patience, terminal } from './open-uplink.ts'
import {
  connack,
  honest,
  packetTypes,
  payloadOf,
  puback,
  publishPacket,
  type Script,
  topicOf,
} from './scripted-broker.ts'

vi.setConfig({ testTimeout: generousMs + 20_000 })
const until = (check: () => void) => vi.waitFor(check, { timeout: generousMs, interval: 10 })

function lastOf(message: object): number {
  const parsed = parseBatch(Buffer.from(JSON.stringify(message)), hashText)
  if (!parsed.ok) throw new Error(parsed.reason)
  return parsed.batch.first + parsed.batch.records.length - 1
}

/** A broker with a central of a few lines behind it: greets, and acknowledges every batch. */
function makeCentralScript({ isAcknowledging = true } = {}): Script {
  return (packet) => {
    if (packet.type !== packetTypes.publish) return honest(packet)
    const leaf = topicOf(packet.body).split('/').at(-1)
    const answers: Uint8Array[] = [puback(packet.body)]
    const message = leaf === 'status' ? {} : payloadOf(packet.body)
    const say = (to: 'welcome' | 'ack', payload: object) =>
      void answers.push(publishPacket(makeTopic(terminal, to), JSON.stringify({ serverTime: Date.now(), ...payload })))
    if (leaf === 'hello' || leaf === 'health') say('welcome', { nonce: message.nonce, marks: [] })
    if (leaf === 'batch' && isAcknowledging) say('ack', { epoch: message.epoch, upTo: lastOf(message) })
    return answers
  }
}

const publishesOf = (broker: { packets: { type: number; body: Buffer; connection: number }[] }) =>
  broker.packets
    .filter(({ type }) => type === packetTypes.publish)
    .map(({ body, connection }) => ({ leaf: topicOf(body).split('/').at(-1), body, connection }))
const urlOf = ({ port }: { port: number }) => `mqtt://127.0.0.1:${port}`

describe('without a connection nothing is published, nor kept to be published later', () => {
  it('between the loss and the next attempt: the first packets on the next connection are its own greeting', async () => {
    const broker = await openTestBroker(makeCentralScript())
    const { uplink, append, outbox } = openTestUplink([urlOf(broker)], { timing: { ...patience, healthGapMs: 1 } })
    append(boxPress(1))
    await until(() => expect(outbox.undelivered().count).toBe(0))
    await broker.stop()
    await until(() => expect(uplink.isConnected()).toBe(false))
    const before = broker.bytes()
    for (let i = 2; i <= 40; i += 1) append(boxPress(i))
    for (let i = 0; i < 10; i += 1) uplink.noteHealthChange()
    await until(() => expect(uplink.counters()['left-unreachable']).toBeGreaterThanOrEqual(3))
    expect(broker.bytes()).toBe(before)
    const again = await openTestBroker(makeCentralScript(), { port: broker.port })
    await until(() => expect(outbox.undelivered().count).toBe(0))
    const publishes = publishesOf(again)
    expect(publishes.slice(0, 3).map(({ leaf }) => leaf)).toEqual(['status', 'hello', 'batch'])
    // MQTT-3.3.1-1: a repeated delivery would say so in the flags of its first byte, and its packet id would not begin again.
    const [, , batch] = publishes
    expect(payloadOf(batch?.body as Buffer)).toMatchObject({ epoch: outbox.epoch(), first: 3 })
  })

  it('while the CONNACK is awaited: nothing but the CONNECT is on the wire', async () => {
    const broker = await openTestBroker(() => undefined)
    const { append, uplink } = openTestUplink([urlOf(broker)], { timing: { connectDeadlineMs: 400 } })
    await until(() => expect(broker.packets).toHaveLength(1))
    const connectBytes = broker.bytes()
    for (let i = 1; i <= 20; i += 1) append(boxPress(i))
    uplink.noteHealthChange()
    await until(() => expect(uplink.counters()['left-connect-timeout']).toBeGreaterThanOrEqual(1))
    await until(() => expect(broker.connections()).toBeGreaterThanOrEqual(2))
    expect(broker.packets.every(({ type }) => type === packetTypes.connect)).toBe(true)
    expect(broker.bytes()).toBe(connectBytes * broker.packets.length)
  })

  it('while the SUBACK is awaited: nothing but the SUBSCRIBE follows', async () => {
    const broker = await openTestBroker(({ type }) => (type === packetTypes.connect ? connack(0) : undefined))
    const { append, uplink } = openTestUplink([urlOf(broker)], { timing: { connectDeadlineMs: 400 } })
    await until(() => expect(broker.packets.map(({ type }) => type)).toContain(packetTypes.subscribe))
    for (let i = 1; i <= 20; i += 1) append(boxPress(i))
    uplink.noteHealthChange()
    await until(() => expect(uplink.counters()['left-connect-timeout']).toBeGreaterThanOrEqual(1))
    expect(publishesOf(broker)).toEqual([])
  })

  it('after the stop: a goodbye, and then not a byte more', async () => {
    const broker = await openTestBroker(makeCentralScript({ isAcknowledging: false }))
    const { append, uplink } = openTestUplink([urlOf(broker)], {
      timing: { ...patience, ackTimeoutMs: 10, healthGapMs: 1 },
    })
    append(boxPress(1))
    await until(() => expect(publishesOf(broker).filter(({ leaf }) => leaf === 'batch').length).toBeGreaterThan(1))
    await uplink.close(generousMs)
    append(boxPress(2))
    uplink.noteHealthChange()
    await until(() => expect(broker.packets.at(-1)?.type).toBe(packetTypes.disconnect))
    expect(publishesOf(broker).at(-1)?.leaf).toBe('status')
    expect([uplink.isConnected(), broker.connections()]).toEqual([false, 1])
  })

  it('by a connection that is over, was refused, or is not there yet', async () => {
    const broker = await openTestBroker(honest)
    let downs = 0
    let ups = 0
    const connection = openBrokerConnection({
      ...{ url: urlOf(broker), terminal, secret: 's', connection: '0123456789abcdef', keepaliveSeconds: 30 },
      ...{ deadlineMs: generousMs, clock: systemClock, onMessage: () => {}, onPublishFailed: () => {} },
      ...{ pins: [], knownUtcMs: () => null },
      onUp() {
        ups += 1
      },
      onDown() {
        downs += 1
      },
    })
    expect(connection.publish('batch', 'too early')).toBe(false)
    await until(() => expect(ups).toBe(1))
    expect(connection.publish('batch', 'in time')).toBe(true)
    await until(() => expect(publishesOf(broker)).toHaveLength(1))
    connection.leave('central-silent', 'a test')
    expect(connection.publish('batch', 'too late')).toBe(false)
    await connection.close(500)
    expect([downs, publishesOf(broker).length]).toEqual([1, 1])
  })
})

describe('an answer that belongs to an older connection', () => {
  it('is ignored: a welcome by its nonce, an ack by coming before this connection was welcomed', async () => {
    const outbox = openTestOutbox()
    outbox.append(boxPress(1))
    let oldNonce = ''
    const broker = await openTestBroker((packet) => {
      const isHello = packet.type === packetTypes.publish && topicOf(packet.body).endsWith('/hello')
      if (!isHello) return honest(packet)
      if (packet.connection === 0) {
        oldNonce = payloadOf(packet.body).nonce
        return 'close'
      }
      const marks = [{ epoch: outbox.epoch(), upTo: 1 }]
      return [
        puback(packet.body),
        publishPacket(makeTopic(terminal, 'welcome'), JSON.stringify({ nonce: oldNonce, marks, serverTime: 0 })),
        publishPacket(makeTopic(terminal, 'ack'), JSON.stringify({ epoch: outbox.epoch(), upTo: 1, serverTime: 0 })),
      ]
    })
    const { uplink } = openTestUplink([urlOf(broker)], { outbox, timing: patience })
    await until(() => expect(uplink.counters()).toMatchObject({ 'welcome-unasked': 1, 'ack-early': 1 }))
    expect(outbox.undelivered().count).toBe(1)
    expect([uplink.isConnected(), publishesOf(broker).some(({ leaf }) => leaf === 'batch')]).toEqual([false, false])
  })
})

describe('the keepalive', () => {
  it('differs from connection to connection, so that terminals do not ping in step', async () => {
    const broker = await openTestBroker(onlyRefusing)
    openTestUplink([urlOf(broker)], { timing: { keepaliveSeconds: 120, maxDelayMs: 20 } })
    await until(() => expect(broker.connections()).toBeGreaterThanOrEqual(12))
    // MQTT 3.1.1 §3.1.2.10: two bytes after protocol name, level and flags.
    const seconds = broker.packets.map(({ body }) => body.readUInt16BE(8))
    expect(Math.min(...seconds)).toBeGreaterThanOrEqual(120)
    expect(Math.max(...seconds)).toBeLessThanOrEqual(180)
    expect(new Set(seconds).size).toBeGreaterThan(3)
  })
})

const onlyRefusing: Script = ({ type }) => (type === packetTypes.connect ? connack(3) : undefined)
