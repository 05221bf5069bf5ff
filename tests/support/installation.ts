/** A small installation in a temporary folder, set up by the command as its owner would: one touchpoint, one terminal or two. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { hasMosquitto, type Mosquitto, openMosquitto } from './mosquitto.ts'
import { prepareInstallation } from './prepare-installation.ts'
import { type SmilepostProcess, startSmilepost } from './smilepost-process.ts'
import { takePort } from './take-port.ts'

/** What stands between terminal and central. */
export type BrokerKind = 'embedded' | 'mosquitto' | 'two mosquittos'
/** Those that this machine can run; where CI=true all of them. */
export const listBrokerKinds = (): BrokerKind[] => (hasMosquitto() ? ['embedded', 'mosquitto'] : ['embedded'])

export type Installation = {
  folder: string
  /** External brokers, already running; none with the embedded one. */
  brokers: readonly Mosquitto[]
  httpUrl: string
  secretOf(terminal: string): string
  startCentral(): Promise<SmilepostProcess>
  /**
   * @param device of the box; none without
   * @param data folder of the terminal's data; another one is another card under the same name
   */
  startTerminal(device?: string, data?: string): Promise<SmilepostProcess & { kioskUrl: string }>
  /** Rows of the central's database, read by plain SQL beside the service. */
  readCentral<Row>(sql: string): Row[]
  readOutbox<Row>(sql: string, ...parameters: unknown[]): Row[]
  close(): Promise<void>
}

function readRows<Row>(path: string, sql: string, parameters: unknown[]): Row[] {
  const database = new Database(path, { readonly: true })
  try {
    return database.prepare(sql).all(...parameters) as Row[]
  } finally {
    database.close()
  }
}

const centralAccount = { username: 'smilepost-central', password: 'password of the central' }

function formatBrokers(port: number, brokers: readonly Mosquitto[]): string {
  if (brokers.length === 0) return `[broker]\nport = ${port}\n`
  const { username, password } = centralAccount
  const external = brokers.map(({ url }) =>
    ['[[broker.external]]', ...toml({ url, username, password }), ''].join('\n'),
  )
  return `[broker]\nembedded = false\n${external.join('')}`
}

const toml = (values: Record<string, string>) =>
  Object.entries(values).map(([name, value]) => `${name} = ${JSON.stringify(value)}`)

async function openMosquittos(kind: BrokerKind): Promise<Mosquitto[]> {
  const users = { [centralAccount.username]: centralAccount.password }
  const count = { embedded: 0, mosquitto: 1, 'two mosquittos': 2 }[kind]
  const brokers: Mosquitto[] = []
  for (let i = 0; i < count; i += 1) brokers.push(await openMosquitto({ users }))
  return brokers
}

export async function openInstallation(
  kind: BrokerKind = 'embedded',
  terminals: readonly string[] = ['kiosk-1'],
): Promise<Installation> {
  const folder = mkdtempSync(join(tmpdir(), 'smilepost-test-'))
  const http = await takePort()
  const port = await takePort()
  const brokers = await openMosquittos(kind)
  const urls = brokers.length > 0 ? brokers.map(({ url }) => url) : [`mqtt://127.0.0.1:${port}`]
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const quoted = (name: string) => JSON.stringify(join(folder, name))
  const central = file(
    'central.toml',
    `data = ${quoted('central')}\n[http]\nport = ${http}\n${formatBrokers(port, brokers)}[log]\nlevel = "warn"\n`,
  )
  const secrets = await prepareInstallation(folder, terminals)
  for (const broker of brokers) {
    for (const [terminal, secret] of secrets) broker.addUser(terminal, secret)
    broker.reload()
  }
  const secretOf = (terminal: string) => {
    const secret = secrets.get(terminal)
    if (secret === undefined) throw new Error(`no terminal ${terminal}`)
    return secret
  }
  const running: SmilepostProcess[] = []

  const makeTerminalConfig = (device: string, data: string) => `
[terminal]
id = "kiosk-1"
data = ${quoted(data)}
[serial]
device = ${JSON.stringify(device)}
[broker]
urls = ${JSON.stringify(urls)}
[kiosk]
port = 0
[survey]
question = "service"
[reconnect]
outageSpreadMs = 200
firstDelayMs = 100
maxDelayMs = 500
[log]
level = "warn"
`
  return {
    ...{ folder, brokers, secretOf },
    httpUrl: `http://127.0.0.1:${http}`,
    async startCentral() {
      const process = startSmilepost(['central', '--config', central])
      running.push(process)
      await process.waitForOutput(/^broker /m)
      return process
    },
    async startTerminal(device = '', data = 'terminal') {
      const config = file(`${data}.toml`, makeTerminalConfig(device, data))
      const process = startSmilepost(['terminal', '--config', config], { SMILEPOST_SECRET: secretOf('kiosk-1') })
      running.push(process)
      const [, kioskUrl = ''] = await process.waitForOutput(/^kiosk (\S+)$/m)
      return { ...process, kioskUrl }
    },
    readCentral: (sql) => readRows(join(folder, 'central/central.sqlite'), sql, []),
    readOutbox: (sql, ...parameters) => readRows(join(folder, 'terminal/outbox.sqlite'), sql, parameters),
    async close() {
      await Promise.all(running.map((process) => process.end('SIGKILL')))
      for (const broker of brokers) await broker.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
