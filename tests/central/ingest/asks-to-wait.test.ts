/** A central with a long queue asks terminals to wait, and they do: a real uplink, a real broker, a real store between them. */
import Sqlite from 'better-sqlite3'
import { afterEach, expect, it, vi } from 'vitest'
import { type Brokers, openBrokers } from '../../../src/central/broker/open-brokers.ts'
import { openIngest } from '../../../src/central/ingest/open-ingest.ts'
import type { Store } from '../../../src/central/store/port.ts'
import { formatBatch } from '../../../src/contracts/format-batch.ts'
import type { Ack } from '../../../src/contracts/messages.ts'
import { systemClock } from '../../../src/shared/clock.ts'
import { openTempStore, type TempStore } from '../../support/central-store.ts'
import { hashText } from '../../support/record-arbitraries.ts'
import { silentLogger } from '../../support/silent-logger.ts'
import { boxPress } from '../../terminal/outbox/open-outbox.ts'
import { openTestUplink, terminal } from '../../terminal/uplink/open-uplink.ts'
import { pressOf } from './ingest-harness.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** A store whose transactions wait while the gate is shut. */
function makeGate(store: Store) {
  let open = () => {}
  let opened = Promise.resolve()
  const gated: Store = {
    ...store,
    async transact(work) {
      await opened
      return store.transact(work)
    },
  }
  return {
    gated,
    open: () => open(),
    shut() {
      opened = new Promise((resolve) => {
        open = resolve
      })
    },
  }
}

async function openCentral(temp: TempStore, gated: Store) {
  const batchesAtMs: number[] = []
  const acks: Ack[] = []
  let brokers: Brokers | null = null
  const ingest = openIngest({
    ...{ store: gated, clock: systemClock, logger: silentLogger, onCommitted: () => {} },
    makeDesired: async () => null,
    publish(name, leaf, text) {
      if (name === terminal && leaf === 'ack') acks.push(JSON.parse(text) as Ack)
      brokers?.publish(name, leaf, text)
    },
  })
  brokers = await openBrokers({
    ...{ clock: systemClock, random: Math.random, logger: silentLogger },
    ...{ embedded: { host: '127.0.0.1', port: 0 }, external: [] },
    authenticate: async (name) => name === terminal,
    isKnown: async () => true,
    onMessage(name, leaf, payload) {
      if (leaf === 'batch') batchesAtMs.push(performance.now())
      ingest.receive(name, leaf, payload)
    },
  })
  const [url = ''] = brokers.urls
  closers.push(temp.remove, ingest.close, brokers.close)
  return { ingest, batchesAtMs, acks, url }
}

it('a terminal that is asked to wait sends nothing meanwhile, and loses nothing', async () => {
  const temp = await openTempStore()
  const { gated, shut, open } = makeGate(temp.store)
  const { ingest, batchesAtMs, acks, url } = await openCentral(temp, gated)
  const { outbox, uplink } = openTestUplink([url], { timing: { ackTimeoutMs: 60_000, maxAckTimeoutMs: 60_000 } })
  await vi.waitFor(() => expect(uplink.isConnected()).toBe(true), { timeout: 10_000 })
  // The central's time, which the welcome brought, is a record as well.
  await vi.waitFor(() => expect(acks.length > 0 && outbox.undelivered().count === 0).toBe(true), { timeout: 10_000 })
  await ingest.idle()
  acks.length = 0
  batchesAtMs.length = 0

  shut()
  closers.push(async () => open())
  for (let i = 1; i <= 450; i += 1) outbox.append(boxPress(i))
  uplink.wake()
  await vi.waitFor(() => expect(batchesAtMs.length).toBeGreaterThan(0), { timeout: 10_000 })
  // Two hundred others have something to deliver as well.
  const records = Array.from({ length: 200 }, (_, i) => pressOf(i + 1))
  const payload = Buffer.from(formatBatch({ epoch: 'aaaaaaaaaaaaaaaa', first: 1, records }, hashText))
  for (let i = 0; i < 200; i += 1) ingest.receive(`till-${i}`, 'batch', payload)
  open()

  await vi.waitFor(() => expect(outbox.undelivered().count).toBe(0), { timeout: 30_000 })
  const first = acks.find((ack) => ack.upTo !== undefined)
  expect(first).toMatchObject({ retryAfter: 2_000 })
  const own = batchesAtMs.length
  expect(own).toBeGreaterThanOrEqual(3)
  const gaps = batchesAtMs.slice(1).map((ms, i) => ms - (batchesAtMs[i] as number))
  expect(Math.max(...gaps)).toBeGreaterThanOrEqual(1_900)
  await ingest.idle()
  const db = new Sqlite(`${temp.folder}/central.sqlite`, { readonly: true })
  const count = db.prepare('SELECT count(DISTINCT box_seq) FROM press WHERE terminal = ?').pluck().get(terminal)
  db.close()
  expect(count).toBe(450)
  expect(ingest.counters()).toMatchObject({ 'dropped-full': 0, 'dropped-rate': 0, 'dropped-share': 0 })
})
