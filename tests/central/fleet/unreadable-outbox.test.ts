/** A terminal whose disk can't be opened, from its own outbox through what it says to the ledger and its watch. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openCustodyWatch } from '../../../src/central/fleet/open-custody-watch.ts'
import { readLedger } from '../../../src/central/fleet/read-ledger.ts'
import { formatMessage, parseHealth, parseHello } from '../../../src/contracts/parse-message.ts'
import { makeHealthGatherer } from '../../../src/terminal/health/gather-health.ts'
import type { Outbox } from '../../../src/terminal/outbox/outbox.ts'
import { makeGreeting } from '../../../src/terminal/uplink/greeting.ts'
import { makeUplinkCounters } from '../../../src/terminal/uplink/uplink-counters.ts'
import { openTempStore, type TempStore } from '../../support/central-store.ts'
import { silentLogger } from '../../support/silent-logger.ts'
import { boot, box, boxPress, openTestOutbox, randomHex, touchPress } from '../../terminal/outbox/open-outbox.ts'
import { nowMs } from './fleet-samples.ts'

const minuteMs = 60_000
const terminal = 'till-1'
let temp: TempStore
let atMs = nowMs
const clock = { wallMs: () => atMs, monoMs: () => atMs - nowMs + minuteMs }

beforeEach(async () => {
  temp = await openTempStore()
  atMs = nowMs
  await temp.store.transact(async (writer) => {
    await writer.putTerminal({ id: terminal, secretHash: '', createdAtMs: 0, name: terminal })
    await writer.setBoxRanges(terminal, box, [{ from: 1, to: 5 }])
    await writer.addLedger(terminal, { stored: 5 })
  })
})
afterEach(() => temp.remove())

/** What the daemon says over this outbox of a box that gave `next - 1` numbers, through the wire's own parsers, to the store. */
async function speak(outbox: Outbox, next: number): Promise<void> {
  const state = { id: box, next, pending: 0, dropped: 0 }
  const versions = () => ({ terminal: '0.1.0' })
  const counters = makeUplinkCounters()
  const custody = outbox as unknown as Parameters<typeof makeGreeting>[0]['custody']
  const helloParts = () => ({ versions: versions(), boot, box: state })
  const greeting = makeGreeting({ custody, clock, counters, randomHex, helloParts })
  const machine = {
    diskFreeBytes: async () => 0,
    cpuTemperatureC: async () => null,
    undervoltage: async () => null,
  }
  const gather = makeHealthGatherer(
    { machine: machine as never, clock, boot },
    {
      ...{
        epoch: outbox.epoch,
        rev: () => 0,
        waiting: outbox.waiting,
        undelivered: outbox.undelivered,
        box: () => state,
      },
      ...{ touchIssued: outbox.touchIssued, sizes: outbox.sizes, clockState: () => 'kernel', serial: () => ({}) },
      ...{ boxResets: () => 0, stuckButtons: () => [], versions },
      storage: () => ({ refusing: outbox.storage().isRefusing, ballast: 'none', quarantined: [], schemaCopies: 0 }),
    },
  )
  const hello = parseHello(Buffer.from(formatMessage(greeting.makeHellos()[0] as never)))
  const health = parseHealth(Buffer.from(formatMessage({ nonce: 'abcdef01', ...(await gather()) })))
  if (!hello.ok || !health.ok) throw new Error('the wire refuses it')
  const said = { hello: JSON.stringify(hello.value), health: JSON.stringify(health.value) }
  await temp.store.transact(async (writer) => {
    await writer.updateTerminalState(terminal, { lastSeenAtMs: atMs, toldAtMs: atMs, ...said })
    await writer.noteBoxTold(terminal, { box, next, pending: 0, atMs })
  })
}

it('nothing is missing that may be in it, until it can be read and it is not', async () => {
  const watch = openCustodyWatch({ store: temp.store, clock, logger: silentLogger })
  const look = async () => {
    watch.noteChanged([terminal])
    await watch.review(10_000)
    const ledger = await readLedger(temp.store.read, terminal)
    return [ledger?.pending, ledger?.missingCount, watch.counters.get('missing-presses')]
  }
  const readable = openTestOutbox()
  for (const seq of [8, 9]) readable.append(boxPress(seq))
  await speak(readable, 10)
  await look()
  atMs += 11 * minuteMs
  // 6 and 7 went missing before.
  expect(await look()).toEqual([2, 2, 2])

  // No file can be made there, nor is there room: a disk that can't be opened at this start.
  const shut = openTestOutbox('/proc/outbox.sqlite')
  expect([shut.waiting(), shut.append(boxPress(10))]).toEqual(['unreadable', 'full'])
  await speak(shut, 12)
  expect(await look()).toEqual([4, 2, 2])
  atMs += 3 * 60 * minuteMs
  await speak(shut, 12)
  expect(await look()).toEqual([4, 2, 2])
  expect(watch.counters.get('found-presses')).toBe(0)

  await speak(readable, 12)
  await look()
  atMs += 11 * minuteMs
  expect(await look()).toEqual([2, 4, 4])
  await watch.close()
})

it('touch presses that were missing before stay missing, and are not found by a disk that tells nothing', async () => {
  await temp.store.transact((writer) => writer.addLedger(terminal, { storedTouch: 3 }))
  const watch = openCustodyWatch({ store: temp.store, clock, logger: silentLogger })
  const look = async () => {
    watch.noteChanged([terminal])
    await watch.review(10_000)
    const ledger = await readLedger(temp.store.read, terminal)
    return [ledger?.pressed, ledger?.stored, ledger?.pending, ledger?.missing.map(({ from, to }) => [from, to])]
  }
  const raised = () => [watch.counters.get('missing-presses'), watch.counters.get('found-presses')]
  const readable = openTestOutbox()
  for (const seq of [1, 2, 3, 4, 5]) readable.append(touchPress(`touch-${seq}`))
  const mark = { epoch: readable.epoch(), upTo: 5 }
  readable.confirm(mark)
  await temp.store.transact((writer) => writer.advanceCursor({ terminal, ...mark }))
  await speak(readable, 6)
  await look()
  atMs += 11 * minuteMs
  expect(await look()).toEqual([10, 8, 0, [[4, 5]]])
  expect(raised()).toEqual([2, 0])

  const shut = openTestOutbox('/proc/outbox.sqlite')
  expect(shut.touchIssued()).toBe(0)
  for (const minutes of [0, 3 * 60]) {
    atMs += minutes * minuteMs
    await speak(shut, 6)
    expect(await look()).toEqual([10, 8, 0, [[4, 5]]])
  }
  expect(raised()).toEqual([2, 0])

  // One of them comes after all.
  await temp.store.transact((writer) => writer.addLedger(terminal, { storedTouch: 1 }))
  expect(await look()).toEqual([10, 9, 0, [[5, 5]]])
  expect(raised()).toEqual([2, 1])
  await speak(readable, 6)
  expect(await look()).toEqual([10, 9, 0, [[5, 5]]])
  expect(raised()).toEqual([2, 1])
  await watch.close()
})
