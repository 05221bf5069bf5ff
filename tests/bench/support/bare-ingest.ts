import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite, { type Database } from 'better-sqlite3'
import { makePressInsertSql, pressInsertRows } from '../../../src/central/store/sqlite/insert-presses.ts'
import { openSqliteStore } from '../../../src/central/store/sqlite/open-sqlite-store.ts'
import { localHourOf } from '../../../src/shared/local-time.ts'
import { makeLogger } from '../../../src/shared/logger.ts'
import { type LoadPlan, makePress } from './load-plan.ts'

export type BareRate = { pressesPerSecond: number; batchesPerSecond: number; cpuUsPerPress: number }

type Batch = { terminal: number; upTo: number; inserts: { rows: number; values: number[] }[]; tallied: number[][] }
type Press = ReturnType<typeof makePress>
const zone = 'Europe/Copenhagen'
const minuteMs = 60_000
const numberOf = { terminal: 10, epoch: 100_000, boot: 200_000, box: 300_000, touchpoint: 400_000, question: 1 }

/** As `makePressInsertSql` wants them: what the rows share, then what each has of its own. */
function makeInsert(terminal: number, presses: readonly Press[], bootedAtMs: number) {
  const touchpoint = numberOf.touchpoint + terminal
  const keys = [numberOf.terminal + terminal, numberOf.epoch + terminal, numberOf.boot + terminal]
  const { offsetMinutes } = localHourOf(bootedAtMs + (presses[0]?.monoMs ?? 0), zone)
  const shown = [bootedAtMs, numberOf.question, 1, numberOf.box + terminal]
  const values: (number | null)[] = [...keys, ...shown, touchpoint, offsetMinutes, 0, null, null, 0, 0]
  for (const press of presses) {
    const utcMs = bootedAtMs + press.monoMs
    const { localDate, hour } = localHourOf(utcMs, zone)
    const boxSeq = press.source === 'box' ? press.boxSeq : null
    values.push(press.sequence, press.monoMs, press.wallMs, press.value, boxSeq, null, press.spreadMs, press.flags)
    values.push(utcMs, 30, Number(localDate.replaceAll('-', '')), hour)
  }
  return { rows: presses.length, values: values as number[] }
}

/** One batch as the numbers that stand in the tables, made before the clock runs. */
function makeBatch(plan: LoadPlan, terminal: number, batch: number, bootedAtMs: number): Batch {
  const first = batch * plan.pressesPerBatch
  const presses = Array.from({ length: plan.pressesPerBatch }, (_, i) =>
    makePress(terminal, first + i, first + i + 2, bootedAtMs),
  )
  const inserts: Batch['inserts'] = []
  for (let at = 0; at < presses.length; ) {
    const rows = pressInsertRows.find((count) => presses.length - at >= count) ?? 1
    inserts.push(makeInsert(terminal, presses.slice(at, at + rows), bootedAtMs))
    at += rows
  }
  const tallied = presses.map(({ monoMs, value }) => {
    const { localDate, hour, offsetMinutes } = localHourOf(bootedAtMs + monoMs, zone)
    const date = Number(localDate.replaceAll('-', ''))
    return [numberOf.touchpoint + terminal, numberOf.question, 0, date, hour, offsetMinutes, value]
  })
  return { terminal, upTo: first + plan.pressesPerBatch + 1, inserts, tallied }
}

/** What one commit adds to the tallies: a row for each cell, a count for each value. */
function sumTallies(batches: readonly Batch[]): number[][] {
  const sums = new Map<string, number[]>()
  for (const cell of batches.flatMap(({ tallied }) => tallied)) {
    const key = cell.slice(0, 6)
    const sum = sums.get(key.join()) ?? [...key, ...Array.from({ length: 11 }, () => 0)]
    sums.set(key.join(), sum)
    const at = 6 + (cell[6] as number)
    sum[at] = (sum[at] as number) + 1
  }
  return [...sums.values()]
}

function prepare(db: Database) {
  const marks = (count: number) => Array.from({ length: count }, () => '?').join(', ')
  const counts = Array.from({ length: 11 }, (_, value) => `n${value}`)
  return {
    press: new Map(pressInsertRows.map((rows) => [rows, db.prepare(makePressInsertSql(rows))])),
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
    for (const { terminal, inserts, upTo } of batches) {
      for (const { rows, values } of inserts) statements.press.get(rows)?.run(...values)
      statements.cursor.run(numberOf.terminal + terminal, numberOf.epoch + terminal, upTo)
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
