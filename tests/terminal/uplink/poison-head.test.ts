/** Records that the central can't read, at the head and in the midst of an outbox: the outbox, the sender and the ingest, in simulated time. */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openIngest } from '../../../src/central/ingest/open-ingest.ts'
import { parseAck } from '../../../src/contracts/parse-message.ts'
import { systemClock } from '../../../src/shared/clock.ts'
import { type RecordRow, sealRow } from '../../../src/terminal/outbox/record-row.ts'
import { type BatchSender, makeBatchSender } from '../../../src/terminal/uplink/batch-sender.ts'
import { usualTiming } from '../../../src/terminal/uplink/timing.ts'
import { makeUplinkCounters } from '../../../src/terminal/uplink/uplink-counters.ts'
import { placeTerminals } from '../../central/ingest/ingest-harness.ts'
import { openTempStore, type TempStore } from '../../support/central-store.ts'
import { silentLogger } from '../../support/silent-logger.ts'
import { boxPress, makeFolder, openTestOutbox } from '../outbox/open-outbox.ts'

const terminal = 'till-1'
let temp: TempStore
beforeEach(async () => {
  temp = await openTempStore()
  await placeTerminals(temp.store, [terminal])
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'performance', 'hrtime'],
  })
})
afterEach(async () => {
  vi.useRealTimers()
  await temp.remove()
})

/** 1,000 presses, of which some have a value that is no number. */
function fillOutbox(poisoned: readonly number[]) {
  const path = join(makeFolder(), 'outbox.sqlite')
  const outbox = openTestOutbox(path)
  for (let seq = 1; seq <= 1_000; seq += 1) outbox.append(boxPress(seq))
  const db = new Database(path)
  for (const sequence of poisoned) {
    const {
      ordinal,
      crc: _,
      ...row
    } = db.prepare('SELECT * FROM records WHERE sequence = ?').get(sequence) as RecordRow
    const content = row.content.replace('"value":3', '"value":"three"')
    expect(content).not.toBe(row.content)
    const sum = sealRow({ ...row, content }, ordinal, sequence).at(-1)
    db.prepare('UPDATE records SET content = ?, crc = ? WHERE sequence = ?').run(content, sum, sequence)
  }
  db.close()
  return outbox
}

function connect(outbox: ReturnType<typeof openTestOutbox>) {
  const counters = makeUplinkCounters()
  let sender: BatchSender | null = null
  const ingest = openIngest({
    ...{ store: temp.store, clock: systemClock, logger: silentLogger },
    ...{ makeDesired: async () => null, onCommitted: () => undefined },
    publish(_, leaf, text) {
      const ack = parseAck(Buffer.from(text))
      if (leaf !== 'ack' || !ack.ok) throw new Error(text)
      const { value } = ack
      if (value.reject !== undefined) sender?.takeReject(value, value.reject)
      else if (value.expect !== undefined) sender?.takeGap(value)
      else sender?.takeAck(value)
    },
  })
  sender = makeBatchSender({
    ...{ custody: outbox, clock: systemClock, logger: silentLogger, random: () => 0, onDrained: () => undefined },
    ...{ counters, timing: usualTiming },
  })
  // A round trip of a quarter of a second.
  sender.start((text) => setTimeout(() => ingest.receive(terminal, 'batch', Buffer.from(text)), 250) !== undefined)
  return { ingest, counters }
}

it.each([
  { poisoned: [1] },
  { poisoned: [1, 2, 3] },
  { poisoned: [1, 2, 3, 4, 5] },
  { poisoned: [1, 137, 138, 700, 1_000] },
])('are found and rejected within a minute, and nothing else is: $poisoned', async ({ poisoned }) => {
  const outbox = fillOutbox(poisoned)
  const { ingest, counters } = connect(outbox)
  for (let second = 0; second < 60 && outbox.undelivered().count > 0; second += 1)
    await vi.advanceTimersByTimeAsync(1_000)
  expect(outbox.undelivered().count).toBe(0)
  expect(counters.snapshot()).toMatchObject({ rejected: poisoned.length, silence: 0 })
  expect(counters.get('batch-refused')).toBeGreaterThanOrEqual(7)
  vi.useRealTimers()
  await ingest.close()
  const good = Array.from({ length: 1_000 }, (_, i) => i + 1).filter((seq) => !poisoned.includes(seq))
  const stored = (await temp.store.read.boxShares('b0c0ffee')).flatMap(({ from, to }) =>
    Array.from({ length: to - from + 1 }, (_, i) => from + i),
  )
  expect(stored).toEqual(good)
})
