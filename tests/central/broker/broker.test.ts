import { connect as connectSocket } from 'node:net'
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Broker, type BrokerOptions, openBroker } from '../../../src/central/broker/open-broker.ts'
import { systemClock } from '../../../src/shared/clock.ts'
import { makeLogger } from '../../../src/shared/logger.ts'
import { eventually } from '../../support/eventually.ts'

type Received = { terminal: string; leaf: string; text: string }

describe('broker', () => {
  let broker: Broker
  let received: Received[]
  let connections: [terminal: string, up: boolean][]
  const clients: MqttClient[] = []

  const open = (options: Partial<BrokerOptions> = {}) =>
    openBroker({
      host: '127.0.0.1',
      port: 0,
      authenticate: async (terminal, secret) => secret === `secret of ${terminal}`,
      onMessage: (terminal, leaf, payload) =>
        received.push({ terminal, leaf, text: Buffer.from(payload).toString('utf8') }),
      onConnection: (terminal, up) => connections.push([terminal, up]),
      clock: systemClock,
      logger: makeLogger('silent'),
      ...options,
    })
  beforeEach(async () => {
    received = []
    connections = []
    broker = await open()
  })
  afterEach(async () => {
    for (const client of clients.splice(0)) client.end(true)
    await broker.close()
  })

  const connect = (terminal: string, options: IClientOptions = {}) => {
    const client = mqtt.connect(`mqtt://127.0.0.1:${broker.port}`, {
      clientId: terminal,
      username: terminal,
      password: `secret of ${terminal}`,
      protocolVersion: 4,
      reconnectPeriod: 0,
      clean: true,
      ...options,
    })
    client.on('error', () => undefined)
    clients.push(client)
    return client
  }
  const isClosed = (client: MqttClient) => new Promise<void>((resolve) => client.once('close', () => resolve()))
  const isConnected = (client: MqttClient) => new Promise<void>((resolve) => client.once('connect', () => resolve()))
  const connected = async (terminal: string, options?: IClientOptions) => {
    const client = connect(terminal, options)
    await isConnected(client)
    return client
  }
  const messagesOf = (client: MqttClient) => {
    const messages: string[] = []
    client.on('message', (topic, payload) => messages.push(`${topic} ${payload}`))
    return messages
  }
  const isCounted = (reason: string, count = 1) =>
    vi.waitFor(() => expect(broker.counters()[reason]).toBe(count), { timeout: 5_000 })

  it('hands up messages over under the terminal of the connection, and brings down messages to it alone', async () => {
    const [one, two] = [await connected('till-1'), await connected('till-2')]
    const [messages, others] = [messagesOf(one), messagesOf(two)]
    await one.subscribeAsync(
      ['ack', 'welcome', 'desired'].map((leaf) => `smilepost/v1/till-1/${leaf}`),
      { qos: 1 },
    )
    await two.subscribeAsync('smilepost/v1/till-2/ack', { qos: 1 })
    await one.publishAsync('smilepost/v1/till-1/batch', '{"a":1}', { qos: 1 })
    await eventually(() => expect(received).toEqual([{ terminal: 'till-1', leaf: 'batch', text: '{"a":1}' }]))
    broker.publish('till-1', 'ack', '{"upTo":1}')
    broker.publish('till-1', 'desired', '{}')
    broker.publish('till-2', 'ack', '{"upTo":2}')
    broker.publish('nobody', 'ack', '{"upTo":3}')
    await eventually(() =>
      expect(messages).toEqual(['smilepost/v1/till-1/ack {"upTo":1}', 'smilepost/v1/till-1/desired {}']),
    )
    await eventually(() => expect(others).toEqual(['smilepost/v1/till-2/ack {"upTo":2}']))
    expect(connections).toEqual([
      ['till-1', true],
      ['till-2', true],
    ])
    expect(broker.counters().connected).toBe(2)
  })

  it('sends nothing to a terminal that has not subscribed', async () => {
    const client = await connected('till-1')
    const messages = messagesOf(client)
    broker.publish('till-1', 'ack', 'early')
    await client.subscribeAsync('smilepost/v1/till-1/ack')
    broker.publish('till-1', 'ack', 'later')
    await eventually(() => expect(messages).toEqual(['smilepost/v1/till-1/ack later']))
  })

  it.each([
    ['wrong-secret', { password: 'guess' }],
    ['secret-missing', { password: '' }],
    ['id-is-not-username', { clientId: 'till-2' }],
    ['bad-client-id', { clientId: 'Till 1/#', username: 'Till 1/#' }],
    ['session-not-clean', { clean: false }],
    ['protocol-version', { protocolVersion: 3, protocolId: 'MQIsdp' }],
    ['protocol-version', { protocolVersion: 5 }],
    [
      'foreign-will',
      { will: { topic: 'smilepost/v1/till-2/status', payload: Buffer.from('{}'), qos: 1, retain: false } },
    ],
    [
      'foreign-will',
      { will: { topic: 'smilepost/v1/till-1/batch', payload: Buffer.from('{}'), qos: 1, retain: false } },
    ],
    [
      'foreign-will',
      { will: { topic: 'smilepost/v1/till-1/status', payload: Buffer.from('{}'), qos: 1, retain: true } },
    ],
  ] as [string, IClientOptions][])('refuses a connection: %s %o', async (reason, options) => {
    const client = connect('till-1', options)
    const hasConnected = vi.fn()
    client.on('connect', hasConnected)
    await isClosed(client)
    await isCounted(reason)
    expect(hasConnected).not.toHaveBeenCalled()
    expect(connections).toEqual([])
  })

  it('cuts off who publishes to a topic that is not its own up topic', async () => {
    const topics = [
      'smilepost/v1/till-2/batch',
      'smilepost/v1/till-1/ack',
      'smilepost/v1/till-1/batch/more',
      '$SYS/broker/heartbeat',
      'elsewhere',
    ]
    for (const [i, topic] of topics.entries()) {
      const client = await connected('till-1')
      const closed = isClosed(client)
      client.publish(topic, 'x', { qos: 1 })
      await closed
      await isCounted('foreign-publish', i + 1)
    }
    expect(received).toEqual([])
  })

  it('cuts off who publishes to a topic of very many levels, and lives on', async () => {
    const client = await connected('till-1')
    const closed = isClosed(client)
    client.publish('a/'.repeat(200), 'x')
    await closed
    await connected('till-2')
  })

  it.each([
    'smilepost/v1/till-2/ack',
    'smilepost/v1/till-1/batch',
    'smilepost/v1/till-1/+',
    'smilepost/v1/till-1/#',
    'smilepost/v1/+/ack',
    '#',
    '+/+/+/+',
    '$SYS/#',
    '$share/group/smilepost/v1/till-1/ack',
  ])('cuts off who subscribes to %s, even beside a topic of its own', async (topic) => {
    const client = await connected('till-1')
    const messages = messagesOf(client)
    const closed = isClosed(client)
    client.subscribe(['smilepost/v1/till-1/ack', topic], { qos: 1 }, () => undefined)
    await closed
    await isCounted('foreign-subscribe')
    const again = await connected('till-1')
    const later = messagesOf(again)
    const other = await connected('till-2')
    await other.subscribeAsync('smilepost/v1/till-2/ack')
    const others = messagesOf(other)
    broker.publish('till-2', 'ack', 'secret')
    await eventually(() => expect(others).toHaveLength(1))
    expect([...messages, ...later]).toEqual([])
  })

  it('the hole of kept sessions is closed: a spy gets no message of a topic it was denied', async () => {
    const spy = connect('till-1', { clean: false })
    await isClosed(spy)
    const bare = await connected('till-1')
    const closed = isClosed(bare)
    bare.subscribe(['smilepost/v1/till-1/ack', 'smilepost/v1/till-2/ack'], { qos: 1 }, () => undefined)
    await closed
    const back = connect('till-1', { clean: false })
    const messages = messagesOf(back)
    await isClosed(back)
    const owner = await connected('till-2')
    await owner.subscribeAsync('smilepost/v1/till-2/ack')
    const owned = messagesOf(owner)
    broker.publish('till-2', 'ack', 'online secret')
    await eventually(() => expect(owned).toHaveLength(1))
    expect(messages).toEqual([])
  })

  it.each([
    ['qos-2', { qos: 2 }],
    ['retained', { qos: 1, retain: true }],
  ] as const)('cuts off who publishes what no terminal needs: %s', async (reason, options) => {
    const client = await connected('till-1')
    const closed = isClosed(client)
    client.publish('smilepost/v1/till-1/batch', 'x', options)
    await closed
    await isCounted(reason)
    expect(received).toEqual([])
  })

  it('fires the will of a terminal that vanished, not of one that said goodbye', async () => {
    const will = { topic: 'smilepost/v1/till-1/status', payload: Buffer.from('gone'), qos: 1 as const, retain: false }
    const polite = await connected('till-1', { will })
    await polite.endAsync()
    const gone = await connected('till-1', { will })
    gone.stream.destroy()
    await eventually(() => expect(received).toEqual([{ terminal: 'till-1', leaf: 'status', text: 'gone' }]))
    await eventually(() => expect(connections.at(-1)).toEqual(['till-1', false]))
  })

  it('a terminal that comes back takes over from its old connection and stays connected', async () => {
    const old = await connected('till-1')
    const closed = isClosed(old)
    const fresh = await connected('till-1')
    await closed
    await fresh.subscribeAsync('smilepost/v1/till-1/ack')
    const messages = messagesOf(fresh)
    broker.publish('till-1', 'ack', 'hello')
    await eventually(() => expect(messages).toHaveLength(1))
    expect(connections.at(-1)).toEqual(['till-1', true])
  })

  it('refuses a packet by its announced length, before its bytes have come', async () => {
    const client = await connected('till-1')
    await client.publishAsync('smilepost/v1/till-1/batch', 'x'.repeat(32 * 1024), { qos: 1 })
    await eventually(() => expect(received).toHaveLength(1))
    const closed = isClosed(client)
    client.publish('smilepost/v1/till-1/batch', 'x'.repeat(33 * 1024), { qos: 1 })
    await closed
    await isCounted('too-large')
    expect(received).toHaveLength(1)
  })

  it('takes a payload just above the bound of ours, within that of the packet, for too large', async () => {
    const client = await connected('till-1')
    const closed = isClosed(client)
    client.publish('smilepost/v1/till-1/batch', 'x'.repeat(32 * 1024 + 1), { qos: 1 })
    await closed
    await isCounted('payload-too-large')
  })

  it.each([
    ['not-mqtt', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['not-mqtt', Buffer.from([0x30, 0x05, 0, 1, 97, 98, 99])],
    ['too-large', Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f])],
    ['too-large', Buffer.from([0x10, 0x81, 0x20])],
    ['bad-length', Buffer.from([0x10, 0x80, 0x80, 0x80, 0x80])],
    ['connection-error', Buffer.from([0x10, 0x04, 0, 1, 2, 3])],
  ])('cuts off raw rubbish: %s', async (reason, bytes) => {
    const socket = connectSocket(broker.port, '127.0.0.1')
    socket.on('error', () => undefined)
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
    socket.resume()
    socket.write(bytes)
    await closed
    await isCounted(reason)
    await connected('till-2')
  })

  it('bounds open connections, new connections and the wait for a CONNECT', async () => {
    await broker.close()
    broker = await open({
      limits: { connections: 2, connectTimeoutMs: 300, connectBurst: 3, connectsPerSecond: 0.001 },
    })
    const sockets = Array.from({ length: 3 }, () => connectSocket(broker.port, '127.0.0.1').resume())
    const closed = sockets.map(
      (socket) => new Promise<void>((resolve) => socket.on('error', () => undefined).once('close', () => resolve())),
    )
    await isCounted('too-many-connections')
    await Promise.all(closed)
    await isCounted('connection-error', 2)
    const rest = [connectSocket(broker.port, '127.0.0.1'), connectSocket(broker.port, '127.0.0.1')]
    for (const socket of rest) socket.on('error', () => undefined).resume()
    await isCounted('connect-rate')
    for (const socket of rest) socket.destroy()
  })

  it('disconnects a terminal on request', async () => {
    const client = await connected('till-1')
    const closed = isClosed(client)
    broker.disconnect('till-1')
    broker.disconnect('nobody')
    await closed
    await eventually(() => expect(broker.counters().connected).toBe(0))
  })

  it('a check of secrets that fails lets nobody in', async () => {
    await broker.close()
    broker = await open({ authenticate: () => Promise.reject(new Error('store gone')) })
    const client = connect('till-1')
    await isClosed(client)
    expect(connections).toEqual([])
  })

  it('listens on loopback only, and says when its port is taken', async () => {
    await expect(open({ host: '0.0.0.0' })).rejects.toMatchObject({ code: 'address-refused' })
    await expect(open({ port: broker.port })).rejects.toMatchObject({ code: 'address-taken' })
  })
})
