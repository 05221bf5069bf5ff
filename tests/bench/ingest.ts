/**
 * How many presses a second ingest makes durable, without a broker, and how that compares with bare inserts on the same disk in the
 * same run: `npm run bench -- ingest`.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { openIngest } from '../../src/central/ingest/open-ingest.ts'
import { openSqliteStore } from '../../src/central/store/sqlite/open-sqlite-store.ts'
import { formatBatch } from '../../src/contracts/format-batch.ts'
import type { TerminalRecord } from '../../src/contracts/records.ts'
import { systemClock } from '../../src/shared/clock.ts'
import { makeLogger } from '../../src/shared/logger.ts'
import { placeTerminals } from '../central/ingest/ingest-harness.ts'
import { hashText } from '../support/record-arbitraries.ts'

const terminalCount = 50
const batchesPerTerminal = 20
const batchSize = 200
const presses = terminalCount * batchesPerTerminal * batchSize
const commitSize = 4_000
const bootedAtMs = Date.now() - 40 * 86_400_000

function makeRecord(terminal: number, sequence: number): TerminalRecord {
  const monoMs = sequence * 60_000
  const common = { sequence, boot: `b0070000${terminal}`, monoMs, wallMs: bootedAtMs + monoMs }
  if (sequence === 1) return { ...common, kind: 'anchor', utcMs: bootedAtMs + monoMs, errorMs: 20, clock: 'kernel' }
  const box = (0xb0000000 + terminal).toString(16)
  const question = { question: 'service', surveyRevision: 1, value: (sequence * 7) % 4 }
  return { ...common, kind: 'press', ...question, spreadMs: 0, flags: 0, source: 'box', box, boxSeq: sequence }
}

function makePayloads(): { terminal: string; payload: Uint8Array }[] {
  const payloads = []
  for (let batch = 0; batch < batchesPerTerminal; batch += 1) {
    for (let terminal = 0; terminal < terminalCount; terminal += 1) {
      const first = batch * batchSize + 1
      const records = Array.from({ length: batchSize }, (_, i) => makeRecord(terminal, first + i))
      const epoch = terminal.toString(16).padStart(16, 'e')
      payloads.push({
        terminal: `till-${terminal}`,
        payload: Buffer.from(formatBatch({ epoch, first, records }, hashText)),
      })
    }
  }
  return payloads
}

type Rate = { wall: number; cpu: number }
/** Rates per second of time passed and per second of processor time, which says more on a machine that is busy otherwise. */
function startRate(): () => Rate {
  const startedAtMs = performance.now()
  const cpu = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(cpu)
    return {
      wall: Math.round((presses * 1_000) / (performance.now() - startedAtMs)),
      cpu: Math.round((presses * 1_000_000) / (user + system)),
    }
  }
}

async function measureIngest(folder: string): Promise<{ fresh: Rate; repeated: Rate }> {
  const store = await openSqliteStore({ path: join(folder, 'central.db'), logger: makeLogger('silent') })
  await placeTerminals(
    store,
    Array.from({ length: terminalCount }, (_, terminal) => `till-${terminal}`),
  )
  const ingest = openIngest({
    store,
    makeDesired: async () => null,
    publish: () => undefined,
    clock: systemClock,
    logger: makeLogger('silent'),
    onCommitted: () => undefined,
  })
  const payloads = makePayloads()
  const run = async () => {
    const rate = startRate()
    for (const { terminal, payload } of payloads) {
      ingest.receive(terminal, 'batch', payload)
      if (ingest.waiting() > commitSize * 2) await ingest.idle()
    }
    await ingest.idle()
    return rate()
  }
  const result = { fresh: await run(), repeated: await run() }
  const stored = (await store.read.ledgerCounters('till-0')).stored
  if (stored !== batchesPerTerminal * batchSize - 1) throw new Error(`till-0 has ${stored} presses`)
  await ingest.close()
  await store.close()
  return result
}

/** One prepared insert of the same members into a plain table, WAL and synchronous=FULL, as many rows a commit. */
function measureBare(folder: string): Rate {
  const db = new Sqlite(join(folder, 'bare.db'))
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.exec(`CREATE TABLE press (terminal INTEGER, epoch INTEGER, sequence INTEGER, boot INTEGER, mono_ms INTEGER, wall_ms INTEGER,
    received_at_ms INTEGER, question INTEGER, value INTEGER, box INTEGER, box_seq INTEGER, utc_ms INTEGER, error_ms INTEGER,
    PRIMARY KEY (terminal, epoch, sequence)) STRICT, WITHOUT ROWID`)
  const insert = db.prepare('INSERT INTO press VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const rate = startRate()
  for (let done = 0; done < presses; done += commitSize) {
    db.transaction(() => {
      for (let i = done; i < done + commitSize; i += 1) {
        insert.run(i % terminalCount, 1, i, 1, i * 60_000, bootedAtMs, bootedAtMs, 1, i % 4, 1, i, bootedAtMs + i, 20)
      }
    })()
  }
  const result = rate()
  db.close()
  return result
}

const folder = mkdtempSync(join(tmpdir(), 'smilepost-bench-'))
try {
  const bare = measureBare(folder)
  const { fresh, repeated } = await measureIngest(folder)
  for (const [name, rate] of Object.entries({ 'bare inserts': bare, ingest: fresh, repeats: repeated })) {
    const share = Math.round((100 * rate.cpu) / bare.cpu)
    process.stdout.write(
      `${name}: ${rate.wall} presses/s, ${rate.cpu} per processor second (${share} % of bare inserts)\n`,
    )
  }
} finally {
  rmSync(folder, { recursive: true })
}
