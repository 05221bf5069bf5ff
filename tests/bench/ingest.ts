/**
 * How many presses a second ingest makes durable, without a broker, and how that compares with the same SQL alone on the same disk in the
 * same run: `npm run bench -- ingest`. What a whole central does, from sockets to acks, tells `central-load`.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openIngest } from '../../src/central/ingest/open-ingest.ts'
import { openSqliteStore } from '../../src/central/store/sqlite/open-sqlite-store.ts'
import { systemClock } from '../../src/shared/clock.ts'
import { makeLogger } from '../../src/shared/logger.ts'
import { measureBare } from './support/bare-ingest.ts'
import { type LoadPlan, makePayloads, nameOf, pressesOf } from './support/load-plan.ts'
import { type Figure, printFigures } from './support/print-figures.ts'
import { provisionTerminals } from './support/provision-terminals.ts'

const plans: Record<string, LoadPlan> = {
  'batches of 200': { terminals: 100, batchesPerTerminal: 20, pressesPerBatch: 199, onTheWay: 20 },
  'one press a batch': { terminals: 4_000, batchesPerTerminal: 10, pressesPerBatch: 1, onTheWay: 200 },
}

type Spent = { seconds: number; cpuSeconds: number }

async function spend(work: () => Promise<void>): Promise<Spent> {
  const startMs = performance.now()
  const cpu = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(cpu)
  return { seconds: (performance.now() - startMs) / 1_000, cpuSeconds: (user + system) / 1e6 }
}

async function measureIngest(plan: LoadPlan, folder: string): Promise<{ fresh: Spent; repeated: Spent }> {
  const store = await openSqliteStore({ path: join(folder, 'central.db'), logger: makeLogger('silent') })
  await provisionTerminals(store, plan.terminals)
  const ingest = openIngest({
    ...{ store, clock: systemClock, logger: makeLogger('silent') },
    makeDesired: async () => null,
    publish: () => undefined,
    onCommitted: () => undefined,
  })
  const payloads = Array.from({ length: plan.terminals }, (_, terminal) =>
    makePayloads(plan, terminal, Date.now()).map(({ payload }) => Buffer.from(payload)),
  )
  const send = async (from: number, to: number) => {
    for (let batch = from; batch < to; batch += 1) {
      for (const [terminal, ofTerminal] of payloads.entries()) {
        ingest.receive(nameOf(terminal), 'batch', ofTerminal[batch] as Buffer)
        if (ingest.waiting() >= plan.onTheWay * plan.pressesPerBatch) await ingest.idle()
      }
    }
    await ingest.idle()
  }
  await send(0, 1)
  const fresh = await spend(() => send(1, plan.batchesPerTerminal + 1))
  const repeated = await spend(() => send(1, plan.batchesPerTerminal + 1))
  const { stored } = await store.read.ledgerCounters(nameOf(0))
  const expected = plan.batchesPerTerminal * plan.pressesPerBatch
  if (stored !== expected) throw new Error(`${nameOf(0)} has ${stored} presses, ${expected} were sent`)
  await ingest.close()
  await store.close()
  return { fresh, repeated }
}

const figures: Figure[] = []
for (const [name, plan] of Object.entries(plans)) {
  const folder = mkdtempSync(join(tmpdir(), 'smilepost-bench-'))
  try {
    const bare = await measureBare(plan, plan.onTheWay)
    const { fresh, repeated } = await measureIngest(plan, folder)
    const perPress = (spent: Spent) => (spent.cpuSeconds * 1e6) / pressesOf(plan)
    const addRow = (what: string, rate: number, cpuUs: number) => {
      const ratio = rate / bare.pressesPerSecond
      figures.push({ what: `${what}, ${name}`, value: rate, unit: 'presses/s', ratio, to: 'bare' })
      figures.push({
        what: '  processor',
        value: cpuUs,
        unit: 'us a press',
        ratio: cpuUs / bare.cpuUsPerPress,
        to: 'bare',
      })
    }
    addRow('bare SQL', bare.pressesPerSecond, bare.cpuUsPerPress)
    addRow('ingest', pressesOf(plan) / fresh.seconds, perPress(fresh))
    addRow('repeats', pressesOf(plan) / repeated.seconds, perPress(repeated))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
printFigures('ingest', figures)
