import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mqtt, { type MqttClient } from 'mqtt'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type CentralConfig, centralDatabase, loadCentralConfig, parseCentralConfig } from '../../src/central/config.ts'
import { createTerminal } from '../../src/central/fleet/create-terminal.ts'
import { type Central, startCentral } from '../../src/central/main.ts'
import { openSqliteStore } from '../../src/central/store/sqlite/open-sqlite-store.ts'
import { formatBatch } from '../../src/contracts/format-batch.ts'
import type { TerminalRecord } from '../../src/contracts/records.ts'
import { ConfigError } from '../../src/shared/config-file.ts'
import { putTouchpoints, question } from '../support/central-store.ts'
import { hasMosquitto, openMosquitto } from '../support/mosquitto.ts'
import { hashText } from '../support/record-arbitraries.ts'
import { silentLogger } from '../support/silent-logger.ts'

let folder: string
let config: CentralConfig
let secret: string
const running: Central[] = []
const clients: MqttClient[] = []

const start = async (): Promise<Central> => {
  const central = await startCentral({ config, logger: silentLogger })
  running.push(central)
  return central
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'smilepost-main-'))
  config = parseCentralConfig(`data = ${JSON.stringify(folder)}\nhttp.port = 0\nbroker.port = 0`, 'test')
  const store = await openSqliteStore({ path: centralDatabase(config), logger: silentLogger })
  await putTouchpoints(store, [{ id: 't1' }])
  const randomBytes = () => new Uint8Array(16)
  secret = (await createTerminal(store, { id: 'exit-1', name: 'Exit', touchpoint: 't1', fromMs: 0, randomBytes }))
    .secret
  await store.close()
})
afterEach(async () => {
  for (const client of clients.splice(0)) client.end(true)
  for (const central of running.splice(0)) await central.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** An anchor and some presses of the last minutes. */
function makeBatch(values: readonly number[]): string {
  const epoch = '00000000000000ee'
  const nowMs = Date.now()
  const common = { boot: 'b0000000-0000-0000-0000-00000000000b', wallMs: nowMs }
  const anchor: TerminalRecord = {
    kind: 'anchor',
    sequence: 1,
    monoMs: 1_000_000,
    utcMs: nowMs,
    errorMs: 20,
    clock: 'exchange',
    ...common,
  }
  const presses = values.map((value, i): TerminalRecord => {
    const at = { sequence: i + 2, monoMs: 1_000_000 - (values.length - i) * 10_000, ...common }
    const rest = {
      question,
      surveyRevision: 1,
      spreadMs: 0,
      flags: 0,
      source: 'box',
      box: '0badcafe',
      boxSeq: i + 1,
    } as const
    return { kind: 'press', value, ...at, ...rest }
  })
  return formatBatch({ epoch, first: 1, records: [anchor, ...presses] }, hashText)
}

async function connect(central: Central): Promise<MqttClient> {
  const client = mqtt.connect(central.brokerUrls[0] ?? '', {
    clientId: 'exit-1',
    username: 'exit-1',
    password: secret,
    reconnectPeriod: 0,
  })
  clients.push(client)
  await new Promise((resolve) => client.once('connect', resolve))
  await client.subscribeAsync('smilepost/v1/exit-1/ack', { qos: 1 })
  return client
}

const nextMessage = (client: MqttClient) =>
  new Promise<string>((resolve) => client.once('message', (_topic, payload) => resolve(payload.toString())))

// biome-ignore lint/suspicious/noExplicitAny: the shapes of answers are checked in tests/central/api
const getJson = async (central: Central, path: string): Promise<any> => (await fetch(central.httpUrl + path)).json()

describe('the central', () => {
  it('takes a press from the broker to the page', async () => {
    const central = await start()
    const client = await connect(central)
    const acked = nextMessage(client)
    await client.publishAsync('smilepost/v1/exit-1/batch', makeBatch([3, 3, 0]), { qos: 1 })
    expect(JSON.parse(await acked)).toMatchObject({ epoch: '00000000000000ee', upTo: 4 })
    await central.drain()
    const dateIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
    const [yesterday, tomorrow] = [dateIn(-1), dateIn(1)]
    const profile = await getJson(central, `/api/v1/touchpoints/t1/hours?from=${yesterday}&to=${tomorrow}`)
    expect({ counts: profile.total.counts, misuse: profile.misuse }).toEqual({ counts: [2, 0, 0, 1], misuse: 0 })
    const ledger = await getJson(central, '/api/v1/terminals/exit-1/ledger')
    expect(ledger).toMatchObject({ pressed: 3, stored: 3, missing: [] })
    const metrics = await (await fetch(`${central.httpUrl}/metrics`)).text()
    expect(metrics).toMatch(/^smilepost_ingest_events_total\{event="records"\} 4$/m)
    expect(metrics).toMatch(/^smilepost_labels_events_total\{event="labelled"\} 3$/m)
    expect(metrics).toMatch(/^smilepost_broker_events_total\{event="connected"\} 1$/m)
  })

  it('shows a press on an open page', async () => {
    const central = await start()
    const client = await connect(central)
    const abort = new AbortController()
    const answer = await fetch(`${central.httpUrl}/api/v1/touchpoints/t1/live`, { signal: abort.signal })
    let text = ''
    const reading = (async () => {
      for await (const chunk of answer.body ?? []) text += Buffer.from(chunk).toString()
    })().catch(() => {})
    await expect.poll(() => text).toContain('event: live')
    const events = text.length
    await client.publishAsync('smilepost/v1/exit-1/batch', makeBatch([3]), { qos: 1 })
    await expect.poll(() => text.slice(events), { timeout: 10_000, interval: 20 }).toContain('event: live')
    abort.abort()
    await reading
  })

  it('serves its pages while an external broker is away, and says that it is', async () => {
    const url = 'mqtt://127.0.0.1:1'
    const account = { username: 'central', password: 'x' }
    const filters = ['smilepost/v1/+/batch']
    config = { ...config, broker: { ...config.broker, external: [{ url, ...account, filters }] } }
    const central = await start()
    expect(central.brokerUrls).toEqual([expect.stringMatching(/^mqtt:/), url])
    expect((await getJson(central, '/readyz')).brokers).toEqual([
      { url: central.brokerUrls[0], connected: true, isolation: 'proven' },
      { url, connected: false, isolation: 'unchecked' },
    ])
    const readMetrics = async () => (await fetch(`${central.httpUrl}/metrics`)).text()
    await expect.poll(readMetrics).toMatch(/event="connect-failed@127\.0\.0\.1:1"} [1-9]/)
    expect(await readMetrics()).toContain('event="connected@127.0.0.1:1"} 0')
    // The embedded broker goes on as ever beside it.
    const client = await connect(central)
    const acked = nextMessage(client)
    await client.publishAsync('smilepost/v1/exit-1/batch', makeBatch([3]), { qos: 1 })
    expect(JSON.parse(await acked)).toMatchObject({ upTo: 2 })
  })

  it.runIf(hasMosquitto())('stores once what comes by two brokers, and answers over each', async () => {
    const mosquitto = await openMosquitto({ users: { 'smilepost-central': 'x', 'exit-1': secret } })
    try {
      const filters = ['hello', 'batch', 'health', 'status'].map((leaf) => `$share/ingest/smilepost/v1/+/${leaf}`)
      const external = [{ url: mosquitto.url, username: 'smilepost-central', password: 'x', filters }]
      config = { ...config, broker: { ...config.broker, external } }
      const central = await start()
      const readMetrics = async () => (await fetch(`${central.httpUrl}/metrics`)).text()
      await expect.poll(readMetrics).toContain(`event="connected@127.0.0.1:${mosquitto.port}"} 1`)
      const batch = makeBatch([3, 2, 0])
      for (const url of central.brokerUrls) {
        const client = await connect({ ...central, brokerUrls: [url] })
        const acked = nextMessage(client)
        await client.publishAsync('smilepost/v1/exit-1/batch', batch, { qos: 1 })
        expect(JSON.parse(await acked)).toMatchObject({ upTo: 4 })
      }
      expect(central.brokerUrls).toHaveLength(2)
      expect(await getJson(central, '/api/v1/terminals/exit-1/ledger')).toMatchObject({ stored: 3, quarantined: 0 })
      await central.stop()
    } finally {
      await mosquitto.close()
    }
  })

  it('lets nobody in with a wrong secret', async () => {
    const central = await start()
    secret = 'guess'
    const client = mqtt.connect(central.brokerUrls[0] ?? '', {
      clientId: 'exit-1',
      username: 'exit-1',
      password: secret,
      reconnectPeriod: 0,
    })
    clients.push(client)
    const error = await new Promise((resolve) => client.once('error', resolve))
    expect(String(error)).toMatch(/Bad username or password/i)
  })

  it('stops, and starts again with what it had', async () => {
    const first = await start()
    const client = await connect(first)
    const acked = nextMessage(client)
    await client.publishAsync('smilepost/v1/exit-1/batch', makeBatch([2, 2]), { qos: 1 })
    await acked
    await first.stop()
    await first.stop()
    await expect(fetch(`${first.httpUrl}/healthz`)).rejects.toThrow()
    const second = await start()
    await second.drain()
    expect(await getJson(second, '/api/v1/terminals/exit-1/ledger')).toMatchObject({ stored: 2 })
    expect(await (await fetch(`${second.httpUrl}/metrics`)).text()).toContain('smilepost_labels_dirty_hours 0')
  })

  it('says which port is taken, and leaves nothing running', async () => {
    const taken = createServer()
    taken.listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as { port: number }
    for (const part of ['http', 'broker'] as const) {
      const options = { config: { ...config, [part]: { ...config[part], port } }, logger: silentLogger }
      await expect(startCentral(options)).rejects.toMatchObject({ code: 'address-taken' })
    }
    taken.close()
    // The database is free again, so a start with other ports succeeds.
    expect((await getJson(await start(), '/readyz')).status).toBe('ready')
  })
})

describe('the configuration', () => {
  it('has a default for every key, and the example shows them', () => {
    const defaults = parseCentralConfig('', 'defaults')
    expect(defaults).toEqual({
      data: 'smilepost-data',
      http: { host: '127.0.0.1', port: 8080 },
      broker: { embedded: true, host: '127.0.0.1', port: 1883, external: [] },
      log: { level: 'info' },
    })
    expect(loadCentralConfig('config/central.toml')).toEqual(defaults)
    expect(loadCentralConfig()).toEqual(defaults)
  })

  it('names every fault at once', () => {
    const text = 'dta = "x"\n[http]\nhost = "0.0.0.0"\nport = "80"\n[broker]\nport = 70000\n[log]\nlevel = "loud"'
    const read = () => parseCentralConfig(text, 'central.toml')
    expect(read).toThrow(ConfigError)
    const faults = (() => {
      try {
        read()
      } catch (error) {
        return (error as ConfigError).faults
      }
      return []
    })()
    expect(faults).toEqual(
      expect.arrayContaining([
        'dta: unknown key',
        expect.stringMatching(/^http\.host: expected one of 127\.0\.0\.1, ::1, localhost/),
        expect.stringMatching(/^http\.port: /),
        expect.stringMatching(/^broker\.port: /),
        'log.level: expected debug, info, warn, error or silent',
      ]),
    )
    expect(faults).toHaveLength(5)
  })

  it('takes external brokers, their passwords from the environment', () => {
    const text = `
[broker]
embedded = false
[[broker.external]]
url = "mqtts://one.example:8883"
username = "central"
password = "from the file"
[broker.external.check]
witness = { username = "w", password = "x" }
probes = [{ username = "p1", password = "y" }, { username = "p2", password = "z" }]
[[broker.external]]
url = "mqtt://127.0.0.1:1884"
username = "central"
filters = ["smilepost/v1/+/hello", "$share/ingest/smilepost/v1/+/batch", "smilepost/v1/+/health", "smilepost/v1/+/status"]
`
    const { broker } = parseCentralConfig(text, 'test', { SMILEPOST_BROKER_PASSWORD: 'general' })
    expect(broker.embedded).toBe(false)
    expect(broker.external.map(({ password }) => password)).toEqual(['from the file', 'general'])
    expect(broker.external[0]?.filters).toEqual(
      ['hello', 'batch', 'health', 'status'].map((leaf) => `smilepost/v1/+/${leaf}`),
    )
    expect(broker.external[0]?.check?.probes[1]).toEqual({ username: 'p2', password: 'z' })
    expect(broker.external[1]?.filters).toContain('$share/ingest/smilepost/v1/+/batch')
    const own = parseCentralConfig(text, 'test', {
      SMILEPOST_BROKER_PASSWORD_1: 'own',
      SMILEPOST_BROKER_PASSWORD: 'general',
    })
    expect(own.broker.external.map(({ password }) => password)).toEqual(['own', 'general'])
  })

  it.each([
    ['[broker]\nembedded = false', /^broker: no broker at all/],
    [
      '[[broker.external]]\nurl = "http://x"\nusername = "c"\npassword = "p"',
      /^broker\.external\.0\.url: expected a URL/,
    ],
    [
      '[[broker.external]]\nurl = "mqtt://u:p@x"\nusername = "c"\npassword = "p"',
      /^broker\.external\.0\.url: .*without a user name/,
    ],
    [
      '[[broker.external]]\nurl = "mqtt://x?clientId=till-1"\nusername = "c"\npassword = "p"',
      /^broker\.external\.0\.url: .*or query/,
    ],
    ['[[broker.external]]\nurl = "mqtt://x"\npassword = "p"', /^broker\.external\.0\.username: missing/],
    [
      '[[broker.external]]\nurl = "mqtt://x"\nusername = "c"\npassword = "p"\nfilters = ["smilepost/v1/+/batch"]',
      /^broker\.external\.0\.filters: expected a filter for each of hello/,
    ],
    [
      '[[broker.external]]\nurl = "mqtt://x"\nusername = "c"\npassword = "p"\n'.repeat(2),
      /^broker\.external: a URL stands there twice/,
    ],
    [
      '[[broker.external]]\nurl = "mqtt://x"\nusername = "c"\npassword = "p"\ncolour = 1',
      /^broker\.external\.0\.colour: unknown key/,
    ],
  ])('refuses a broker that can not work: %s', (text, fault) => {
    try {
      parseCentralConfig(text, 'central.toml')
      expect.unreachable('it was taken')
    } catch (error) {
      expect((error as ConfigError).faults).toEqual([expect.stringMatching(fault)])
    }
  })

  it('is refused where the central starts with a broker that lacks a password or its certificates', async () => {
    const text =
      '[[broker.external]]\nurl = "mqtts://x"\nusername = "c"\nca = "/nowhere/ca.pem"\n[[broker.external]]\nurl = "mqtt://x"\nusername = "c"\npassword = "p"'
    const starting = startCentral({ config: parseCentralConfig(text, 'central.toml'), logger: silentLogger })
    await expect(starting).rejects.toMatchObject({
      code: 'config-invalid',
      faults: [
        expect.stringMatching(/^broker\.external\.0\.password: .*SMILEPOST_BROKER_PASSWORD_1/),
        expect.stringMatching(/^broker\.external\.0\.ca: \/nowhere\/ca\.pem is no readable file/),
      ],
    })
  })

  it('shows a table of an external broker in its example that is right once it is uncommented', () => {
    const text = readFileSync('config/central.toml', 'utf8')
    const example = text.slice(text.indexOf('# [[broker.external]]'), text.indexOf('[log]')).replaceAll(/^# ?/gm, '')
    const active = example.replace(/^ca = .*$/m, '')
    expect(parseCentralConfig(active, 'example').broker.external).toMatchObject([
      { url: 'mqtts://broker-1.example:8883', check: { witness: { username: 'smilepost-witness' } } },
    ])
  })

  it('is refused with an address that others can reach, wherever it came from', async () => {
    const open = { ...config, broker: { ...config.broker, host: '0.0.0.0' } }
    await expect(startCentral({ config: open, logger: silentLogger })).rejects.toThrow(ConfigError)
  })
})
