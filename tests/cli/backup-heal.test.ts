/** A central restored from a backup gets back from its terminals what they still have, and says what they have not. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type CentralConfig, centralDatabase, parseCentralConfig } from '../../src/central/config.ts'
import { hashSecret } from '../../src/central/fleet/terminal-secret.ts'
import { type Central, startCentral } from '../../src/central/main.ts'
import { adoptRestored } from '../../src/central/store/backup/adopt-restored.ts'
import { summariseDatabase } from '../../src/central/store/backup/summarise-database.ts'
import { latestSchema } from '../../src/central/store/sqlite/migrations.ts'
import { openSqliteStore } from '../../src/central/store/sqlite/open-sqlite-store.ts'
import { openComparison } from '../../src/central/upkeep/open-comparison.ts'
import { findBackup } from '../../src/cli/backup/backup-folders.ts'
import { makeBackup } from '../../src/cli/backup/make-backup.ts'
import { restoreBackup } from '../../src/cli/backup/restore-backup.ts'
import type { Subject } from '../../src/cli/backup/subjects.ts'
import { systemClock } from '../../src/shared/clock.ts'
import type { Outbox } from '../../src/terminal/outbox/outbox.ts'
import { placeTerminals } from '../central/ingest/ingest-harness.ts'
import { silentLogger } from '../support/silent-logger.ts'
import { waitFor } from '../support/smilepost-process.ts'
import { takePort } from '../support/take-port.ts'
import { box, boxPress, openTestOutbox, touchPress } from '../terminal/outbox/open-outbox.ts'
import { openTestUplink, type TestUplink, terminal } from '../terminal/uplink/open-uplink.ts'

let folder: string
let config: CentralConfig
let subject: Subject
let central: Central | null = null

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'smilepost-heal-'))
  const data = join(folder, 'data')
  const port = await takePort()
  config = parseCentralConfig(`data = ${JSON.stringify(data)}\nhttp.port = 0\nbroker.port = ${port}`, 'test')
  const path = centralDatabase(config)
  subject = {
    of: 'central',
    path,
    folder: data,
    file: 'central.sqlite',
    schema: latestSchema,
    summarise: summariseDatabase,
  }
  const store = await openSqliteStore({ path, logger: silentLogger })
  await placeTerminals(store, [terminal])
  await store.transact((writer) =>
    writer.putTerminal({ id: terminal, secretHash: hashSecret('secret'), createdAtMs: 0, name: terminal }),
  )
  await store.close()
})
afterEach(async () => {
  await central?.stop()
  central = null
  rmSync(folder, { recursive: true, force: true })
})

async function start(): Promise<void> {
  central = await startCentral({ config, logger: silentLogger })
}
async function stop(): Promise<void> {
  await central?.stop()
  central = null
}
const openUplinkOf = (outbox: Outbox): TestUplink =>
  openTestUplink([`mqtt://127.0.0.1:${config.broker.port}`], { outbox })
const backUp = () => makeBackup({ subject, dir: join(folder, 'backups'), keep: null, onProgress: () => {} })
const restore = () =>
  restoreBackup({
    ...{ subject, nowMs: Date.now(), adopt: adoptRestored },
    backup: findBackup(join(folder, 'backups'), 'central'),
  })

function readRows<Row>(sql: string): Row[] {
  const db = new Sqlite(subject.path, { readonly: true })
  try {
    return db.prepare<[], Row>(sql).all()
  } finally {
    db.close()
  }
}

async function press({ append }: TestUplink, from: number, to: number): Promise<void> {
  for (let seq = from; seq <= to; seq += 1) {
    expect(append(boxPress(seq, seq % 4))).toBe('stored')
    if (seq % 10 === 0) expect(append(touchPress(`00000000-${String(seq).padStart(8, '0')}`, seq % 4))).toBe('stored')
  }
}
const delivered = ({ outbox }: TestUplink) => waitFor('delivery', 20_000, () => outbox.undelivered().count === 0)

const compareNames = (a: string, b: string) => (a < b ? -1 : 1)
type Stored = { source: string; box: string | null; box_seq: number | null; touch_id: string | null }

/** The presses by plain SQL: each once, none a repeat. */
function readPresses(): string[] {
  const rows = readRows<Stored & { is_repeat: number }>('SELECT source, box, box_seq, touch_id, is_repeat FROM press')
  expect(rows.filter((row) => row.is_repeat !== 0)).toEqual([])
  const names = rows
    .map((row) => (row.source === 'box' ? `${row.box} ${row.box_seq}` : `${row.touch_id}`))
    .sort(compareNames)
  expect(new Set(names).size).toBe(names.length)
  return names
}

function namesOf(from: number, to: number): string[] {
  const names: string[] = []
  for (let seq = from; seq <= to; seq += 1) {
    names.push(`${box} ${seq}`)
    if (seq % 10 === 0) names.push(`00000000-${String(seq).padStart(8, '0')}`)
  }
  return names.sort(compareNames)
}

async function expectTalliesAgree(presses: number): Promise<void> {
  await central?.drain()
  const store = await openSqliteStore({ path: subject.path, logger: silentLogger })
  const comparison = openComparison({ store, clock: systemClock, logger: silentLogger, retainedFromMs: () => null })
  try {
    expect((await comparison.compare()).differences).toEqual([])
    const [sums] = readRows<{ sum: number }>(
      "SELECT sum(n0 + n1 + n2 + n3) AS sum FROM cell_tally WHERE class IN ('raw', 'uncertain')",
    )
    expect(sums?.sum).toBe(presses)
  } finally {
    await comparison.close()
    await store.close()
  }
}

describe('a central restored from an older backup', () => {
  it('gets everything since then back from the terminal, and counts nothing twice', async () => {
    await start()
    const uplink = openUplinkOf(openTestOutbox())
    await press(uplink, 1, 300)
    await delivered(uplink)
    const { manifest } = await backUp()
    expect(manifest.rows.press_row).toBe(330)
    await press(uplink, 301, 800)
    await delivered(uplink)
    expect(readPresses()).toEqual(namesOf(1, 800))
    await stop()
    const { aside } = await restore()
    expect(aside).toMatch(/\.before-restore-/)
    expect(readPresses()).toEqual(namesOf(1, 300))
    // Pressed while there is no central.
    await press(uplink, 801, 850)
    await start()
    await waitFor('all presses', 20_000, () => readRows('SELECT 1 FROM press_row').length >= 850 + 85)
    await delivered(uplink)
    expect(readPresses()).toEqual(namesOf(1, 850))
    expect(readRows('SELECT * FROM missing')).toEqual([])
    expect(readRows('SELECT * FROM quarantined')).toEqual([])
    await expectTalliesAgree(850 + 85)
  }, 60_000)

  it('records as missing what the terminal no longer has, and says so', async () => {
    await start()
    const outbox = openTestOutbox()
    const uplink = openUplinkOf(outbox)
    await press(uplink, 1, 100)
    await delivered(uplink)
    await backUp()
    await press(uplink, 101, 200)
    await delivered(uplink)
    // A full card lets go of what was delivered, as 14 days do.
    while (outbox.trim(true) > 0);
    await press(uplink, 201, 300)
    await delivered(uplink)
    await stop()
    await restore()
    await start()
    await waitFor('what is left', 20_000, () => readRows('SELECT 1 FROM press_row WHERE box_seq > 200').length === 100)
    await delivered(uplink)
    expect(readPresses()).toEqual([...namesOf(1, 100), ...namesOf(201, 300)].sort(compareNames))
    const missing = readRows<{ cause: string; from_seq: number; to_seq: number }>(
      'SELECT cause, from_seq, to_seq FROM missing',
    )
    expect(missing).toMatchObject([{ cause: 'trimmed' }])
    const response = await fetch(`${central?.httpUrl}/api/v1/terminals/${terminal}/ledger`)
    expect(await response.json()).toMatchObject({
      ...{ pressed: 330, stored: 220, pending: 0, repeated: 0, quarantined: 0 },
      missing: [
        { box, from: 101, to: 200, cause: 'trimmed' },
        { from: 21, to: 30, cause: 'touch' },
      ],
    })
    await expectTalliesAgree(220)
  }, 60_000)
})
