/**
 * Eight writers take the batches of the same terminals at the same time, doubled, overlapping and out of order, as eight services behind
 * eight brokers would. Truth is the list of presses that the terminals have.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import Sqlite from 'better-sqlite3'
import { expect } from 'vitest'
import { openSqliteStore } from '../../src/central/store/sqlite/open-sqlite-store.ts'
import type { TerminalRecord } from '../../src/contracts/records.ts'
import { anchorOf, minuteMs, nowMs, placeTerminals, pressOf, touchOf } from '../central/ingest/ingest-harness.ts'
import { silentLogger } from '../support/silent-logger.ts'
import { faultScale } from './support/fault-parameters.ts'
import { faultRow } from './support/fault-row.ts'
import { readStoredLedger } from './support/read-ledger.ts'

const writers = 8
const terminals = ['till-1', 'till-2', 'till-3', 'till-4']
const length = 240
type Stream = { terminal: string; epoch: string; records: TerminalRecord[] }

/** Two terminals share a box, and the second epoch of each repeats half of what the first has. */
function makeStreams(draw: () => number): Stream[] {
  return terminals.flatMap((terminal, t) =>
    [0, 1].map((e) => {
      const epoch = Array.from({ length: 16 }, () => Math.floor(draw() * 16).toString(16)).join('')
      const box = `0000000${t >> 1}`
      const records = Array.from({ length }, (_, i) => {
        if (i === 0) return anchorOf(1, 0)
        const press = i + (e + (t & 1)) * (length / 2)
        const at = { monoMs: press * minuteMs, value: (press * 7) % 4 }
        // Every eleventh is a touch; a box's own numbers have no holes.
        return press % 11 === 0
          ? touchOf(i + 1, `aaaaaaaa-bbbb-${t}-${1_000 + press}`, at)
          : pressOf(i + 1, { ...at, box, boxSeq: press - Math.floor(press / 11) })
      })
      return { terminal, epoch, records }
    }),
  )
}

const keyOf = (record: TerminalRecord) => {
  if (record.kind !== 'press') return []
  return [
    record.source === 'box' ? `${record.box} ${record.boxSeq} ${record.value}` : `${record.touchId} ${record.value}`,
  ]
}

const runWriter = (workerData: object) =>
  new Promise<Record<string, number>>((resolve, reject) => {
    const worker = new Worker(join(import.meta.dirname, 'support/batch-writer.mjs'), { workerData })
    worker.once('message', resolve)
    worker.once('error', reject)
  })

faultRow('batches from eight writers', 300, async ({ draw, close }) => {
  const folder = mkdtempSync(join(tmpdir(), 'smilepost-writers-'))
  const path = join(folder, 'central.sqlite')
  const streams = makeStreams(draw)
  try {
    const store = await openSqliteStore({ path, logger: silentLogger })
    await placeTerminals(store, terminals)
    await store.close()
    const seeds = Array.from({ length: writers }, () => Math.floor(draw() * 2 ** 31))
    const sends = Math.round(80 * faultScale)
    const started = new Int32Array(new SharedArrayBuffer(4))
    const counters = await Promise.all(
      seeds.map((seed) => runWriter({ path, streams, seed, sends, nowMs, started, writers })),
    )

    const sum = (name: string) => counters.reduce((total, each) => total + (each[name] ?? 0), 0)
    const faults = {
      repeats: sum('repeats'),
      gaps: sum('gaps'),
      shared: counters.filter((each) => each.records).length,
    }
    expect(faults.repeats).toBeGreaterThan(1_000)
    expect(faults.gaps).toBeGreaterThan(10)
    // The machine decides who comes first to a record; more than one must have.
    expect(faults.shared).toBeGreaterThan(1)
    expect(sum('store-failed') + sum('not-storable') + sum('quarantined')).toBe(0)

    const truth = new Set(streams.flatMap(({ records }) => records.flatMap(keyOf)))
    const db = new Sqlite(path, { readonly: true })
    const rows = db
      .prepare<[], { key: string }>(
        `SELECT iif(source = 'box', box || ' ' || box_seq, touch_id) || ' ' || value AS key FROM press WHERE is_repeat = 0`,
      )
      .all()
    expect(rows).toHaveLength(truth.size)
    expect(new Set(rows.map(({ key }) => key))).toEqual(truth)
    const all = Number(db.prepare('SELECT count(*) FROM press').pluck().get())
    expect(all).toBe(streams.reduce((total, { records }) => total + records.length - 1, 0))
    const tallies = db
      .prepare("SELECT sum(n0), sum(n1), sum(n2), sum(n3) FROM cell_tally WHERE class = 'raw'")
      .raw()
      .get()
    expect(tallies).toEqual([0, 1, 2, 3].map((value) => [...truth].filter((key) => key.endsWith(` ${value}`)).length))
    expect(db.prepare('SELECT up_to FROM cursor').pluck().all()).toEqual(streams.map(() => length))
    db.close()
    const ledgers = []
    for (const terminal of terminals) ledgers.push(await readStoredLedger(path, terminal))
    const { repeats, gaps, shared } = faults
    close({
      pressed: truth.size,
      faults: { 'records again': repeats, 'batches out of order': gaps, 'writers that stored': shared },
      ledgers,
      expected: { repeated: all - truth.size },
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
