import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hashText } from '../../support/record-arbitraries.ts'
import {
  anchorOf,
  bootB,
  box,
  epochA,
  epochB,
  type Harness,
  hourMs,
  nowMs,
  openHarness,
  pressOf,
  touchOf,
} from './ingest-harness.ts'

const upTo = (epoch: string, mark: number) => ({ epoch, upTo: mark, serverTime: nowMs })

/** A message of any content, with the hash that belongs to it. */
function sealed(message: object): string {
  const body = JSON.stringify(message).slice(0, -1)
  return `${body},"hash":"${hashText(body)}"}`
}

describe('ingest', () => {
  let harness: Harness
  beforeEach(async () => {
    harness = await openHarness()
  })
  afterEach(() => harness.close())
  const countRows = (sql: string) => {
    const db = new Sqlite(harness.path, { readonly: true })
    const count = db.prepare(sql).pluck().get()
    db.close()
    return count
  }

  it('stores presses, tallies them by local hour, marks the hour dirty and says so after the commit', async () => {
    harness.sendBatch({ records: [anchorOf(1, 0), pressOf(2), pressOf(3), pressOf(4, { monoMs: 2 * hourMs })] })
    expect(await harness.acks()).toEqual([upTo(epochA, 4)])
    expect(await harness.tallies()).toEqual(['2025-03-30 8: 0 0 1 1', '2025-03-30 10: 1 0 0 0'])
    expect(await harness.store.read.dirtyHours(9)).toHaveLength(2)
    expect(await harness.store.read.boxRanges(box)).toEqual([{ from: 2, to: 4 }])
    expect(await harness.store.read.boxesOf('till-1')).toEqual([box])
    expect(harness.changes).toEqual([{ touchpoints: new Set(['exit']), terminals: new Set(['till-1']), counted: [] }])
    expect(await harness.store.read.ledgerCounters('till-1')).toMatchObject({ stored: 3, repeated: 0, unplaced: 0 })
    const state = await harness.store.read.terminalState('till-1')
    expect(state).toMatchObject({ lastBatchAtMs: nowMs, lastSeenAtMs: nowMs })
    expect(new Date(state?.lastPressAtMs ?? 0).toISOString()).toBe('2025-03-30T08:00:00.000Z')
  })

  it('refuses a gap with what is expected, and changes nothing', async () => {
    harness.sendBatch({ records: [pressOf(1), pressOf(2)] })
    harness.sendBatch({ records: [pressOf(4)] })
    expect(await harness.acks()).toEqual([upTo(epochA, 2), { epoch: epochA, expect: 3 }])
    expect(harness.ingest.counters().gaps).toBe(1)
    expect(await harness.store.read.cursors('till-1')).toEqual([{ terminal: 'till-1', epoch: epochA, upTo: 2 }])
  })

  it('acknowledges a repeated batch again, and stores only what is new of an overlapping one', async () => {
    const records = [anchorOf(1, 0), pressOf(2), pressOf(3), pressOf(4)]
    harness.sendBatch({ records: records.slice(0, 3) })
    harness.sendBatch({ records: records.slice(0, 3) })
    harness.sendBatch({ records: records.slice(1) })
    expect(await harness.acks()).toEqual([upTo(epochA, 3), upTo(epochA, 3), upTo(epochA, 4)])
    expect(await harness.tallies()).toEqual(['2025-03-30 8: 1 0 1 1'])
    expect(await harness.store.read.quarantined('till-1')).toEqual([])
    expect(await harness.store.read.ledgerCounters('till-1')).toMatchObject({ stored: 3 })
  })

  it('keeps both contents aside when the same key comes with another one, once', async () => {
    harness.sendBatch({ records: [anchorOf(1, 0), pressOf(2)] })
    harness.sendBatch({ records: [pressOf(2, { value: 0 })] })
    harness.sendBatch({ records: [pressOf(2, { value: 0 })] })
    harness.sendBatch({ records: [pressOf(2, { wallMs: 99, flags: 1 })] })
    expect(await harness.acks()).toHaveLength(4)
    const rows = await harness.store.read.quarantined('till-1')
    expect(rows).toHaveLength(1)
    expect(JSON.parse(rows[0]?.stored ?? '')).toEqual(pressOf(2))
    expect(JSON.parse(rows[0]?.arrived ?? '')).toEqual(pressOf(2, { value: 0 }))
    expect(await harness.tallies()).toEqual(['2025-03-30 8: 0 0 1 0'])
    expect(await harness.store.read.ledgerCounters('till-1')).toMatchObject({ quarantined: 1 })
  })

  it('stores a box press that is there already as a repeat, whichever way it came', async () => {
    harness.sendBatch({ records: [anchorOf(1, 0), pressOf(2), pressOf(3)] })
    harness.sendBatch({ epoch: epochB, records: [pressOf(1, { boxSeq: 2, value: 2 }), pressOf(2, { boxSeq: 9 })] })
    harness.sendBatch({ terminal: 'till-2', records: [pressOf(1, { boxSeq: 3 })] })
    expect(await harness.acks()).toHaveLength(3)
    expect(await harness.tallies()).toEqual(['2025-03-30 8: 0 0 2 1'])
    expect(await harness.store.read.ledgerCounters('till-1')).toMatchObject({ stored: 3, repeated: 1 })
    expect(await harness.store.read.ledgerCounters('till-2')).toMatchObject({ stored: 0, repeated: 1 })
    expect(countRows('SELECT count(*) FROM press WHERE is_repeat = 1')).toBe(2)
    expect(countRows('SELECT count(DISTINCT box_seq) FROM press WHERE is_repeat = 0')).toBe(3)
  })

  it('counts a touch id once, within a batch and across epochs', async () => {
    const records = [
      anchorOf(1, 0),
      touchOf(2, 'aaaaaaaa-bbbb-0001', { value: 3 }),
      touchOf(3, 'aaaaaaaa-bbbb-0001', { value: 3 }),
    ]
    harness.sendBatch({ records })
    harness.sendBatch({ epoch: epochB, records: [touchOf(1, 'aaaaaaaa-bbbb-0001'), touchOf(2, 'aaaaaaaa-bbbb-0002')] })
    await harness.acks()
    expect(await harness.tallies()).toEqual(['2025-03-30 8: 0 0 1 1'])
    expect(await harness.store.read.ledgerCounters('till-1')).toMatchObject({ storedTouch: 2, repeated: 2, stored: 0 })
  })

  it('rejects single records that can not be, says so again on a resend, and goes on behind them', async () => {
    const records = [
      anchorOf(1, 0),
      pressOf(2, { value: 4 }),
      pressOf(3),
      pressOf(4, { question: 'unheard-of', value: 11 }),
      anchorOf(5, 0, { utcMs: nowMs + hourMs }),
    ]
    harness.sendBatch({ records })
    const expected = [
      { epoch: epochA, sequence: 2, reject: 'value-above-scale' },
      { epoch: epochA, sequence: 4, reject: 'value-above-scale' },
      { epoch: epochA, sequence: 5, reject: 'anchor-in-future' },
      upTo(epochA, 5),
    ]
    expect(await harness.acks()).toEqual(expected)
    harness.sendBatch({ records })
    expect(await harness.acks()).toEqual(expected)
    expect(await harness.tallies()).toEqual(['2025-03-30 8: 0 0 0 1'])
    expect(await harness.store.read.ledgerCounters('till-1')).toMatchObject({ stored: 1, rejected: 3 })
    const missing = await harness.store.read.missing('till-1')
    expect(missing.map(({ from, to, cause }) => [from, to, cause])).toEqual([
      [2, 2, 'rejected'],
      [4, 4, 'rejected'],
    ])
  })

  it('keeps the presses of a question that nobody has told the central of', async () => {
    harness.sendBatch({ records: [anchorOf(1, 0), pressOf(2, { question: 'unheard-of', value: 3 })] })
    expect(await harness.acks()).toEqual([upTo(epochA, 2)])
    expect(await harness.store.read.ledgerCounters('till-1')).toMatchObject({ stored: 1, rejected: 0 })
    expect(countRows("SELECT count(*) FROM press WHERE question = 'unheard-of' AND class = 'raw'")).toBe(1)
  })

  it('keeps the notice of a stuck button, and tallies it nowhere', async () => {
    harness.sendBatch({ records: [anchorOf(1, 0), pressOf(2), pressOf(3, { flags: 1 })] })
    expect(await harness.acks()).toEqual([upTo(epochA, 3)])
    expect(await harness.tallies()).toEqual(['2025-03-30 8: 0 0 1 0'])
    expect(countRows('SELECT count(*) FROM press WHERE flags = 1 AND class IS NULL')).toBe(1)
    expect(await harness.store.read.ledgerCounters('till-1')).toMatchObject({ stored: 2, unplaced: 0 })
  })

  it('records lost ranges as missing and moves the mark past them, in any epoch of the terminal', async () => {
    harness.sendBatch({ records: [pressOf(1)] })
    const lost = [
      { epoch: epochA, from: 1, to: 4, cause: 'trimmed' as const },
      { epoch: epochB, from: 1, to: 9, cause: 'corrupt' as const },
    ]
    harness.sendBatch({ records: [pressOf(5)], lost })
    harness.sendBatch({ records: [], first: 6, lost: [{ epoch: epochB, from: 11, to: 12, cause: 'corrupt' }] })
    expect(await harness.acks()).toEqual([
      upTo(epochA, 1),
      upTo(epochB, 9),
      upTo(epochA, 5),
      { epoch: epochB, expect: 10 },
      upTo(epochA, 5),
    ])
    const missing = await harness.store.read.missing('till-1')
    expect(missing.map(({ epoch, from, to, cause }) => [epoch, from, to, cause])).toEqual([
      [epochA, 2, 4, 'trimmed'],
      [epochB, 1, 9, 'corrupt'],
    ])
  })

  it('one message that can not be stored does not spoil the others of its group', async () => {
    await harness.close()
    harness = await openHarness({
      wrapStore: (store) => ({
        ...store,
        transact: (work) =>
          store.transact((writer) =>
            work({
              ...writer,
              insertPresses: async (presses) => {
                if (presses.some((press) => press.record.value === 3)) throw new Error('on purpose')
                return await writer.insertPresses(presses)
              },
            }),
          ),
      }),
    })
    for (let i = 0; i < 20; i += 1) {
      const epoch = i.toString(16).padStart(16, '0')
      harness.sendBatch({ epoch, records: [pressOf(1, { value: i === 11 ? 3 : 1, boxSeq: i + 1 })] })
    }
    expect(await harness.acks()).toHaveLength(19)
    expect(harness.ingest.counters()).toMatchObject({ 'not-storable': 1, records: 19 })
    expect(await harness.store.read.cursors('till-1')).toHaveLength(19)
    expect(await harness.store.read.boxRanges(box)).toEqual([
      { from: 1, to: 11 },
      { from: 13, to: 20 },
    ])
  })

  it('shares one commit between many small batches', async () => {
    for (let i = 0; i < 50; i += 1) {
      harness.sendBatch({ epoch: i.toString(16).padStart(16, '0'), records: [pressOf(1, { boxSeq: i + 1 })] })
    }
    expect(await harness.acks()).toHaveLength(50)
    expect(harness.changes).toHaveLength(1)
  })

  it('refuses what can not be read, by reason, and rejects a record that is alone and unreadable', async () => {
    const { send } = harness
    send('till-1', 'batch', 'rubbish')
    send('till-1', 'batch', '{}')
    send('till-1', 'batch', new Uint8Array([0xff, 0xfe, 0x00]))
    send('till-1', 'hello', '{"nonce":1}')
    send('till-1', 'status', 'x'.repeat(40_000))
    send('till-1', 'welcome', '{}')
    send('till-1', 'batch', sealed({ epoch: epochA, first: 1, count: 1 }))
    send('till-1', 'batch', sealed({ epoch: epochA, first: 5, count: 1 }))
    send('till-1', 'batch', JSON.stringify({ epoch: epochA, first: 2, count: 1, hash: '0123456789abcdef' }))
    harness.sendBatch({ records: [pressOf(2)] })
    expect(await harness.acks()).toEqual([
      { epoch: epochA, sequence: 1, reject: 'bad-shape' },
      upTo(epochA, 1),
      { epoch: epochA, expect: 2 },
      upTo(epochA, 2),
    ])
    expect(harness.ingest.counters()).toMatchObject({
      'batch-not-json': 2,
      'batch-bad-hash': 2,
      'hello-bad-shape': 1,
      'status-too-large': 1,
      'unknown-leaf': 1,
    })
  })

  it('drops what does not fit into memory, counts it, and asks those it answers to wait', async () => {
    const records = Array.from({ length: 200 }, (_, i) => pressOf(i + 1))
    for (let i = 0; i < 302; i += 1) harness.sendBatch({ terminal: `till-${i}`, records })
    const acks = await harness.acks()
    expect(harness.ingest.counters()['dropped-full']).toBe(2)
    expect(acks).toHaveLength(300)
    expect(acks[0]).toHaveProperty('retryAfter')
    expect(acks.at(-1)).not.toHaveProperty('retryAfter')
    expect(await harness.store.read.ledgerCounters('till-0')).toMatchObject({ stored: 200 })
    expect(await harness.store.read.ledgerCounters('till-299')).toMatchObject({ stored: 0, repeated: 200 })
  })

  it('takes nothing after close, having committed all it took before', async () => {
    harness.sendBatch({ records: [pressOf(1)] })
    await harness.ingest.close()
    harness.sendBatch({ records: [pressOf(2)] })
    expect(await harness.acks()).toEqual([upTo(epochA, 1)])
    expect(harness.ingest.counters()['dropped-closed']).toBe(1)
  })

  it('keeps presses of two boots of one epoch apart in time', async () => {
    harness.sendBatch({
      records: [
        anchorOf(1, 0),
        pressOf(2),
        anchorOf(3, 0, { boot: bootB, utcMs: Date.parse('2025-04-01T10:00:00Z') }),
        pressOf(4, { boot: bootB }),
      ],
    })
    await harness.acks()
    expect(await harness.tallies()).toEqual(['2025-03-30 8: 0 0 1 0', '2025-04-01 12: 1 0 0 0'])
  })
})
