/** Boots that nobody told the time: bounded by the boots before and after them, by the receipt, and by the box. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { StoredPress } from '../../../src/central/store/port.ts'
import { findDates, readSpans } from '../../../src/central/upkeep/date-range.ts'
import { findDifferences } from '../../../src/central/upkeep/find-differences.ts'
import { rebuildTallies } from '../../../src/central/upkeep/rebuild-tallies.ts'
import { makeRebuildMeans } from '../../../src/cli/rebuild/rebuild-means.ts'
import type { TerminalRecord } from '../../../src/contracts/records.ts'
import { anchorOf, type Harness, hourMs, minuteMs, openHarness, pressOf } from './ingest-harness.ts'

const utc = (instant: string) => Date.parse(`${instant}:00Z`)
const tickOf = (sequence: number, monoMs: number, boot: string): TerminalRecord =>
  ({ kind: 'tick', sequence, boot, monoMs, wallMs: 77 }) as TerminalRecord
/** An anchor that says when its boot began. */
const begunAt = (sequence: number, boot: string, monoMs: number, begunMs: number, errorMs = 1_000) =>
  anchorOf(sequence, monoMs, { boot, utcMs: begunMs + monoMs, errorMs })
const spanOf = ({ utcMs, errorMs }: StoredPress) => {
  const text = (ms: number) =>
    new Date(Math.round(ms / minuteMs) * minuteMs).toISOString().slice(5, 16).replace('T', ' ')
  return utcMs === null || errorMs === null ? null : `${text(utcMs - errorMs)} ${text(utcMs + errorMs)}`
}
const [first, second, third] = ['b0070001', 'b0070002', 'b0070003']

describe('boots without the time', () => {
  let harness: Harness
  beforeEach(async () => {
    harness = await openHarness({ nowMs: utc('2025-04-10T12:00') })
  })
  afterEach(() => harness.close())

  const createdAt = (createdAtMs: number) =>
    harness.store.transact(async (writer) => {
      await writer.putTerminal({ id: 'till-8', secretHash: '', createdAtMs, name: 'till-8' })
      await writer.putPlacement({ terminal: 'till-8', touchpoint: 'exit', fromMs: createdAtMs, toMs: null })
    })
  async function spans(terminal = 'till-1'): Promise<(string | null)[]> {
    const stored = await harness.store.read.pressesBetween(terminal, 0, 1e15)
    return stored.sort((a, b) => a.record.sequence - b.record.sequence).map(spanOf)
  }
  async function send(records: TerminalRecord[], terminal = 'till-1'): Promise<void> {
    harness.sendBatch({ records, terminal })
    await harness.acks()
  }
  /** The nightly comparison and a rebuild find nothing to mend. */
  async function expectSound(): Promise<void> {
    const { store } = harness
    const terminals = await readSpans(store.read)
    const dates = await findDates(store.read, terminals, null)
    const pause = async () => {}
    if (!dates) throw new Error('nothing to compare')
    for await (const difference of findDifferences(store, { spans: terminals, dates, mend: false, pause }))
      expect(difference).toBe('none')
    const means = makeRebuildMeans(store)
    const rebuilt = await rebuildTallies({
      ...{ store, means, retainedFromMs: null, wanted: {}, isDry: false, pause },
      onProgress: () => {},
    })
    expect(rebuilt).toMatchObject({ moves: [], differences: [] })
  }

  it('lies between the end of the boot before it and the begin of the one after it', async () => {
    const [eight, noon] = [utc('2025-04-02T08:00'), utc('2025-04-02T12:00')]
    await send([begunAt(1, first, 0, eight), tickOf(2, hourMs, first)])
    await send([tickOf(3, 20_000, second), pressOf(4, { boot: second, monoMs: 10 * minuteMs, value: 3 })])
    await send([tickOf(5, 2 * hourMs + 20_000, second)])
    expect(await spans()).toEqual(['04-02 09:10 04-10 12:00'])
    expect(await harness.tallies({ class: 'uncertain' })).toEqual([])
    await send([tickOf(6, 15_000, third), begunAt(7, third, hourMs, noon)])
    // Over two hours of it lay before noon: it began between 09:00 and 10:00.
    expect(await spans()).toEqual(['04-02 09:10 04-02 10:10'])
    expect(await harness.tallies({ class: 'uncertain' })).toEqual(['2025-04-02 -1: 0 0 0 1'])
    expect(await harness.tallies()).toEqual([])
    expect(harness.ingest.counters()).toMatchObject({ untimed: 0, bounded: 1 })
    await expectSound()
  })

  it('is in an hour where the bounds are within a quarter of one, and is labelled there', async () => {
    const eight = utc('2025-04-02T08:00')
    await send([begunAt(1, first, 0, eight), tickOf(2, hourMs, first)])
    await send([tickOf(3, 20_000, second), pressOf(4, { boot: second, monoMs: 40 * minuteMs, value: 3 })])
    await send([tickOf(5, hourMs, second), begunAt(6, third, 20_000, eight + 2 * hourMs + 6 * minuteMs)])
    expect(await spans()).toEqual(['04-02 09:40 04-02 09:46'])
    expect(await harness.tallies()).toEqual(['2025-04-02 11: 0 0 0 1'])
    expect(await harness.store.read.dirtyHours(9)).toEqual([
      { terminal: 'till-1', utcHour: Math.floor((eight + 100 * minuteMs) / hourMs) },
    ])
    await expectSound()
  })

  it('is moved by an anchor of its own that comes late', async () => {
    await send([begunAt(1, first, 0, utc('2025-04-02T08:00'))])
    harness.setNow(utc('2025-04-02T20:00'))
    await send([pressOf(2, { boot: second, monoMs: hourMs, value: 0 })])
    expect(await harness.tallies({ class: 'uncertain' })).toEqual(['2025-04-02 -1: 1 0 0 0'])
    await send([begunAt(3, second, 2 * hourMs, utc('2025-04-02T10:30'), 20)])
    expect(await harness.tallies({ class: 'uncertain' })).toEqual([])
    expect(await harness.tallies()).toEqual(['2025-04-02 13: 1 0 0 0'])
    await expectSound()
  })

  it('gives way to its own anchor even where the others seemed to know better', async () => {
    // Somebody made the terminal anew: what it had pressed before seems to lie within the second since.
    await createdAt(utc('2025-04-10T12:00') - 1_000)
    await send([pressOf(1, { boot: first, monoMs: 0 })], 'till-8')
    expect(await spans('till-8')).toEqual(['04-10 12:00 04-10 12:00'])
    expect(await harness.tallies()).toEqual(['2025-04-10 13: 0 1 0 0'])
    await send([begunAt(2, first, 2 * hourMs, utc('2025-04-08T10:30'), 600_000)], 'till-8')
    expect(await harness.tallies()).toEqual([])
    const [press] = await harness.store.read.pressesBetween('till-8', 0, 1e15)
    expect(press).toMatchObject({ utcMs: utc('2025-04-08T10:30'), isUnplaced: true })
  })

  it('several in a row share the time between them by their lengths', async () => {
    await send([begunAt(1, first, 0, utc('2025-04-02T06:00'))])
    for (const [i, boot] of [second, third].entries()) {
      const at = (sequence: number, monoMs: number) => tickOf(2 + 3 * i + sequence, monoMs, boot)
      await send([at(0, 0), pressOf(3 + 3 * i, { boot, monoMs: 0, boxSeq: 10 + i }), at(2, (i + 1) * hourMs)])
    }
    await send([begunAt(8, 'b0070004', 0, utc('2025-04-02T10:00'))])
    expect(await spans()).toEqual(['04-02 06:00 04-02 07:00', '04-02 07:00 04-02 08:00'])
    expect(await harness.tallies({ class: 'uncertain' })).toEqual(['2025-04-02 -1: 0 0 1 1'])
  })

  it('the newest is over before its records arrive, also those that come batch by batch', async () => {
    await send([begunAt(1, first, 0, utc('2025-04-10T06:00'))])
    await send([tickOf(2, 0, second), pressOf(3, { boot: second, monoMs: minuteMs })])
    expect(await spans()).toEqual(['04-10 06:01 04-10 12:00'])
    await send([tickOf(4, 4 * hourMs, second)])
    expect(await spans()).toEqual(['04-10 06:01 04-10 08:01'])
    // Not half as wide any more only: that waits until the boot is known to be over.
    await send([tickOf(5, 4.5 * hourMs, second)])
    expect(await spans()).toEqual(['04-10 06:01 04-10 08:01'])
    await send([tickOf(6, 0, third)])
    expect(await spans()).toEqual(['04-10 06:01 04-10 07:31'])
    await expectSound()
  })

  it('of a week, delivered in many batches, has each of its presses moved a few times only', async () => {
    const [weekMs, presses, size] = [7 * 24 * hourMs, 1_000, 20]
    harness.setNow(utc('2025-04-20T12:00'))
    await send([begunAt(1, first, 0, utc('2025-04-20T12:00') - weekMs - hourMs), tickOf(2, hourMs, first)])
    const records = Array.from({ length: presses }, (_, i) =>
      pressOf(3 + i, { boot: second, monoMs: Math.floor(((i + 1) * weekMs) / presses), boxSeq: 1 + i }),
    )
    for (let at = 0; at < presses; at += size) await send(records.slice(at, at + size))
    await send([tickOf(3 + presses, 0, third)])
    const timed = await harness.store.read.pressesBetween('till-1', 0, 1e15)
    expect(timed.length).toBe(presses)
    // The boot began within the ten minutes before its first press; and 100 ppm of a week, on either side.
    expect(Math.max(...timed.map(({ errorMs }) => errorMs ?? Number.NaN))).toBeLessThan(8 * minuteMs)
    expect(Number(harness.ingest.counters().retimed)).toBeLessThanOrEqual(3 * presses)
  })

  it('of weeks is not said to reach beyond its receipt, however wrong its crystal may be', async () => {
    await send([begunAt(1, first, 0, utc('2025-03-10T12:00'))])
    await send([tickOf(2, 0, second), pressOf(3, { boot: second, monoMs: 31 * 24 * hourMs })])
    const [press] = await harness.store.read.pressesBetween('till-1', 0, 1e15)
    const latestMs = (press?.utcMs ?? 0) + (press?.errorMs ?? 0)
    expect(Math.abs(latestMs - utc('2025-04-10T12:00'))).toBeLessThanOrEqual(1)
  })

  it('the first that a terminal ever had began after somebody gave the terminal its secret', async () => {
    await createdAt(utc('2025-04-10T09:00'))
    await send([tickOf(1, 0, first), pressOf(2, { boot: first, monoMs: hourMs })], 'till-8')
    expect(await spans('till-8')).toEqual(['04-10 10:00 04-10 12:00'])
    expect(await harness.tallies({ class: 'uncertain' })).toEqual(['2025-04-10 -1: 0 0 1 0'])
  })

  it('where the terminal was made anew after its presses, nothing bounds them from below', async () => {
    await createdAt(utc('2025-04-11T09:00'))
    await send([pressOf(1, { boot: first, monoMs: hourMs })], 'till-8')
    expect(await spans('till-8')).toEqual([])
    expect(harness.ingest.counters()).toMatchObject({ untimed: 1, bounded: 0 })
  })

  it('lies behind the press before it of the same box, whichever terminal delivered that', async () => {
    const box = { box: '0000cafe' }
    await send([begunAt(1, first, 0, utc('2025-04-10T00:00'))], 'till-1')
    await send(
      [begunAt(1, third, 0, utc('2025-04-10T08:00')), pressOf(2, { ...box, boot: third, monoMs: hourMs, boxSeq: 7 })],
      'till-2',
    )
    await send([
      tickOf(2, 0, second),
      pressOf(3, { ...box, boot: second, monoMs: 10 * minuteMs, boxSeq: 8, spreadMs: 5 * minuteMs }),
      pressOf(4, { ...box, boot: second, monoMs: 20 * minuteMs, boxSeq: 9 }),
      pressOf(5, { ...box, boot: second, monoMs: 30 * minuteMs, boxSeq: 10, spreadMs: null }),
    ])
    // The boot began at 08:50 at the earliest, and at the latest half an hour before the receipt.
    expect(await spans()).toEqual(['04-10 09:00 04-10 11:40', '04-10 09:10 04-10 11:50', '04-10 09:10 04-10 12:00'])
  })

  it('boots that come mixed, as of a cloned card, do not bound each other', async () => {
    await send([begunAt(1, first, 0, utc('2025-04-09T08:00'))])
    await send([tickOf(2, 0, second)])
    await send([begunAt(3, third, 0, utc('2025-04-09T18:00'))])
    await send([pressOf(4, { boot: second, monoMs: hourMs })])
    expect(await spans()).toEqual(['04-09 09:00 04-10 12:00'])
    await send([begunAt(5, third, hourMs, utc('2025-04-09T18:00'))])
    expect(await spans()).toEqual(['04-09 09:00 04-10 12:00'])
  })

  it('what was concluded through a boot that turns out to be mixed is taken back', async () => {
    const begun = utc('2025-04-09T08:00')
    await send([begunAt(1, 'b0070000', 0, utc('2025-04-08T08:00'))])
    await send([tickOf(2, 0, first), pressOf(3, { boot: first, monoMs: minuteMs, value: 0 })])
    await send([tickOf(4, 0, second), pressOf(5, { boot: second, monoMs: minuteMs, value: 3 })])
    await send([begunAt(6, third, 0, begun), tickOf(7, hourMs, third)])
    await send([pressOf(8, { boot: third, monoMs: hourMs, value: 1 })])
    expect(await spans()).toEqual(['04-08 08:01 04-09 07:59', '04-08 08:02 04-09 08:00', '04-09 09:00 04-09 09:00'])
    await send([pressOf(9, { boot: second, monoMs: 2 * minuteMs, value: 2 })])
    // All that is left of it is that they had come by now.
    expect(await spans()).toEqual([
      ...['04-08 08:01 04-10 11:58', '04-08 08:02 04-10 11:59', '04-09 09:00 04-09 09:00'],
      '04-08 08:03 04-10 12:00',
    ])
    await expectSound()
  })

  it('a boot that comes late is after none that speaks again, nor after those before it', async () => {
    const now = utc('2025-04-10T12:00')
    const salvaged = ['b00700a1', 'b00700a2']
    await send([tickOf(1, 0, first), pressOf(2, { boot: first, monoMs: 5_000, boxSeq: 90 })])
    await send([begunAt(3, second, 0, now - hourMs), tickOf(4, hourMs - minuteMs, second)])
    for (const [i, boot] of salvaged.entries()) {
      const press = pressOf(6 + 2 * i, { boot, monoMs: 10 * minuteMs, boxSeq: 10 + i, value: 3 })
      await send([tickOf(5 + 2 * i, 10 * minuteMs - 2 * minuteMs * i, boot), press])
    }
    expect((await spans()).length).toBe(2)
    harness.setNow(now + minuteMs)
    await send([tickOf(9, hourMs, second)])
    expect(await spans()).toEqual([])
    expect(await harness.tallies()).toEqual([])
    // What another boot after all of them is told bounds them from above, and none of those before them.
    await send([begunAt(10, third, 0, now - minuteMs)])
    expect(await spans()).toEqual([])
    await send([begunAt(11, salvaged[0] as string, 11 * minuteMs, utc('2025-04-09T08:00'))])
    expect(await spans()).toEqual(['04-09 08:10 04-09 08:10'])
    await expectSound()
  })

  it('bounds that contradict each other give no time', async () => {
    await send([begunAt(1, first, 0, utc('2025-04-09T08:00'))])
    await send([tickOf(2, 0, second), pressOf(3, { boot: second }), begunAt(4, third, 0, utc('2025-04-08T08:00'))])
    expect(await spans()).toEqual([])
    expect(harness.ingest.counters()).toMatchObject({ untimed: 1 })
  })

  it('bounds that turn out to contradict each other take the time back', async () => {
    // The central was lost as a whole and the terminal made anew, after two boots that it had not delivered.
    await createdAt(utc('2025-04-10T11:58'))
    await send([tickOf(1, 0, first), pressOf(2, { boot: first, monoMs: 10_000 })], 'till-8')
    expect(await harness.tallies()).toEqual(['2025-04-10 13: 0 0 1 0'])
    await send([begunAt(3, second, 0, utc('2025-04-08T08:00')), pressOf(4, { boot: second, monoMs: 20_000 })], 'till-8')
    expect(await spans('till-8')).toEqual(['04-08 08:00 04-08 08:00'])
    expect(await harness.tallies()).toEqual([])
    expect(await harness.store.read.ledgerCounters('till-8')).toMatchObject({ stored: 2, unplaced: 1 })
  })

  it('is in no day where the terminal may have stood at either of two touchpoints', async () => {
    await harness.store.transact((writer) =>
      writer.putPlacement({ terminal: 'till-1', touchpoint: 'toilet', fromMs: utc('2025-04-10T09:00'), toMs: null }),
    )
    await send([begunAt(1, first, 0, utc('2025-04-10T08:00')), tickOf(2, 0, second)])
    await send([
      pressOf(3, { boot: second, monoMs: hourMs / 2, value: 0 }),
      pressOf(4, { boot: second, monoMs: 2 * hourMs, value: 3 }),
    ])
    expect(await harness.tallies({ class: 'uncertain' })).toEqual([])
    expect(await harness.tallies({ class: 'uncertain', touchpoint: 'toilet' })).toEqual(['2025-04-10 -1: 0 0 0 1'])
    expect((await harness.store.read.ledgerCounters('till-1')).unplaced).toBe(0)
    await expectSound()
  })

  it('stretches of work get their times when an anchor comes after them', async () => {
    const alive = { kind: 'alive', sequence: 1, boot: first, monoMs: hourMs, wallMs: 1, coveredMs: hourMs }
    await send([alive as TerminalRecord])
    const all = () => harness.store.read.aliveStretches('till-1', 0, 1e15)
    expect(await all()).toEqual([])
    await send([begunAt(2, first, 2 * hourMs, utc('2025-04-09T08:00'))])
    expect(await all()).toEqual([{ fromMs: utc('2025-04-09T08:00'), toMs: utc('2025-04-09T09:00') }])
  })
})
