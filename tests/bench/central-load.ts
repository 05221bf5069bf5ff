// What a running central takes in, from the terminals' sockets to their acks after COMMIT, through the embedded broker and through
// Mosquitto, beside the same SQL without anything around it in the same run: npm run bench -- central-load
// The terminals are a process of their own; what they cost stands beside, since they share the machine.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Sqlite from 'better-sqlite3'
import { openSqliteStore } from '../../src/central/store/sqlite/open-sqlite-store.ts'
import { makeLogger } from '../../src/shared/logger.ts'
import { hasMosquitto, type Mosquitto, openMosquitto } from '../support/mosquitto.ts'
import { meterProcess } from '../support/process-usage.ts'
import { startSmilepost } from '../support/smilepost-process.ts'
import { takePort } from '../support/take-port.ts'
import { measureBare } from './support/bare-ingest.ts'
import { type LoadPlan, nameOf, pressesOf, secretOf } from './support/load-plan.ts'
import { type Figure, printFigures } from './support/print-figures.ts'
import { provisionTerminals } from './support/provision-terminals.ts'
import { type LoadOrder, type LoadResult, runSenders } from './support/send-load.ts'

const many: LoadPlan = { terminals: 200, batchesPerTerminal: 25, pressesPerBatch: 199, onTheWay: 200 }
const single: LoadPlan = { terminals: 10_000, batchesPerTerminal: 8, pressesPerBatch: 1, onTheWay: 1_000 }
const account = { username: 'smilepost-central', password: 'password of the central' }
/** Below the rate at which the embedded broker begins to refuse. */
const connectsPerSecond = 400

async function provision(path: string, terminals: number): Promise<void> {
  const store = await openSqliteStore({ path, logger: makeLogger('silent') })
  await provisionTerminals(store, terminals)
  await store.close()
}

/** The project's own file, for more connections than a service has by default. */
async function openLargeMosquitto(terminals: number): Promise<Mosquitto> {
  const change = (config: string) => config.replaceAll(/^max_connections \d+$/gm, `max_connections ${terminals + 100}`)
  const users = Array.from({ length: terminals }, (_, i) => [nameOf(i), secretOf(i)] as const)
  return openMosquitto({ users: { ...Object.fromEntries(users), [account.username]: account.password }, change })
}

const startTerminals = (): ChildProcess =>
  spawn(process.execPath, [fileURLToPath(import.meta.url), 'terminals'], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })

async function waitForMessage<T>(child: ChildProcess): Promise<T> {
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`the terminals' process ended with ${code}`)
  })
  const [message] = (await Promise.race([once(child, 'message'), gone])) as [T]
  return message
}

async function readCommits(httpUrl: string): Promise<number> {
  const text = await (await fetch(`${httpUrl}/metrics`)).text()
  return Number(/ingest_events_total\{event="commits"\} (\d+)/.exec(text)?.[1] ?? Number.NaN)
}

function countRows(path: string): { stored: number; labelled: number } {
  const db = new Sqlite(path, { readonly: true })
  const sql = 'SELECT count(*) AS stored, count(label) AS labelled FROM press_row WHERE is_repeat = 0'
  const row = db.prepare<[], { stored: number; labelled: number }>(sql).get()
  db.close()
  return row ?? { stored: 0, labelled: 0 }
}

type Run = LoadResult & {
  batchesPerCommit: number
  centralCpu: number
  brokerCpu: number | null
  rssMb: number
  labelled: number
}

async function measure(plan: LoadPlan, broker: 'embedded' | 'mosquitto'): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'smilepost-load-'))
  const [http, embedded] = [await takePort(), await takePort()]
  const mosquitto = broker === 'mosquitto' ? await openLargeMosquitto(plan.terminals) : null
  const external = mosquitto
    ? `embedded = false\n[[broker.external]]\nurl = "${mosquitto.url}"\nusername = "${account.username}"\npassword = "${account.password}"\n`
    : `port = ${embedded}\n`
  const config = join(folder, 'central.toml')
  const data = join(folder, 'data')
  const database = join(data, 'central.sqlite')
  writeFileSync(
    config,
    `data = ${JSON.stringify(data)}\n[http]\nport = ${http}\n[broker]\n${external}[log]\nlevel = "error"\n`,
  )
  await provision(database, plan.terminals)
  const central = startSmilepost(['central', '--config', config])
  const terminals = startTerminals()
  try {
    await central.waitForOutput(/^broker /m)
    const order: LoadOrder = { plan, port: mosquitto?.port ?? embedded, connectsPerSecond }
    terminals.send(order)
    await waitForMessage(terminals)
    const httpUrl = `http://127.0.0.1:${http}`
    const commits = await readCommits(httpUrl)
    const meters = [central.pid, ...(mosquitto ? [mosquitto.pid()] : [])].map(meterProcess)
    terminals.send('go')
    const result = await waitForMessage<LoadResult>(terminals)
    const [centralUsage, brokerUsage] = meters.map((read) => read())
    const { stored, labelled } = countRows(database)
    if (stored !== pressesOf(plan)) throw new Error(`${stored} presses are stored, ${pressesOf(plan)} were sent`)
    return {
      ...result,
      ...{ batchesPerCommit: result.acked / ((await readCommits(httpUrl)) - commits), labelled },
      ...{ centralCpu: centralUsage?.cpuPercent ?? Number.NaN, rssMb: centralUsage?.rssMb ?? Number.NaN },
      brokerCpu: brokerUsage?.cpuPercent ?? null,
    }
  } finally {
    terminals.kill('SIGKILL')
    await central.end('SIGKILL')
    await mosquitto?.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function describe(what: string, run: Run, bareRate: number, rate: Pick<Figure, 'value' | 'unit' | 'goal'>): Figure[] {
  const share = (cpuPercent: number) => ({ value: cpuPercent, unit: '% of a core' })
  return [
    { what, ...rate, ratio: rate.value / bareRate, to: 'bare' },
    { what: '  batches in a commit', value: run.batchesPerCommit, unit: '' },
    { what: '  batch sent to ack, p50', value: run.ackMs.p50, unit: 'ms' },
    { what: '  batch sent to ack, p99', value: run.ackMs.p99, unit: 'ms' },
    { what: '  the central', ...share(run.centralCpu) },
    { what: '  memory of the central', value: run.rssMb, unit: 'MB' },
    ...(run.brokerCpu === null ? [] : [{ what: '  Mosquitto', ...share(run.brokerCpu) }]),
    { what: '  the terminals', ...share((100 * run.cpuSeconds) / run.seconds) },
    { what: '  sent again, paused', value: run.resent + run.paused, unit: 'batches' },
    { what: '  presses labelled meanwhile', value: run.labelled, unit: '' },
  ]
}

/** Each as soon as it is measured: all four take some minutes. */
const print = (reference: Figure, figures: readonly Figure[]) => printFigures('central-load', [reference, ...figures])

async function compare(plans: readonly string[]): Promise<void> {
  const brokers = (hasMosquitto() ? ['embedded', 'mosquitto'] : ['embedded']) as ('embedded' | 'mosquitto')[]
  for (const [name, plan] of [['many', many] as const, ['single', single] as const]) {
    if (plans.length > 0 && !plans.includes(name)) continue
    for (const broker of brokers) {
      const run = await measure(plan, broker)
      const bare = await measureBare(plan, Math.max(1, Math.round(run.batchesPerCommit)))
      const presses = (run.acked * plan.pressesPerBatch) / run.seconds
      if (plan === many) {
        const reference = { what: 'bare SQL, 200 records a batch', value: bare.pressesPerSecond, unit: 'presses/s' }
        const rate = { value: presses, unit: 'presses/s', goal: '>= 100,000 and 0.4' }
        print(reference, describe(`${broker}: 200 terminals`, run, bare.pressesPerSecond, rate))
      } else {
        const reference = { what: 'bare SQL, one press a batch', value: bare.batchesPerSecond, unit: 'batches/s' }
        const rate = { value: run.acked / run.seconds, unit: 'batches/s', goal: '>= 10,000' }
        print(reference, describe(`${broker}: 10,000 terminals`, run, bare.batchesPerSecond, rate))
      }
    }
  }
}

const words = process.argv.slice(2)
if (words[0] === 'terminals') await runSenders()
else await compare(words.filter((word) => word === 'many' || word === 'single'))
