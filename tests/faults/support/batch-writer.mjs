// One of several writers of one central database: a store and an ingest of its own, on a thread of its own, fed with what terminals
// might send over any of several brokers: windows of their streams in any order, overlapping and doubled, and at last everything.
import { createHash } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { openIngest } from '../../../dist/src/central/ingest/open-ingest.js'
import { openSqliteStore } from '../../../dist/src/central/store/sqlite/open-sqlite-store.js'
import { formatBatch } from '../../../dist/src/contracts/format-batch.js'

const { path, streams, seed, sends, nowMs, started, writers } = workerData
const hashText = (text) => createHash('sha256').update(text).digest('hex').slice(0, 16)
let state = seed
const draw = (limit) => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return Math.floor((state / 2 ** 32) * limit)
}

const logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => logger }
const store = await openSqliteStore({ path, logger })
let monotonicMs = 0
/** Ample for what a terminal may send: what a writer here sends in a breath stands for days. */
const monoMs = () => {
  monotonicMs += 1_000
  return monotonicMs
}
const ingest = openIngest({
  ...{ store, logger, clock: { wallMs: () => nowMs, monoMs } },
  publish() {},
  makeDesired: async () => null,
  onCommitted() {},
})

function send({ terminal, epoch, records }, from, count) {
  const part = records.slice(from, from + count)
  const batch = { epoch, first: part[0].sequence, records: part }
  ingest.receive(terminal, 'batch', Buffer.from(formatBatch(batch, hashText)))
}

// All begin together, however long each took to load.
Atomics.add(started, 0, 1)
Atomics.notify(started, 0)
for (let at = Atomics.load(started, 0); at < writers; at = Atomics.load(started, 0)) Atomics.wait(started, 0, at)

for (let i = 0; i < sends; i += 1) {
  const stream = streams[draw(streams.length)]
  // Mostly about where the stream stands by now, so that writers meet each other at the marks.
  const mark = (await store.read.cursors(stream.terminal)).find(({ epoch }) => epoch === stream.epoch)?.upTo ?? 0
  const near = Math.max(0, Math.min(stream.records.length - 1, mark + draw(12) - 8))
  send(stream, draw(4) === 0 ? draw(stream.records.length) : near, 1 + draw(24))
  if (draw(3) === 0) await ingest.idle()
}
await ingest.idle()
for (const stream of streams) {
  for (let from = 0; from < stream.records.length; from += 100) send(stream, from, 100)
  await ingest.idle()
}
await ingest.close()
await store.close()
parentPort.postMessage(ingest.counters())
