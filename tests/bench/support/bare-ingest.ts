import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite, { type Database } from 'better-sqlite3'
import { openSqliteStore } from '../../../src/central/store/sqlite/open-sqlite-store.ts'
import { localHourOf } from '../../../src/shared/local-time.ts'
import { makeLogger } from '../../../src/shared/logger.ts'
import { type LoadPlan, makePress } from './load-plan.ts'

export type BareRate = { pressesPerSecond: number; batchesPerSecond: number; cpuUsPerPress: number }

type Batch = { terminal: number; rows: (number | null)[][]; upTo: number }
const zone = 'Europe/Copenhagen'
const columns = `terminal, epoch, sequence, boot, mono_ms, wall_ms, received_at_ms, question, survey_revision, value, box, box_seq,
  touch_id, spread_ms, flags, utc_ms, error_ms, touchpoint, local_date, hour, offset_minutes, class, label, rule, is_repeat, is_unplaced`
const minuteMs = 60_000

/** One batch as the numbers that stand in the tables, made before the clock runs. */
function makeBatch(plan: LoadPlan, terminal: number, batch: number, bootedAtMs: number): Batch {
  const first = batch * plan.pressesPerBatch
  const rows = Array.from({ length: plan.pressesPerBatch }, (_, i) => {
    const press = makePress(terminal, first + i, first + i + 2, bootedAtMs)
    const utcMs = bootedAtMs + press.monoMs
    const { localDate, hour, offsetMinutes } = localHourOf(utcMs, zone)
    const names = {
      terminal: 10 + terminal,
      epoch: 100_000 + terminal,
      boot: 200_000 + terminal,
      box: 300_000 + terminal,
    }
    const date = Number(localDate.replaceAll('-', ''))
    const told = [names.boot, press.monoMs, press.wallMs, bootedAtMs, 1, press.surveyRevision, press.value]
    const origin = [names.box, first + i + 1, null, press.spreadMs, press.flags]
    const placed = [utcMs, 30, 400_000 + terminal, date, hour, offsetMinutes, 0, null, null, 0, 0]
    return [names.terminal, names.epoch, press.sequence, ...told, ...origin, ...placed]
  })
  return { terminal, rows, upTo: first + plan.pressesPerBatch + 1 }
}

/** What one commit adds to the tallies: a row for each cell, a count for each value, in the order of the key. */
function sumTallies(batches: readonly Batch[]): number[][] {
  const sums = new Map<string, number[]>()
  for (const { rows } of batches) {
    for (const row of rows) {
      const key = [row[17], row[7], 0, row[18], row[19], row[20]] as number[]
      const sum = sums.get(key.join()) ?? [...key, ...Array.from({ length: 11 }, () => 0)]
      sums.set(key.join(), sum)
      sum[6 + (row[9] as number)] = (sum[6 + (row[9] as number)] as number) + 1
    }
  }
  return [...sums.values()]
}

function prepare(db: Database) {
  const marks = (count: number) => Array.from({ length: count }, () => '?').join(', ')
  const counts = Array.from({ length: 11 }, (_, value) => `n${value}`)
  return {
    press: db.prepare(`INSERT INTO press_row (${columns}) VALUES (${marks(26)})`),
    tally: db.prepare(`INSERT INTO tally VALUES (${marks(17)})
      ON CONFLICT (touchpoint, question, class, local_date, hour, offset_minutes)
      DO UPDATE SET ${counts.map((n) => `${n} = ${n} + excluded.${n}`).join(', ')}`),
    cursor: db.prepare(`INSERT INTO cursor VALUES (?, ?, ?)
      ON CONFLICT (terminal, epoch) DO UPDATE SET up_to = excluded.up_to`),
  }
}

/**
 * The presses, tallies and cursors of a plan by the same tables and statements, `batchesPerCommit` at a time, by better-sqlite3 alone:
 * nothing is received, read, checked or acknowledged. Only what is inside of transactions counts.
 */
export async function measureBare(plan: LoadPlan, batchesPerCommit: number): Promise<BareRate> {
  const folder = mkdtempSync(join(tmpdir(), 'smilepost-bare-'))
  const path = join(folder, 'bare.sqlite')
  await (await openSqliteStore({ path, logger: makeLogger('silent') })).close()
  const db = new Sqlite(path)
  for (const setting of ['synchronous = FULL', 'cache_size = -65536', 'wal_autocheckpoint = 4000']) db.pragma(setting)
  const statements = prepare(db)
  const bootedAtMs = Date.now() - 86_400_000 - plan.batchesPerTerminal * plan.pressesPerBatch * minuteMs
  const total = plan.terminals * plan.batchesPerTerminal
  let [ms, cpuUs] = [0, 0]
  for (let at = 0; at < total; at += batchesPerCommit) {
    const batches = Array.from({ length: Math.min(batchesPerCommit, total - at) }, (_, i) =>
      makeBatch(plan, (at + i) % plan.terminals, Math.floor((at + i) / plan.terminals), bootedAtMs),
    )
    const tallies = sumTallies(batches)
    const cpu = process.cpuUsage()
    const startMs = performance.now()
    db.exec('BEGIN IMMEDIATE')
    for (const { terminal, rows, upTo } of batches) {
      for (const row of rows) statements.press.run(...row)
      statements.cursor.run(10 + terminal, 100_000 + terminal, upTo)
    }
    for (const tally of tallies) statements.tally.run(...tally)
    db.exec('COMMIT')
    ms += performance.now() - startMs
    const spent = process.cpuUsage(cpu)
    cpuUs += spent.user + spent.system
  }
  db.close()
  rmSync(folder, { recursive: true })
  const presses = total * plan.pressesPerBatch
  return {
    pressesPerSecond: (1_000 * presses) / ms,
    batchesPerSecond: (1_000 * total) / ms,
    cpuUsPerPress: cpuUs / presses,
  }
}
