import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  anchorOf,
  bootB,
  bootedAtMs,
  epochB,
  type Harness,
  hourMs,
  minuteMs,
  openHarness,
  pressOf,
  touchOf,
} from './ingest-harness.ts'

const at = (instant: string) => Date.parse(instant) - bootedAtMs

describe('time of presses', () => {
  let harness: Harness
  beforeEach(async () => {
    harness = await openHarness()
  })
  afterEach(() => harness.close())
  const dirty = async () => {
    const hours = await harness.store.read.dirtyHours(99)
    await harness.store.transact((writer) => writer.clearDirty(hours))
    return hours.map(({ utcHour }) => new Date(utcHour * hourMs).toISOString().slice(0, 13))
  }

  it('a press without an anchor is stored untimed and tallied once one comes, in the same transaction', async () => {
    harness.sendBatch({ records: [pressOf(1), pressOf(2, { monoMs: 3 * hourMs })] })
    await harness.acks()
    expect(await harness.tallies()).toEqual([])
    expect(harness.ingest.counters()).toMatchObject({ untimed: 2 })
    harness.sendBatch({ records: [anchorOf(3, hourMs)] })
    await harness.acks()
    expect(await harness.tallies()).toEqual(['2025-03-30 8: 0 1 0 0', '2025-03-30 11: 0 0 1 0'])
    expect(await dirty()).toEqual(['2025-03-30T06', '2025-03-30T09'])
    expect(harness.changes.at(-1)?.touchpoints).toEqual(new Set(['exit']))
  })

  it('a press that comes with its anchor behind it is timed at once', async () => {
    harness.sendBatch({ records: [pressOf(1), anchorOf(2, hourMs)] })
    await harness.acks()
    expect(await harness.tallies()).toEqual(['2025-03-30 8: 0 1 0 0'])
    expect(harness.ingest.counters().untimed).toBe(0)
  })

  it('anchors of another boot or terminal time nothing', async () => {
    harness.sendBatch({ records: [pressOf(1), anchorOf(2, 0, { boot: bootB })] })
    harness.sendBatch({ terminal: 'till-2', epoch: epochB, records: [anchorOf(1, 0)] })
    await harness.acks()
    expect(await harness.tallies()).toEqual([])
  })

  it('a better anchor moves raw and counted tallies and marks both hours', async () => {
    const monoMs = at('2025-03-30T10:30:00Z')
    harness.sendBatch({
      records: [anchorOf(1, monoMs, { utcMs: bootedAtMs + monoMs - hourMs, errorMs: 5 * minuteMs })],
    })
    harness.sendBatch({ records: [pressOf(2, { monoMs, value: 3 }), pressOf(3, { monoMs, value: 0 })] })
    await harness.acks()
    expect(await harness.tallies()).toEqual(['2025-03-30 11: 1 0 0 1'])
    await dirty()
    const key = { terminal: 'till-1', epoch: 'aaaaaaaaaaaaaaaa' }
    await harness.store.transact(async (writer) => {
      await writer.labelPresses([
        { ...key, sequence: 2, label: 'counted', rule: null },
        { ...key, sequence: 3, label: 'misuse', rule: 'burst' },
      ])
      const cell = { touchpoint: 'exit', question: 'service', localDate: '2025-03-30', hour: 11, offsetMinutes: 120 }
      await writer.changeTallies([{ ...cell, class: 'counted', value: 3, delta: 1 }])
    })
    harness.sendBatch({ records: [anchorOf(4, monoMs + 1_000)] })
    await harness.acks()
    expect(await harness.tallies()).toEqual(['2025-03-30 12: 1 0 0 1'])
    expect(await harness.tallies({ class: 'counted' })).toEqual(['2025-03-30 12: 0 0 0 1'])
    expect(await dirty()).toEqual(['2025-03-30T09', '2025-03-30T10'])
    const moved = await harness.store.read.pressesBetween('till-1', 0, 1e15)
    expect(moved.map((press) => press.label)).toEqual(['counted', 'misuse'])
  })

  it('an anchor that is no better leaves a press where it is', async () => {
    harness.sendBatch({ records: [anchorOf(1, 0), pressOf(2), anchorOf(3, 5_000, { utcMs: bootedAtMs + hourMs })] })
    await harness.acks()
    harness.sendBatch({ records: [anchorOf(4, 6_000, { utcMs: bootedAtMs + hourMs, errorMs: 1 })] })
    await harness.acks()
    expect(await harness.tallies()).toHaveLength(1)
    expect(harness.ingest.counters().retimed).toBe(0)
  })

  it('a bound above 15 min makes a press uncertain: in the day where that is sure, in no hour, else in nothing', async () => {
    const noon = at('2025-03-31T10:00:00Z')
    const pastMidnight = at('2025-03-31T22:10:00Z')
    const beforeMidnight = at('2025-03-31T21:50:00Z')
    harness.sendBatch({
      records: [
        anchorOf(1, 0),
        pressOf(2, { monoMs: noon, spreadMs: 20 * minuteMs, value: 0 }),
        pressOf(3, { monoMs: pastMidnight, spreadMs: 20 * minuteMs, value: 1 }),
        pressOf(4, { monoMs: noon, spreadMs: 10 * minuteMs, value: 2 }),
        touchOf(5, 'aaaaaaaa-bbbb-0001', { monoMs: noon, spreadMs: null, value: 3 }),
        pressOf(6, { monoMs: beforeMidnight, spreadMs: 40 * minuteMs, value: 3 }),
      ],
    })
    await harness.acks()
    expect(await harness.tallies()).toEqual(['2025-03-31 12: 0 0 1 0'])
    expect(await harness.tallies({ class: 'uncertain' })).toEqual(['2025-03-31 -1: 1 0 0 1'])
    expect(await dirty()).toEqual(['2025-03-31T10'])
    expect(await harness.store.read.ledgerCounters('till-1')).toMatchObject({ stored: 4, storedTouch: 1 })
  })

  it('a press whose age nobody knows lies behind the press before it, in its batch or in the store', async () => {
    const unknown = { spreadMs: null, value: 0 }
    harness.sendBatch({
      records: [
        anchorOf(1, 0),
        pressOf(2, unknown),
        pressOf(3, { monoMs: 2 * hourMs, value: 1 }),
        pressOf(4, { ...unknown, monoMs: 2 * hourMs + 10 * minuteMs }),
        pressOf(5, { ...unknown, monoMs: 2 * hourMs + 10 * minuteMs }),
      ],
    })
    harness.sendBatch({ records: [pressOf(6, { ...unknown, monoMs: 2 * hourMs + 12 * minuteMs })] })
    await harness.acks()
    harness.sendBatch({ records: [pressOf(7, { ...unknown, monoMs: 3 * hourMs })] })
    await harness.acks()
    expect(await harness.tallies()).toEqual(['2025-03-30 10: 3 1 0 0'])
    expect(await harness.tallies({ class: 'uncertain' })).toEqual(['2025-03-30 -1: 1 0 0 0'])
    const timed = await harness.store.read.pressesBetween('till-1', 0, 1e15)
    expect(timed.map(({ record, errorMs }) => [record.sequence, Math.round((errorMs ?? 0) / minuteMs)])).toEqual([
      [3, 0],
      [4, 10],
      [5, 10],
      [6, 12],
      [7, 30],
    ])
    expect(harness.ingest.counters().untimed).toBe(1)
  })

  it('a press whose age nobody knows is in its day when that began before the press before it, whoever delivered that', async () => {
    const [morning, evening] = [at('2025-03-31T06:00:00Z'), at('2025-03-31T18:00:00Z')]
    harness.sendBatch({ records: [anchorOf(1, 0), pressOf(2, { monoMs: morning, value: 3 })] })
    await harness.acks()
    const other = { terminal: 'till-2', epoch: epochB }
    harness.sendBatch({
      ...other,
      records: [anchorOf(1, 0), pressOf(2, { monoMs: evening, spreadMs: null, value: 0, boxSeq: 3 })],
    })
    await harness.acks()
    expect(await harness.tallies({ class: 'uncertain' })).toEqual(['2025-03-31 -1: 1 0 0 0'])
    const [press] = await harness.store.read.pressesBetween('till-2', 0, 1e15)
    const [from, to] = [(press?.utcMs ?? 0) - (press?.errorMs ?? 0), (press?.utcMs ?? 0) + (press?.errorMs ?? 0)]
    expect(from).toBeLessThanOrEqual(bootedAtMs + morning)
    expect(bootedAtMs + morning - from).toBeLessThan(minuteMs)
    expect(Math.abs(bootedAtMs + evening - to)).toBeLessThan(minuteMs)
  })

  it('presses of unknown age that come before their anchor are timed by it one after the other', async () => {
    harness.sendBatch({
      records: [pressOf(1, { value: 1 }), ...[2, 3].map((n) => pressOf(n, { spreadMs: null, value: 0 }))],
    })
    await harness.acks()
    harness.sendBatch({ records: [anchorOf(4, hourMs)] })
    await harness.acks()
    expect(await harness.tallies()).toEqual(['2025-03-30 8: 2 1 0 0'])
  })

  it('the hour that occurs twice in autumn is two cells', async () => {
    const twice = at('2025-10-26T00:30:00Z')
    await harness.close()
    harness = await openHarness({ nowMs: Date.parse('2025-11-01T00:00:00Z') })
    const records = [anchorOf(1, twice), pressOf(2, { monoMs: twice }), pressOf(3, { monoMs: twice + hourMs })]
    harness.sendBatch({ records })
    await harness.acks()
    expect(await harness.tallies()).toEqual(['2025-10-26 2: 0 0 0 1', '2025-10-26 2: 0 0 1 0'])
  })

  it('presses at a time without a placement wait, and are tallied when a placement covers them', async () => {
    harness.sendBatch({ terminal: 'till-9', records: [anchorOf(1, 0), pressOf(2), pressOf(3, { monoMs: 9 * hourMs })] })
    await harness.acks()
    expect(await harness.tallies()).toEqual([])
    expect(await harness.store.read.ledgerCounters('till-9')).toMatchObject({ stored: 2, unplaced: 2 })
    await harness.store.transact(async (writer) => {
      await writer.putTerminal({ id: 'till-9', secretHash: '', createdAtMs: 0, name: '' })
      const toMs = bootedAtMs + hourMs
      await writer.putPlacement({ terminal: 'till-9', touchpoint: 'toilet', fromMs: bootedAtMs, toMs })
    })
    harness.sendBatch({ terminal: 'till-9', records: [pressOf(4)] })
    await harness.acks()
    expect(await harness.tallies({ touchpoint: 'toilet' })).toEqual(['2025-03-30 8: 1 0 1 0'])
    expect(await harness.store.read.ledgerCounters('till-9')).toMatchObject({ stored: 3, unplaced: 1 })
  })

  it('a move of the terminal tallies presses where it stood at their time', async () => {
    await harness.store.transact((writer) =>
      writer.putPlacement({ terminal: 'till-1', touchpoint: 'toilet', fromMs: bootedAtMs + 2_500, toMs: null }),
    )
    harness.sendBatch({ records: [anchorOf(1, 0), pressOf(2), pressOf(3)] })
    await harness.acks()
    expect(await harness.tallies()).toEqual(['2025-03-30 8: 0 0 1 0'])
    expect(await harness.tallies({ touchpoint: 'toilet' })).toEqual(['2025-03-30 8: 0 0 0 1'])
  })

  it('keeps the stretches in which a terminal worked', async () => {
    const alive = { kind: 'alive', sequence: 2, boot: 'b007000a', monoMs: hourMs, wallMs: 1, coveredMs: 30 * minuteMs }
    harness.sendBatch({ records: [anchorOf(1, 0), alive as never] })
    await harness.acks()
    expect(await harness.store.read.aliveStretches('till-1', 0, 1e15)).toEqual([
      { fromMs: bootedAtMs + 30 * minuteMs, toMs: bootedAtMs + hourMs },
    ])
  })
})
