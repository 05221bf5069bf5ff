/** A small installation in a temporary folder, set up by the command as its owner would: one touchpoint, one terminal. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { runSmilepost, type SmilepostProcess, startSmilepost } from './smilepost-process.ts'

export type Installation = {
  folder: string
  httpUrl: string
  startCentral(): Promise<SmilepostProcess>
  /** @param device of the box; none without */
  startTerminal(device?: string): Promise<SmilepostProcess & { kioskUrl: string }>
  /** Rows of the central's database, read by plain SQL beside the service. */
  readCentral<Row>(sql: string): Row[]
  readOutbox<Row>(sql: string, ...parameters: unknown[]): Row[]
  close(): Promise<void>
}

const layout = `
[[places]]
id = "shop"
name = "Harbour Street"
kind = "store"
[[surveys]]
question = "service"
revision = 1
scaleMax = 3
texts = [{ language = "en", text = "How was our service?" }, { language = "cs", text = "Jaká byla obsluha?" }]
[[touchpoints]]
id = "exit"
place = "shop"
name = "Exit"
zone = "Europe/Prague"
question = "service"
`

function takePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}

async function runOrFail(args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runSmilepost(args)
  if (code !== 0) throw new Error(`smilepost ${args.join(' ')} ended with ${code}: ${stderr}`)
  return stdout
}

function readRows<Row>(path: string, sql: string, parameters: unknown[]): Row[] {
  const database = new Database(path, { readonly: true })
  try {
    return database.prepare(sql).all(...parameters) as Row[]
  } finally {
    database.close()
  }
}

export async function openInstallation(): Promise<Installation> {
  const folder = mkdtempSync(join(tmpdir(), 'smilepost-test-'))
  const http = await takePort()
  const broker = await takePort()
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const quoted = (name: string) => JSON.stringify(join(folder, name))
  const central = file(
    'central.toml',
    `data = ${quoted('central')}\n[http]\nport = ${http}\n[broker]\nport = ${broker}\n[log]\nlevel = "warn"\n`,
  )
  await runOrFail(['places', 'apply', file('places.toml', layout), '--config', central])
  const created = await runOrFail([
    'terminals',
    'create',
    'kiosk-1',
    '--touchpoint',
    'exit',
    '--config',
    central,
    '--json',
  ])
  const { secret } = JSON.parse(created) as { secret: string }
  const running: SmilepostProcess[] = []

  const makeTerminalConfig = (device: string) => `
[terminal]
id = "kiosk-1"
data = ${quoted('terminal')}
[serial]
device = ${JSON.stringify(device)}
[broker]
urls = ["mqtt://127.0.0.1:${broker}"]
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
    folder,
    httpUrl: `http://127.0.0.1:${http}`,
    async startCentral() {
      const process = startSmilepost(['central', '--config', central])
      running.push(process)
      await process.waitForOutput(/^broker /m)
      return process
    },
    async startTerminal(device = '') {
      const config = file('terminal.toml', makeTerminalConfig(device))
      const process = startSmilepost(['terminal', '--config', config], { SMILEPOST_SECRET: secret })
      running.push(process)
      const [, kioskUrl = ''] = await process.waitForOutput(/^kiosk (\S+)$/m)
      return { ...process, kioskUrl }
    },
    readCentral: (sql) => readRows(join(folder, 'central/central.sqlite'), sql, []),
    readOutbox: (sql, ...parameters) => readRows(join(folder, 'terminal/outbox.sqlite'), sql, parameters),
    async close() {
      await Promise.all(running.map((process) => process.end('SIGKILL')))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
