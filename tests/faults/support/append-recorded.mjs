// A terminal's life in short, under the recorder: starts, presses, marks, a chunk trimmed, orderly stops. Says each press once it is stored.
//   node append-recorded.mjs OUTBOX PRESSES_A_START SEED [normal]
// With `normal` the connection lies about its durability: what a harness must find that is to be believed.
import { createHash } from 'node:crypto'
import { writeSync } from 'node:fs'
import Database from 'better-sqlite3'
import { formatBatch } from '../../../dist/src/contracts/format-batch.js'
import { openOutbox } from '../../../dist/src/terminal/outbox/outbox.js'

const [path, pressesAStart, seed, durability] = process.argv.slice(2)
const starts = 3

if (durability === 'normal') {
  const { pragma } = Database.prototype
  Database.prototype.pragma = function (source, options) {
    if (source === 'synchronous = FULL') return pragma.call(this, 'synchronous = NORMAL', options)
    return source === 'synchronous' ? 2 : pragma.call(this, source, options)
  }
}

const log = () => {}
let state = Number(seed)
const draw = () => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return state / 2 ** 32
}
const randomHex = (digits) => Array.from({ length: digits }, () => Math.floor(draw() * 16).toString(16)).join('')
const clock = { nowMs: 1_800_000_000_000, wallMs: () => clock.nowMs, monoMs: () => clock.nowMs - 1_799_999_000_000 }

/** The central's time, by which old records go. */
function noteTime(outbox) {
  const at = { boot: '0123abcd', monoMs: clock.monoMs(), wallMs: clock.wallMs() }
  outbox.append({ kind: 'anchor', ...at, utcMs: clock.nowMs, errorMs: 5, clock: 'exchange' })
}

const hashText = (text) => createHash('sha256').update(text).digest('hex').slice(0, 16)

/** Says first what the central has: from then on it may go. */
function deliver(outbox, batch) {
  const { epoch, first, records } = batch
  writeSync(1, `batch ${formatBatch(batch, hashText)}\n`)
  for (const { kind, boxSeq } of records) if (kind === 'press') writeSync(1, `delivered ${boxSeq}\n`)
  outbox.confirm({ epoch, upTo: first + records.length - 1 })
}

let boxSeq = 0
for (let start = 0; start < starts; start += 1) {
  const outbox = openOutbox({ path, clock, randomHex, logger: { debug: log, info: log, warn: log, error: log } })
  noteTime(outbox)
  for (let count = 0; count < Number(pressesAStart); count += 1) {
    boxSeq += 1
    clock.nowMs += 60_000
    const at = { boot: '0123abcd', monoMs: boxSeq * 1000, wallMs: boxSeq * 1000, spreadMs: 0, flags: 0 }
    const press = { kind: 'press', ...at, question: 'service', surveyRevision: 1, value: boxSeq % 4 }
    const appended = outbox.append({ ...press, source: 'box', box: 'b0c0ffee', boxSeq })
    if (appended === 'stored') writeSync(1, `stored ${boxSeq}\n`)
    const pending = draw() < 0.05 ? outbox.nextBatch(20) : null
    if (pending) deliver(outbox, pending)
  }
  // What was delivered by now is old enough to go at the next start.
  clock.nowMs += 15 * 24 * 3_600_000
  noteTime(outbox)
  outbox.trim()
  outbox.close()
}
