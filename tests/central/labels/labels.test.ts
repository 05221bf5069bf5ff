import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ChangedTallies, openLabels } from '../../../src/central/labels/open-labels.ts'
import type { Store, StoredPress, TallyClass } from '../../../src/central/store/port.ts'
import { systemClock } from '../../../src/shared/clock.ts'
import {
  makePress,
  openTempStore,
  putTouchpoints,
  question,
  storePresses,
  type TempStore,
} from '../../support/central-store.ts'
import { silentLogger } from '../../support/silent-logger.ts'

let temp: TempStore
let store: Store
const tenOClock = Date.UTC(2025, 2, 10, 8)
const hourMs = 3_600_000

async function label(into = store): Promise<{ changed: ChangedTallies; counters: Record<string, number> }> {
  const changed: ChangedTallies = []
  const labels = openLabels({
    store: into,
    clock: systemClock,
    logger: silentLogger,
    onRelabelled: (some) => void changed.push(...some),
  })
  await labels.drain()
  await labels.close()
  return { changed, counters: labels.counters.snapshot() }
}

const readPresses = (from = store) => from.read.pressesBetween('t1', 0, Date.UTC(2030, 0, 1))

async function readLabels(from = store): Promise<(string | null)[]> {
  return (await readPresses(from)).map((press) => press.label)
}

async function readCounts(
  tallyClass: TallyClass,
  from = store,
): Promise<{ date: string; hour: number; counts: number[] }[]> {
  const query = { touchpoint: 't1', question, class: tallyClass, from: '2025-01-01', to: '2029-01-01' }
  const tallies = await from.read.tallies(query)
  return tallies
    .map(({ localDate, hour, counts }) => ({ date: localDate, hour, counts: counts.slice(0, 4) }))
    .filter(({ counts }) => counts.some((count) => count !== 0))
}

const at = (seconds: readonly number[], value = 0, first = 1): StoredPress[] =>
  seconds.map((second, i) => makePress({ sequence: first + i, utcMs: tenOClock + second * 1000, value }))

beforeEach(async () => {
  temp = await openTempStore()
  store = temp.store
  await putTouchpoints(store, [{ id: 't1' }])
})
afterEach(async () => temp.remove())

describe('labels', () => {
  it('flags play as misuse, counts the rest, and drops nothing', async () => {
    const play = at([100, 101, 102, 103, 104, 105]).map((press, i) => ({
      ...press,
      record: { ...press.record, value: i % 4 },
    }))
    await storePresses(store, [...at([0, 30, 60], 3, 10), ...play])
    const { changed, counters } = await label()
    expect(await readLabels()).toEqual([...Array(3).fill('counted'), ...Array(6).fill('misuse')])
    expect((await readPresses()).at(-1)?.rule).toBe('burst')
    expect(await readCounts('raw')).toEqual([{ date: '2025-03-10', hour: 10, counts: [2, 2, 1, 4] }])
    expect(await readCounts('counted')).toEqual([{ date: '2025-03-10', hour: 10, counts: [0, 0, 0, 3] }])
    expect(changed).toEqual([{ touchpoint: 't1', localDate: '2025-03-10', hour: 10 }])
    expect(counters).toMatchObject({ labelled: 9, misuse: 6, 'failed-passes': 0 })
    expect(await store.read.dirtyHours(10)).toEqual([])
  })

  it('takes the word of the box for two pressed together', async () => {
    const [first, second, chord] = at([0, 60, 120], 2).map((press, i) => ({
      ...press,
      record: { ...press.record, flags: i === 2 ? 2 : 0 },
    }))
    await storePresses(store, [first, second, chord] as StoredPress[])
    await label()
    expect((await readPresses()).map((press) => press.rule)).toEqual([null, null, 'chord'])
    expect(await readCounts('raw')).toEqual([{ date: '2025-03-10', hour: 10, counts: [0, 0, 3, 0] }])
    expect(await readCounts('counted')).toEqual([{ date: '2025-03-10', hour: 10, counts: [0, 0, 2, 0] }])
  })

  it('counts an impatient customer once', async () => {
    await storePresses(store, at([0, 1, 2, 3, 4], 1))
    await label()
    expect(await readCounts('counted')).toEqual([{ date: '2025-03-10', hour: 10, counts: [0, 1, 0, 0] }])
  })

  it('takes a counted press back when the rest of its run arrives', async () => {
    await storePresses(store, at([0, 1, 2], 1))
    await label()
    expect(await readCounts('counted')).toEqual([{ date: '2025-03-10', hour: 10, counts: [0, 3, 0, 0] }])
    await storePresses(store, at([3, 4, 5], 1, 4))
    await label()
    expect(await readLabels()).toEqual(Array(6).fill('misuse'))
    expect(await readCounts('counted')).toEqual([])
    expect(await readCounts('raw')).toEqual([{ date: '2025-03-10', hour: 10, counts: [0, 6, 0, 0] }])
  })

  it('follows a run over the hour, and as long as it goes on', async () => {
    const seconds = Array.from({ length: 600 }, (_, i) => 3300 + i * 2)
    await storePresses(store, at(seconds, 2))
    await label()
    expect(new Set(await readLabels())).toEqual(new Set(['misuse']))
    // Only the second hour gets dirty again; its run began long before the margin that is read first.
    await storePresses(store, at([4500], 2, 601))
    await label()
    expect((await readLabels()).filter((one) => one === 'counted')).toEqual([])
  })

  it('keeps devices, sources and boots apart', async () => {
    const [a, b, c, d] = at([0, 1, 2, 3]) as [StoredPress, StoredPress, StoredPress, StoredPress]
    const touch = { ...b, record: { ...b.record, source: 'touch', touchId: 'aaaaaaaaaaaaaaaa' } } as StoredPress
    const otherBox = { ...c, record: { ...c.record, box: '0badf00d' } } as StoredPress
    const otherBoot = { ...d, record: { ...d.record, boot: 'b0000000-0000-0000-0000-000000000002' } } as StoredPress
    await storePresses(store, [a, touch, otherBox, otherBoot])
    await label()
    expect(await readLabels()).toEqual(Array(4).fill('counted'))
  })

  it('leaves repeats and presses without a sure hour unlabelled, and still sees them as part of a run', async () => {
    const presses = at([0, 1, 2, 3, 4, 5], 0).map((press, i): StoredPress => {
      if (i === 1) return { ...press, cell: null, isUnplaced: true }
      if (i === 2 && press.cell)
        return { ...press, errorMs: 1e6, cell: { ...press.cell, hour: -1, offsetMinutes: 0, class: 'uncertain' } }
      if (i === 5) return { ...press, cell: null, isRepeat: true }
      return press
    })
    await storePresses(store, presses)
    await label()
    expect(await readLabels()).toEqual(['counted', null, null, 'misuse', 'misuse', null])
    expect(await readCounts('counted')).toEqual([{ date: '2025-03-10', hour: 10, counts: [1, 0, 0, 0] }])
  })

  it('does not take presses that outlived a power cut for play', async () => {
    const kept = at([0, 0, 0, 0, 0, 0]).map((press) => ({ ...press, record: { ...press.record, spreadMs: 60_000 } }))
    await storePresses(store, kept)
    await label()
    expect(await readLabels()).toEqual(Array(6).fill('counted'))
  })

  it('uses the gap of a busy touchpoint from the weeks before', async () => {
    const weekBefore = tenOClock - 7 * 24 * hourMs
    await store.transact((writer) =>
      writer.changeTallies([
        {
          touchpoint: 't1',
          question,
          localDate: '2025-03-03',
          hour: 10,
          offsetMinutes: 120,
          class: 'raw',
          value: 3,
          delta: 720,
        },
      ]),
    )
    const quiet = Array.from({ length: 6 }, (_, i) =>
      makePress({ sequence: 1 + i, utcMs: weekBefore + i * 1500, value: i % 4 }),
    )
    await storePresses(store, [...quiet, ...at([0, 1.5, 3, 4.5, 6, 7.5], 2, 7)])
    await label()
    // 720 presses in the busy hour make the gap 1 s from the week after on; in their own week nothing was known yet: 4 s.
    expect(await readLabels()).toEqual([...Array(6).fill('misuse'), ...Array(6).fill('counted')])
  })

  it('gives the same labels and tallies in whatever order presses arrive', async () => {
    const arrival = fc.record({ gapMs: fc.integer({ min: 200, max: 9_000 }), value: fc.nat(3), batch: fc.nat(4) })
    await fc.assert(
      fc.asyncProperty(fc.array(arrival, { minLength: 1, maxLength: 60 }), async (arrivals) => {
        let utcMs = tenOClock + hourMs - 120_000
        const presses = arrivals.map(({ gapMs, value }, i) => {
          utcMs += gapMs
          return makePress({ sequence: i + 1, utcMs, value })
        })
        const batches = [0, 1, 2, 3, 4].map((n) => presses.filter((_, i) => arrivals[i]?.batch === n))
        const [one, other] = [await openTempStore(), await openTempStore()]
        try {
          for (const { store: each } of [one, other]) await putTouchpoints(each, [{ id: 't1' }])
          await storePresses(one.store, presses)
          await label(one.store)
          for (const batch of batches) {
            await storePresses(other.store, batch)
            await label(other.store)
          }
          expect(await readLabels(other.store)).toEqual(await readLabels(one.store))
          expect(await readCounts('counted', other.store)).toEqual(await readCounts('counted', one.store))
        } finally {
          await one.remove()
          await other.remove()
        }
      }),
      { numRuns: 15 },
    )
  })

  it('waits while terminals wait for their acks, and not for ever', async () => {
    await storePresses(store, at([0, 30, 60], 3))
    let looks = 0
    const labelledAtLook: number[] = []
    const open = (isBehind: () => boolean, clock = systemClock) =>
      openLabels({ store, clock, logger: silentLogger, isBehind, onRelabelled: () => labelledAtLook.push(looks) })
    const patient = open(() => {
      looks += 1
      return looks <= 3
    })
    await patient.drain()
    await patient.close()
    expect(labelledAtLook).toHaveLength(1)
    expect(labelledAtLook[0]).toBeGreaterThan(3)

    await storePresses(store, at([3_600], 3, 20))
    let monoMs = 0
    const quick = { ...systemClock, monoMs: () => (monoMs += 600) }
    const starved = open(() => true, quick)
    await starved.drain()
    await starved.close()
    expect(await readLabels()).toEqual(Array(4).fill('counted'))
  })

  it('labels by itself after a commit', async () => {
    const changed: ChangedTallies = []
    const labels = openLabels({
      store,
      clock: systemClock,
      logger: silentLogger,
      onRelabelled: (some) => void changed.push(...some),
    })
    await labels.drain()
    await storePresses(store, at([0, 60]))
    labels.wake()
    await expect.poll(readLabels, { timeout: 10_000 }).toEqual(['counted', 'counted'])
    await labels.close()
    expect(changed).toHaveLength(1)
  })
})
