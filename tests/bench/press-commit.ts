// From a press's line at the host to its ack, through the real link and the real outbox, beside one bare insert and commit of the same
// row in the same mode of the same SQLite, in turns in the same run: npm run bench -- press-commit
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { formatLine } from '../../firmware-bridge/line/format-line.ts'
import { openBoxLink } from '../../firmware-bridge/serial/box-link.ts'
import type { BoxPort } from '../../firmware-bridge/serial/box-port.ts'
import { systemClock } from '../../src/shared/clock.ts'
import { openOutbox } from '../../src/terminal/outbox/outbox.ts'
import { makeBoxPressRecord } from '../../src/terminal/press-record.ts'
import { helloLine, pressLine } from '../support/scripted-port.ts'
import { silentLogger } from '../support/silent-logger.ts'
import { printFigures } from './support/print-figures.ts'

const PRESSES = 5_000
const WARM_UP = 500
const boot = '00000000-0000-4000-8000-000000000001'
const survey = { question: 'service', revision: 1, scaleMax: 3 }

/** At 57600 8N1 (PROTOCOL.md §1). */
const bytesPerSecond = 5760

/** A port in memory that notes when an ack is written, and the time that a serial line would have taken for what it said. */
function makePort() {
  let listen: (bytes: Uint8Array) => void = () => undefined
  let ackedAtMs: number | null = null
  let bytesSaid = 0
  const port: BoxPort = {
    onBytes: (listener) => {
      listen = listener
    },
    onClosed: () => undefined,
    write(text) {
      if (text.startsWith('A,')) ackedAtMs = performance.now()
    },
    close: async () => undefined,
  }
  return {
    port,
    // The next press is said as soon as the last one is acknowledged; without the line's own time in between the link takes it for a flood.
    clock: { ...systemClock, monoMs: () => Math.floor((1000 * bytesSaid) / bytesPerSecond) },
    say(text: string) {
      bytesSaid += text.length
      listen(Buffer.from(text, 'latin1'))
    },
    ackedAtMs: () => ackedAtMs,
    forget() {
      ackedAtMs = null
    },
  }
}

/** A row of as many bytes in a plain table, by the outbox's own settings. */
function openBare(path: string) {
  const db = new Sqlite(path)
  for (const setting of ['page_size = 4096', 'auto_vacuum = INCREMENTAL', 'journal_mode = WAL', 'synchronous = FULL'])
    db.pragma(setting)
  for (const setting of ['wal_autocheckpoint = 200', 'cache_size = -1000', 'cell_size_check = ON']) db.pragma(setting)
  db.exec(`CREATE TABLE records (ordinal INTEGER, sequence INTEGER, kind TEXT, boot TEXT, mono_ms INTEGER, wall_ms INTEGER, box TEXT,
    box_seq INTEGER, touch_id TEXT, content TEXT, crc INTEGER, PRIMARY KEY (ordinal, sequence)) STRICT, WITHOUT ROWID`)
  const insert = db.prepare('INSERT INTO records VALUES (1, ?, ?, ?, ?, ?, ?, ?, NULL, ?, ?)')
  return { db, insert }
}

const folder = mkdtempSync(join(tmpdir(), 'smilepost-bench-'))
const randomHex = (digits: number) => randomBytes(digits).toString('hex').slice(0, digits)
const outbox = openOutbox({ path: join(folder, 'outbox.sqlite'), clock: systemClock, randomHex, logger: silentLogger })
const bare = openBare(join(folder, 'bare.sqlite'))
const { port, clock, say, ackedAtMs, forget } = makePort()
const context = { clock, boot }
const link = openBoxLink({
  openPort: async () => port,
  ...{ clock, logger: silentLogger, random: Math.random },
  onPress(press) {
    const appended = outbox.appendBoxPress({ ...makeBoxPressRecord(press, survey, context), button: press.button })
    return appended === 'repeat' ? 'stored' : appended
  },
  saveBoxId: outbox.saveBoxId,
  lastStoredOf: outbox.lastBoxSeq,
})
const turn = () => new Promise((resolve) => setImmediate(resolve))
for (let i = 0; i < 10; i += 1) await turn()
say('\n')

const spent: Record<'ours' | 'bare', number[]> = { ours: [], bare: [] }

async function press(sequence: number): Promise<void> {
  const line = formatLine(pressLine(sequence, { button: ((sequence % 4) + 1) as 1 }))
  forget()
  const startMs = performance.now()
  say(line)
  for (let i = 0; ackedAtMs() === null; i += 1) {
    if (i > 10_000) throw new Error(`no ack of press ${sequence}: ${JSON.stringify(link.counters())}`)
    await turn()
  }
  spent.ours.push((ackedAtMs() ?? Number.NaN) - startMs)
}

function insertBare(sequence: number): void {
  const record = makeBoxPressRecord({ ...pressLine(sequence), spreadMs: 5, monoMs: sequence } as never, survey, context)
  const content = JSON.stringify(record).slice(0, 110)
  const startMs = performance.now()
  bare.insert.run(sequence, 'press', boot, sequence, Date.now(), '3f9c02d7', sequence, content, sequence)
  spent.bare.push(performance.now() - startMs)
}

for (let sequence = 1; sequence <= WARM_UP + PRESSES; sequence += 1) {
  // As often as a box of this haste would; a silent one is given up.
  if (sequence % 50 === 1) say(formatLine(helloLine({ nextSequence: sequence })))
  // Each first in every second turn, and both after one: who comes second finds SQLite's code in the processor's caches.
  if (sequence % 2 === 0) insertBare(sequence)
  await turn()
  await press(sequence)
  await turn()
  if (sequence % 2 === 1) insertBare(sequence)
  await turn()
}
const stored = outbox.undelivered().count
if (stored < WARM_UP + PRESSES) throw new Error(`${stored} of ${WARM_UP + PRESSES} presses are stored`)
await link.close()
outbox.close()
bare.db.close()
rmSync(folder, { recursive: true })

const quantile = (values: readonly number[], q: number) =>
  values.slice(WARM_UP).toSorted((a, b) => a - b)[Math.floor(q * PRESSES)] ?? Number.NaN
printFigures(
  'press-commit',
  [0.5, 0.99].flatMap((q) => {
    const [ours, reference] = [quantile(spent.ours, q), quantile(spent.bare, q)]
    const name = `p${100 * q}`
    return [
      { what: `bare insert and commit, ${name}`, value: reference, unit: 'ms' },
      {
        ...{ what: `press line to ack, ${name}`, value: ours, unit: 'ms', ratio: ours / reference, to: 'bare' },
        ...(q === 0.5 && { goal: '<= 1.5' }),
      },
    ]
  }),
)
