// All that the page of one touchpoint asks for, of a fleet of 1,000 with eight weeks of hour tallies, beside the bare reading of the
// same rows on the same file, in turns in the same run: npm run bench -- touchpoint-report
import { join } from 'node:path'
import Sqlite, { type Database } from 'better-sqlite3'
import { addDays } from '../../src/central/report/local-date.ts'
import { dayOfDate } from '../../src/central/report/night/day-number.ts'
import { runNights } from '../../src/central/report/night/run-nights.ts'
import { openReport } from '../../src/central/report/open-report.ts'
import type { TallyChange } from '../../src/central/store/port.ts'
import { openTempStore, putTouchpoints, question } from '../support/central-store.ts'
import { generateFleet } from '../support/press-generator.ts'
import { printFigures } from './support/print-figures.ts'

const TOUCHPOINTS = 1_000
const DAYS = 56
const WARM_UP = 20
const ROUNDS = 200
const from = '2025-03-03'
const to = addDays(from, DAYS - 1)
const idOf = (index: number) => `t${index}`

/** One touchpoint's tallies, raw ones and counted ones, in each hour of the day. */
function makeTallies(): TallyChange[] {
  const dip = { weekdays: [1, 2, 3, 4, 5], startSlot: 10, endSlot: 11, fromDay: 28, depth: 22 }
  const [cells] = generateFleet(7, 1, DAYS, { at: 0, dip })
  return (cells?.counts ?? []).flatMap((ofValue, value) =>
    Array.from(ofValue).flatMap((count, cell): TallyChange[] => {
      const at = { localDate: addDays(from, Math.floor(cell / 24)), hour: cell % 24, offsetMinutes: 120 }
      const change = { touchpoint: idOf(0), question, ...at, value, delta: count + 1 }
      return [
        { ...change, class: 'raw' },
        { ...change, class: 'counted' },
      ]
    }),
  )
}

/** Gives the tallies of the first touchpoint to all others. */
function copyTallies(path: string): void {
  const db = new Sqlite(path)
  const columns = (
    db
      .prepare('SELECT * FROM tally')
      .columns()
      .map(({ name }) => name) as string[]
  )
    .slice(1)
    .join(', ')
  const number = db.prepare<[string], number>('SELECT no FROM name WHERE text = ?').pluck()
  const name = db.prepare('INSERT OR IGNORE INTO name (text) VALUES (?)')
  const copy = db.prepare(`INSERT INTO tally SELECT ?, ${columns} FROM tally WHERE touchpoint = ?`)
  db.transaction(() => {
    for (let i = 1; i < TOUCHPOINTS; i += 1) {
      name.run(idOf(i))
      copy.run(number.get(idOf(i)), number.get(idOf(0)))
    }
  })()
  db.close()
}

/** The rows of the three classes, each read once. */
function readBare(db: Database) {
  const number = db.prepare<[string], number>('SELECT no FROM name WHERE text = ?').pluck()
  const select = db.prepare(
    `SELECT * FROM tally WHERE touchpoint = ? AND question = ? AND class = ? AND local_date BETWEEN 20250303 AND 20250428
      ORDER BY local_date, hour, offset_minutes`,
  )
  return (touchpoint: string) => {
    let rows = 0
    for (const classNo of [0, 1, 2]) rows += select.all(number.get(touchpoint), number.get(question), classNo).length
    return rows
  }
}

const temp = await openTempStore()
const path = join(temp.folder, 'central.sqlite')
await putTouchpoints(
  temp.store,
  Array.from({ length: TOUCHPOINTS }, (_, i) => ({ id: idOf(i) })),
)
const tallies = makeTallies()
await temp.store.transact((writer) => writer.changeTallies(tallies))
copyTallies(path)

const clock = { wallMs: () => Date.parse('2025-04-28T09:00:00Z'), monoMs: () => 0 }
const night = dayOfDate(to)
const looked = await runNights({
  ...{ store: temp.store.read, catalogue: await temp.store.read.catalogue() },
  ...{ fromNight: night, toNight: night, before: null, fixes: [] },
})
const known = { report: looked, asOfMs: clock.wallMs() }
const report = openReport({
  ...{ store: temp.store.read, clock },
  nights: { current: async () => known, noteTallies: () => {} },
  fixes: { all: async () => new Map(), note: async () => ({ ok: true }), remove: async () => false },
})
const db = new Sqlite(path, { readonly: true })
const bare = readBare(db)

const spent: Record<'ours' | 'bare', number[]> = { ours: [], bare: [] }
const note = (whose: 'ours' | 'bare', startMs: number) => spent[whose].push(performance.now() - startMs)

async function readOurs(id: string): Promise<void> {
  const startMs = performance.now()
  const [item, hours, told] = await Promise.all([
    report.readTouchpoint(id),
    report.readHourProfile(id, {}),
    report.readTouchpointReport(id),
  ])
  note('ours', startMs)
  if (!item || !hours.ok || told?.verdict?.kind !== 'scanned') throw new Error(`${id} is not told of`)
}

function readBareRows(id: string): void {
  const startMs = performance.now()
  const rows = bare(id)
  note('bare', startMs)
  if (rows < DAYS * 24 * 2) throw new Error(`${id} has ${rows} rows`)
}

for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
  // Each touchpoint once: none is read from what a request before it left behind.
  const id = idOf((round * 7) % TOUCHPOINTS)
  if (round % 2 === 0) readBareRows(id)
  await readOurs(id)
  if (round % 2 === 1) readBareRows(id)
}
db.close()
await temp.remove()

const quantile = (values: readonly number[], q: number) =>
  values.slice(WARM_UP).toSorted((a, b) => a - b)[Math.floor(q * ROUNDS)] ?? Number.NaN
printFigures(
  'touchpoint-report',
  [0.5, 0.99].flatMap((q) => {
    const [ours, reference] = [quantile(spent.ours, q), quantile(spent.bare, q)]
    const name = `p${100 * q}`
    return [
      { what: `bare reading of its rows, ${name}`, value: reference, unit: 'ms' },
      {
        ...{ what: `item, hours and report of one touchpoint, ${name}`, value: ours, unit: 'ms' },
        ...{ ratio: ours / reference, to: 'bare', ...(q === 0.5 && { goal: '<= 10 ms' }) },
      },
    ]
  }),
)
