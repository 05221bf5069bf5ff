/** What terminals and ingest may count on whichever broker stands between them: the embedded one, or Mosquitto and the central as its client. */
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openBrokers } from '../../../src/central/broker/open-brokers.ts'
import { systemClock } from '../../../src/shared/clock.ts'
import { eventually } from '../../support/eventually.ts'
import { listBrokerKinds } from '../../support/installation.ts'
import { openMosquitto } from '../../support/mosquitto.ts'
import { silentLogger } from '../../support/silent-logger.ts'

const passwordOf = (name: string) => `secret of ${name}`
const terminals = ['till-1', 'till-2']
const central = 'smilepost-central'

type Received = { terminal: string; leaf: string; text: string }
type Under = Awaited<ReturnType<typeof open>>

async function open(kind: string) {
  const received: Received[] = []
  const users = Object.fromEntries([...terminals, 'stranger', central].map((name) => [name, passwordOf(name)]))
  const mosquitto = kind === 'embedded' ? null : await openMosquitto({ users })
  const filters = ['hello', 'batch', 'health', 'status'].map((leaf) => `smilepost/v1/+/${leaf}`)
  const brokers = await openBrokers({
    ...{ clock: systemClock, random: Math.random, logger: silentLogger },
    embedded: mosquitto ? null : { host: '127.0.0.1', port: 0 },
    external: mosquitto ? [{ url: mosquitto.url, username: central, password: passwordOf(central), filters }] : [],
    authenticate: async (terminal, secret) => terminals.includes(terminal) && secret === passwordOf(terminal),
    isKnown: async (terminal) => terminals.includes(terminal),
    onMessage: (terminal, leaf, payload) => received.push({ terminal, leaf, text: Buffer.from(payload).toString() }),
  })
  await vi.waitFor(() => expect(brokers.states()[0]?.connected).toBe(true), { timeout: 10_000 })
  const close = async () => {
    await brokers.close()
    await mosquitto?.close()
  }
  return { brokers, received, close, url: brokers.urls[0] ?? '' }
}

describe.each(listBrokerKinds())('by way of %s', (kind) => {
  let under: Under
  const clients: MqttClient[] = []

  beforeEach(async () => {
    under = await open(kind)
  })
  afterEach(async () => {
    for (const client of clients.splice(0)) client.end(true)
    await under.close()
  })

  const connect = (terminal: string, options: IClientOptions = {}) => {
    const client = mqtt.connect(under.url, {
      ...{ clientId: terminal, username: terminal, password: passwordOf(terminal), protocolVersion: 4 },
      ...{ reconnectPeriod: 0, ...options },
    })
    client.on('error', () => undefined)
    clients.push(client)
    return client
  }
  const connected = async (terminal: string, options?: IClientOptions) => {
    const client = connect(terminal, options)
    await new Promise<void>((resolve) => client.once('connect', () => resolve()))
    return client
  }
  const heardBy = (client: MqttClient) => {
    const heard: string[] = []
    client.on('message', (topic, payload) => heard.push(`${topic} ${payload}`))
    return heard
  }
  /** A message that arrives after everything before it has had its time. */
  const passFence = async (name = 'till-2') => {
    const before = under.received.length
    const client = await connected(name)
    client.publish(`smilepost/v1/${name}/health`, 'fence', { qos: 1 })
    await eventually(() => expect(under.received.slice(before).some(({ text }) => text === 'fence')).toBe(true))
    client.end(true)
  }
  const receivedBesides = () => under.received.filter(({ text }) => text !== 'fence')

  it('brings up messages under their terminal, and answers to it alone', async () => {
    const [one, two] = [await connected('till-1'), await connected('till-2')]
    const [heard, others] = [heardBy(one), heardBy(two)]
    await one.subscribeAsync(
      ['ack', 'welcome', 'desired'].map((leaf) => `smilepost/v1/till-1/${leaf}`),
      { qos: 1 },
    )
    await two.subscribeAsync('smilepost/v1/till-2/ack', { qos: 1 })
    for (const leaf of ['hello', 'batch', 'health', 'status'])
      await one.publishAsync(`smilepost/v1/till-1/${leaf}`, `my ${leaf}`, { qos: 1 })
    await two.publishAsync('smilepost/v1/till-2/hello', 'x', { qos: 1 })
    await eventually(() => expect(under.received).toHaveLength(5))
    expect(under.received.slice(0, 4).map(({ terminal, leaf, text }) => `${terminal} ${leaf} ${text}`)).toEqual(
      ['hello', 'batch', 'health', 'status'].map((leaf) => `till-1 ${leaf} my ${leaf}`),
    )
    under.brokers.publish('till-1', 'ack', '1')
    under.brokers.publish('till-1', 'desired', '2')
    under.brokers.publish('till-2', 'ack', '3')
    under.brokers.publish('nobody', 'ack', '4')
    await eventually(() => expect(heard).toEqual(['smilepost/v1/till-1/ack 1', 'smilepost/v1/till-1/desired 2']))
    await eventually(() => expect(others).toEqual(['smilepost/v1/till-2/ack 3']))
  })

  it.each([
    ['a wrong password', { password: 'guess' }],
    ['no password', { password: '' }],
    ['no user name', { username: undefined, password: undefined }],
    ['another user', { username: 'nobody' }],
    [
      'a retained will',
      { will: { topic: 'smilepost/v1/till-1/status', payload: Buffer.from('x'), qos: 1, retain: true } },
    ],
  ] as [string, IClientOptions][])('lets nobody in with %s', async (_what, options) => {
    const client = connect('till-1', options)
    const hasConnected = vi.fn()
    client.on('connect', hasConnected)
    await new Promise<void>((resolve) => client.once('close', () => resolve()))
    expect(hasConnected).not.toHaveBeenCalled()
  })

  it.each([
    'smilepost/v1/till-2/batch',
    'smilepost/v1/till-2/status',
    'smilepost/v1/till-1/ack',
    'smilepost/v1/till-1/batch/more',
    'smilepost/v1/till-1/other',
    '$SYS/broker/heartbeat',
    'elsewhere',
  ])('takes nothing that till-1 publishes to %s', async (topic) => {
    const [client, victim] = [await connected('till-1'), await connected('till-2')]
    const heard = heardBy(victim)
    await victim.subscribeAsync('smilepost/v1/till-2/ack')
    client.publish(topic, 'forged', { qos: 1 })
    // The fence is till-1's own next message: what came before it on this connection has been dealt with.
    client.publish('smilepost/v1/till-1/health', 'fence', { qos: 1 })
    await passFence('till-2')
    expect(receivedBesides()).toEqual([])
    expect(heard).toEqual([])
  })

  it.each([
    'smilepost/v1/till-2/ack',
    'smilepost/v1/+/ack',
    'smilepost/v1/till-2/#',
    '#',
    '+/+/+/+',
    '$share/group/smilepost/v1/+/ack',
  ])('brings till-1 nothing of till-2 on %s, not in a kept session either', async (filter) => {
    const owner = await connected('till-2')
    const owned = heardBy(owner)
    await owner.subscribeAsync('smilepost/v1/till-2/ack', { qos: 1 })
    await owner.publishAsync('smilepost/v1/till-2/hello', 'fence', { qos: 1 })
    await eventually(() => expect(under.received).toHaveLength(1))
    const heard: string[][] = []
    for (const clean of [true, false, false]) {
      const spy = connect('till-1', { clean })
      heard.push(heardBy(spy))
      await new Promise<void>((resolve) => spy.once('connect', () => resolve()).once('close', () => resolve()))
      await new Promise<void>((resolve) => {
        spy.once('close', () => resolve())
        if (spy.connected) spy.subscribe(filter, { qos: 1 }, () => resolve())
        else resolve()
      })
      under.brokers.publish('till-2', 'ack', `secret ${heard.length}`)
      await eventually(() => expect(owned).toHaveLength(heard.length))
      spy.end(true)
    }
    expect(heard.flat().filter((text) => text.includes('secret'))).toEqual([])
  })

  it('fires the will of a terminal that vanished, not of one that said goodbye', async () => {
    const will = { topic: 'smilepost/v1/till-1/status', payload: Buffer.from('gone'), qos: 1 as const, retain: false }
    const polite = await connected('till-1', { will })
    await polite.endAsync()
    await passFence()
    expect(receivedBesides()).toEqual([])
    const gone = await connected('till-1', { will })
    gone.stream.destroy()
    await eventually(() => expect(receivedBesides()).toEqual([{ terminal: 'till-1', leaf: 'status', text: 'gone' }]))
  })

  it('a terminal that comes back takes over from its old connection and is answered there', async () => {
    const old = await connected('till-1')
    const closed = new Promise<void>((resolve) => old.once('close', () => resolve()))
    const fresh = await connected('till-1')
    await closed
    await fresh.subscribeAsync('smilepost/v1/till-1/ack')
    const heard = heardBy(fresh)
    await fresh.publishAsync('smilepost/v1/till-1/hello', 'x', { qos: 1 })
    await eventually(() => expect(under.received).toHaveLength(1))
    under.brokers.publish('till-1', 'ack', 'hello')
    await eventually(() => expect(heard).toHaveLength(1))
  })

  it('carries the largest payload, and cuts off who sends a larger packet', async () => {
    const client = await connected('till-1')
    await client.publishAsync('smilepost/v1/till-1/batch', 'x'.repeat(32 * 1024), { qos: 1 })
    await eventually(() => expect(under.received).toHaveLength(1))
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()))
    client.publish('smilepost/v1/till-1/batch', 'x'.repeat(33 * 1024), { qos: 1 })
    await closed
    await passFence()
    expect(receivedBesides()).toHaveLength(1)
  })

  it('cuts off who wants a message retained', async () => {
    const client = await connected('till-1')
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()))
    client.publish('smilepost/v1/till-1/batch', 'x', { qos: 1, retain: true })
    await closed
    await passFence()
    expect(receivedBesides()).toEqual([])
  })
})
