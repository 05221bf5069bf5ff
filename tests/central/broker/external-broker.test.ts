/** The central as a client: of a broker that is away, comes back, refuses, floods, and delivers what it should not. */
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { Aedes } from 'aedes'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { makeAnswerRoute } from '../../../src/central/broker/answer-route.ts'
import {
  type ExternalBroker,
  type ExternalBrokerOptions,
  openExternalBroker,
} from '../../../src/central/broker/external-broker.ts'
import { openBrokers } from '../../../src/central/broker/open-brokers.ts'
import { systemClock } from '../../../src/shared/clock.ts'
import { eventually } from '../../support/eventually.ts'
import { silentLogger } from '../../support/silent-logger.ts'
import { takePort } from '../../support/take-port.ts'

const leaves = ['hello', 'batch', 'health', 'status']
const closing: (() => Promise<void> | void)[] = []
let received: string[]
let port: number

beforeEach(async () => {
  received = []
  port = await takePort()
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const openExternal = (options: Partial<ExternalBrokerOptions> = {}): ExternalBroker => {
  const broker = openExternalBroker({
    ...{ url: `mqtt://127.0.0.1:${port}`, username: 'central', password: 'x', logger: silentLogger },
    filters: leaves.map((leaf) => `smilepost/v1/+/${leaf}`),
    isKnown: async (terminal) => terminal.startsWith('till-'),
    ignored: new Set(['till-probe']),
    onMessage: (terminal, leaf, payload) => received.push(`${terminal} ${leaf} ${Buffer.from(payload)}`),
    ...{ clock: systemClock, random: Math.random },
    timing: { firstDelayMs: 20, maxDelayMs: 100, deadlineMs: 500 },
    ...options,
  })
  closing.push(broker.close)
  return broker
}

type AnyBroker = {
  /** As a client of any name with any right. */
  publish(topic: string, payload: string | Buffer, retain?: boolean): Promise<void>
  heard: string[]
  stop(): Promise<void>
}

/** A broker without any rules of its own. */
async function openAnyBroker(hooks: object = {}): Promise<AnyBroker> {
  const aedes = await Aedes.createBroker(hooks)
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    aedes.handle(socket)
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const heard: string[] = []
  aedes.on('publish', ({ topic, payload }, client) => {
    if (client) heard.push(`${topic} ${payload}`)
  })
  let isStopped = false
  const stop = async () => {
    if (isStopped) return
    isStopped = true
    for (const socket of sockets) socket.destroy()
    await new Promise<void>((resolve) => server.close(() => resolve()))
    await new Promise<void>((resolve) => aedes.close(resolve))
  }
  closing.push(stop)
  return {
    publish: (topic, payload, retain = false) =>
      new Promise((resolve) =>
        aedes.publish({ cmd: 'publish', topic, payload, qos: 1, retain, dup: false }, () => resolve()),
      ),
    ...{ heard, stop },
  }
}

/** Answers CONNECT and SUBSCRIBE, then does what the test says. */
async function openRawBroker(then: (socket: Socket) => void): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    let packets = 0
    socket.on('data', (bytes) => {
      packets += 1
      if (packets === 1) socket.write(Buffer.from([0x20, 2, 0, 0]))
      if (packets === 2) {
        // SUBACK with the packet id of the SUBSCRIBE, whose fixed header has one byte of length or two.
        const idAt = ((bytes[1] ?? 0) & 0x80) === 0 ? 2 : 3
        socket.write(Buffer.from([0x90, 6, bytes[idAt] ?? 0, bytes[idAt + 1] ?? 0, 1, 1, 1, 1]))
        then(socket)
      }
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => void server.close())
  return server
}

const isUp = (broker: ExternalBroker) => vi.waitFor(() => expect(broker.isConnected()).toBe(true), { timeout: 5_000 })
const isCounted = (broker: ExternalBroker, reason: string, count = 1) =>
  vi.waitFor(() => expect(broker.counters()[reason]).toBeGreaterThanOrEqual(count), { timeout: 5_000 })

describe('the central as a client of a broker', () => {
  it('hands over what terminals of ours send on their up topics, and counts all the rest by its reason', async () => {
    const broker = await openAnyBroker()
    await broker.publish('smilepost/v1/till-1/hello', 'from before', true)
    const external = openExternal()
    await isUp(external)
    await isCounted(external, 'retained')
    await broker.publish('smilepost/v1/Till 1/hello', 'x')
    await broker.publish('smilepost/v1/till-1/batch', Buffer.alloc(32 * 1024 + 1))
    await broker.publish('smilepost/v1/nobody/hello', 'x')
    await broker.publish('smilepost/v1/till-probe/hello', 'x')
    await broker.publish('smilepost/v1/till-1/ack', 'not even subscribed')
    for (const leaf of leaves) await broker.publish(`smilepost/v1/till-1/${leaf}`, 'y')
    await eventually(() => expect(received).toEqual(leaves.map((leaf) => `till-1 ${leaf} y`)))
    expect(external.counters()).toMatchObject({
      ...{ connected: 1, connects: 1, received: 9, retained: 1, 'foreign-topic': 1 },
      ...{ 'payload-too-large': 1, 'unknown-terminal': 1, probe: 1 },
    })
  })

  it('keeps the order of messages while it finds out who a terminal is, and what waits is bounded', async () => {
    const broker = await openAnyBroker()
    let answer: (isKnown: boolean) => void = () => undefined
    const isKnown = vi.fn(() => new Promise<boolean>((resolve) => (answer = resolve)))
    const external = openExternal({ isKnown })
    await isUp(external)
    for (let i = 0; i < 2_100; i += 1) await broker.publish('smilepost/v1/till-1/hello', `${i}`)
    await isCounted(external, 'received', 2_100)
    expect(isKnown).toHaveBeenCalledTimes(1)
    expect(received).toEqual([])
    answer(true)
    await eventually(() => expect(received).toHaveLength(2_000))
    expect(received).toEqual(Array.from({ length: 2_000 }, (_, i) => `till-1 hello ${i}`))
    expect(external.counters()['dropped-waiting']).toBe(100)
  })

  it('hears a terminal again whose name could not be looked up', async () => {
    const broker = await openAnyBroker()
    const isKnown = vi.fn().mockRejectedValueOnce(new Error('store busy')).mockResolvedValue(true)
    const external = openExternal({ isKnown })
    await isUp(external)
    await broker.publish('smilepost/v1/till-1/hello', '1')
    await isCounted(external, 'dropped-waiting')
    await broker.publish('smilepost/v1/till-1/hello', '2')
    await eventually(() => expect(received).toEqual(['till-1 hello 2']))
  })

  it('does not mind a broker that is away at the start, and finds its way back as often as it takes', async () => {
    const external = openExternal()
    await isCounted(external, 'connect-failed', 3)
    for (let time = 1; time <= 3; time += 1) {
      const broker = await openAnyBroker()
      await isUp(external)
      await broker.publish('smilepost/v1/till-1/hello', `${time}`)
      await eventually(() => expect(received).toHaveLength(time))
      await broker.stop()
      await isCounted(external, 'connection-lost', time)
    }
  })

  it('publishes nothing while disconnected, and nothing of that later', async () => {
    const first = await openAnyBroker()
    const external = openExternal()
    await isUp(external)
    external.publish('till-1', 'ack', 'one')
    await eventually(() => expect(first.heard).toEqual(['smilepost/v1/till-1/ack one']))
    await first.stop()
    await isCounted(external, 'connection-lost')
    external.publish('till-1', 'ack', 'two')
    expect(external.counters()['dropped-disconnected']).toBe(1)
    const second = await openAnyBroker()
    await isUp(external)
    external.publish('till-1', 'ack', 'three')
    await eventually(() => expect(second.heard).toEqual(['smilepost/v1/till-1/ack three']))
  })

  it('takes a refused subscription for no connection', async () => {
    await openAnyBroker({
      authorizeSubscribe: (
        _client: object,
        wanted: { topic: string },
        done: (error: null, granted: object | null) => void,
      ) => done(null, wanted.topic.endsWith('batch') ? null : wanted),
    })
    const external = openExternal()
    await isCounted(external, 'connect-failed', 2)
    expect(external.isConnected()).toBe(false)
  })

  it('does not wait for ever for a broker that says nothing', async () => {
    const server = createServer((socket) => socket.on('error', () => undefined).resume())
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    closing.push(() => void server.close())
    const external = openExternal({ timing: { firstDelayMs: 20, maxDelayMs: 100, deadlineMs: 100 } })
    await isCounted(external, 'connect-failed', 2)
  })

  it('cuts off a broker that announces a packet of 200 MB, before it has come', async () => {
    let written = 0
    await openRawBroker((socket) => {
      // PUBLISH with a remaining length of 200 MB (MQTT 3.1.1 §2.2.3).
      socket.write(Buffer.from([0x30, 0x80, 0x84, 0xaf, 0x5f]))
      const flood = () => {
        while (!socket.destroyed && written < 200_000_000) {
          written += 65_536
          if (!socket.write(Buffer.alloc(65_536))) return
        }
      }
      socket.on('drain', flood)
      flood()
    })
    const external = openExternal({ timing: { firstDelayMs: 5_000, maxDelayMs: 5_000 } })
    await isCounted(external, 'connection-lost')
    expect(written).toBeLessThan(50_000_000)
    expect(received).toEqual([])
  })

  it('survives rubbish of a broker', async () => {
    await openRawBroker((socket) => void socket.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0, 1, 2, 3])))
    const external = openExternal()
    await isCounted(external, 'connection-lost', 2)
  })

  it('leaves a broker that sends with QoS 2, which it could keep unreleased in our memory', async () => {
    const topic = 'smilepost/v1/till-1/batch'
    const body = Buffer.concat([
      Buffer.from([0, topic.length]),
      Buffer.from(topic),
      Buffer.from([0, 1]),
      Buffer.from('x'),
    ])
    const withQos = (qos: number) => Buffer.concat([Buffer.from([0x30 | (qos << 1), body.length]), body])
    await openRawBroker((socket) => void socket.write(Buffer.concat([withQos(1), withQos(2)])))
    const external = openExternal()
    await isCounted(external, 'connection-lost', 2)
    await eventually(() => expect(received).toContain('till-1 batch x'))
    const { received: taken, connects } = external.counters()
    expect(taken).toBeLessThanOrEqual(Number(connects))
  })

  it('forgets answers that a broker does not take, beyond a bound', async () => {
    await openRawBroker((socket) => void socket.pause())
    const external = openExternal()
    await isUp(external)
    for (let i = 0; i < 2_500; i += 1) external.publish('till-1', 'ack', 'x')
    expect(external.counters()['dropped-busy']).toBe(500)
  })
})

describe('several brokers', () => {
  it('answer a terminal over the one it spoke through last; a status is no speech', async () => {
    const ports = [port, await takePort()]
    const brokers: AnyBroker[] = []
    for (const next of ports) {
      port = next
      brokers.push(await openAnyBroker())
    }
    const all = await openBrokers({
      ...{ clock: systemClock, random: Math.random, logger: silentLogger, embedded: { host: '127.0.0.1', port: 0 } },
      external: ports.map((at) => ({
        ...{ url: `mqtt://127.0.0.1:${at}`, username: 'central', password: 'x' },
        filters: leaves.map((leaf) => `smilepost/v1/+/${leaf}`),
      })),
      authenticate: async () => true,
      isKnown: async () => true,
      onMessage: (terminal, leaf, payload) => received.push(`${terminal} ${leaf} ${Buffer.from(payload)}`),
    })
    closing.push(all.close)
    await eventually(() => expect(all.states().map(({ connected }) => connected)).toEqual([true, true, true]))
    expect(all.states().map(({ isolation }) => isolation)).toEqual(['proven', 'unchecked', 'unchecked'])
    const [first, second] = brokers as [AnyBroker, AnyBroker]
    const say = async (broker: AnyBroker, leaf: string) => {
      const before = received.length
      await broker.publish(`smilepost/v1/till-1/${leaf}`, 'x')
      await eventually(() => expect(received).toHaveLength(before + 1))
    }
    await say(first, 'hello')
    all.publish('till-1', 'welcome', '1')
    await eventually(() => expect(first.heard).toEqual(['smilepost/v1/till-1/welcome 1']))
    await say(second, 'batch')
    await say(first, 'status')
    all.publish('till-1', 'ack', '2')
    await eventually(() => expect(second.heard).toEqual(['smilepost/v1/till-1/ack 2']))
    expect(first.heard).toHaveLength(1)
    expect(all.counters()).toMatchObject({
      [`received@127.0.0.1:${ports[0]}`]: 2,
      [`received@127.0.0.1:${ports[1]}`]: 1,
    })
  })

  it('are remembered for a bounded number of terminals, those heard of longest ago going first', () => {
    const sent: string[] = []
    const link = { publish: (terminal: string) => void sent.push(terminal) }
    const route = makeAnswerRoute(2)
    for (const terminal of ['a', 'b', 'c']) route.note(terminal, 'hello', link)
    for (const terminal of ['a', 'b', 'c']) route.publish(terminal, 'ack', '')
    expect(sent).toEqual(['b', 'c'])
  })
})
