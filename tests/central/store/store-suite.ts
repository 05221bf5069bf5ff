import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PressCell, Store, StoredPress, StoreWriter, Tally, TallyChange } from '../../../src/central/store/port.ts'
import type { PressRecord } from '../../../src/contracts/records.ts'

const epoch = '00000000000000aa'
const boot = 'b00710ad'
const box = '0000beef'
const cell: PressCell = { touchpoint: 'exit', localDate: '2025-03-30', hour: 3, offsetMinutes: 120, class: 'raw' }

export function makePress(sequence: number, change: Partial<StoredPress> = {}, fields: object = {}): StoredPress {
  const record = {
    kind: 'press',
    sequence,
    boot,
    monoMs: sequence * 1_000,
    wallMs: 5_000_000 + sequence,
    question: 'service',
    surveyRevision: 1,
    value: sequence % 4,
    spreadMs: 0,
    flags: 0,
    source: 'box',
    box,
    boxSeq: sequence,
    ...fields,
  } as PressRecord
  return {
    terminal: 'till-1',
    epoch,
    record,
    receivedAtMs: 9_000_000,
    utcMs: 1_000_000 + sequence * 1_000,
    errorMs: 50,
    cell,
    label: null,
    rule: null,
    isRepeat: false,
    isUnplaced: false,
    ...change,
  }
}

const change = (part: Partial<TallyChange>): TallyChange => ({
  touchpoint: 'exit',
  question: 'service',
  localDate: '2025-03-30',
  hour: 3,
  offsetMinutes: 120,
  class: 'raw',
  value: 0,
  delta: 1,
  ...part,
})

export type OpenedStore = {
  store: Store
  /** Closes the store and opens it again on the same data. */
  reopen(): Promise<Store>
  /** A second program on the same data, such as the command line beside the service. */
  openBeside(): Promise<Store>
  remove(): Promise<void>
}

/** What every store must do, whatever it is made of. */
export function describeStore(name: string, openStore: () => Promise<OpenedStore>): void {
  describe(name, () => {
    let opened: OpenedStore
    let store: Store
    beforeEach(async () => {
      opened = await openStore()
      store = opened.store
    })
    afterEach(() => opened.remove())

    describe('transactions', () => {
      it('keep nothing of a transaction that throws, not even the names it gave', async () => {
        const failed = store.transact(async (writer) => {
          await writer.insertPresses([makePress(1)])
          await writer.changeTallies([change({})])
          await writer.advanceCursor({ terminal: 'till-1', epoch, upTo: 1 })
          throw new Error('on purpose')
        })
        await expect(failed).rejects.toThrow('on purpose')
        expect(await store.read.pressesBetween('till-1', 0, 1e15)).toEqual([])
        expect(await store.read.cursors('till-1')).toEqual([])
        await store.transact((writer) => writer.insertPresses([makePress(1)]))
        expect(await store.read.pressesBetween('till-1', 0, 1e15)).toEqual([makePress(1)])
        store = await opened.reopen()
        expect(await store.read.pressesBetween('till-1', 0, 1e15)).toEqual([makePress(1)])
      })

      it('run one after the other, and reads see only what is committed', async () => {
        const seen: number[] = []
        const add = () =>
          store.transact(async (writer) => {
            const mark = await writer.lockCursor('till-1', epoch)
            await new Promise((resolve) => setImmediate(resolve))
            seen.push((await store.read.cursors('till-1'))[0]?.upTo ?? 0)
            await writer.advanceCursor({ terminal: 'till-1', epoch, upTo: mark + 1 })
          })
        await Promise.all(Array.from({ length: 20 }, add))
        expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => i))
        expect(await store.read.cursors('till-1')).toEqual([{ terminal: 'till-1', epoch, upTo: 20 }])
      })

      it('go on after one that failed', async () => {
        const failed = store.transact(() => Promise.reject(new Error('on purpose')))
        const next = store.transact((writer) => writer.addLedger('till-1', { stored: 1 }))
        await expect(failed).rejects.toThrow()
        await next
        expect((await store.read.ledgerCounters('till-1')).stored).toBe(1)
      })

      it('are refused after close', async () => {
        await store.close()
        await expect(store.transact(async () => 1)).rejects.toThrow('closed')
      })
    })

    describe('catalogue', () => {
      const setUp = () =>
        store.transact(async (writer) => {
          await writer.putPlace({ id: 'chain', parent: null, name: 'Chain', kind: 'chain' })
          await writer.putPlace({ id: 'north', parent: 'chain', name: 'North', kind: 'store' })
          await writer.putTouchpoint({
            id: 'exit',
            place: 'north',
            name: 'Exit',
            zone: 'Europe/Copenhagen',
            question: 'service',
            openingHours: [
              { validFrom: '2025-01-01', intervals: [{ weekday: 1, openMinute: 480, closeMinute: 1320 }] },
            ],
            exceptions: [{ date: '2025-12-25', intervals: [] }],
            lights: { brightness: 'dim', quiet: [{ weekdays: [6, 7], from: '22:00', to: '07:30' }] },
          })
          for (const revision of [2, 1]) {
            const texts = [{ language: 'en', text: `How were we? ${revision}` }]
            await writer.putSurvey({ question: 'service', revision, scaleMax: 3, texts })
          }
          await writer.putTerminal({ id: 'till-1', secretHash: 'ff', createdAtMs: 5, name: 'Till 1' })
          await writer.putPlacement({ terminal: 'till-1', touchpoint: 'exit', fromMs: 10, toMs: null })
        })

      it('gives back what was put', async () => {
        await setUp()
        expect(await store.read.places()).toContainEqual({ id: 'north', parent: 'chain', name: 'North', kind: 'store' })
        const touchpoint = await store.read.touchpoint('exit')
        expect(touchpoint?.openingHours[0]?.intervals).toEqual([{ weekday: 1, openMinute: 480, closeMinute: 1320 }])
        expect(touchpoint?.exceptions).toEqual([{ date: '2025-12-25', intervals: [] }])
        expect(await store.read.touchpoints()).toEqual([touchpoint])
        expect((await store.read.survey('service'))?.revision).toBe(2)
        expect(await store.read.survey('unknown')).toBeNull()
        expect(await store.read.terminal('till-1')).toEqual({
          id: 'till-1',
          secretHash: 'ff',
          createdAtMs: 5,
          name: 'Till 1',
        })
        expect(await store.read.terminal('till-2')).toBeNull()
        expect(await store.read.placements()).toEqual([
          { terminal: 'till-1', touchpoint: 'exit', fromMs: 10, toMs: null },
        ])
        const catalogue = await store.read.catalogue()
        expect(catalogue.surveys.get('service')?.map((survey) => survey.revision)).toEqual([1, 2])
        expect(catalogue.placements.get('till-1')).toHaveLength(1)
      })

      it('is a new object with the same content once tallies were rebuilt', async () => {
        await setUp()
        const before = await store.read.catalogue()
        await store.transact((writer) => writer.noteRebuilt())
        const after = await store.read.catalogue()
        expect(after).toEqual({ ...before, rev: before.rev + 1 })
        expect(after.touchpoints.get('exit')).not.toBe(before.touchpoints.get('exit'))
      })

      it('is one object while nothing changed, and a new one when another program changed it', async () => {
        await setUp()
        const before = await store.read.catalogue()
        await store.transact((writer) => writer.insertPresses([makePress(1)]))
        expect(await store.read.catalogue()).toBe(before)
        const beside = await opened.openBeside()
        await beside.transact((writer) =>
          writer.putPlacement({ terminal: 'till-1', touchpoint: 'exit', fromMs: 10, toMs: 99 }),
        )
        await beside.close()
        const after = await store.read.catalogue()
        expect(after.rev).toBeGreaterThan(before.rev)
        expect(after.placements.get('till-1')).toEqual([
          { terminal: 'till-1', touchpoint: 'exit', fromMs: 10, toMs: 99 },
        ])
      })
    })

    describe('presses', () => {
      it('come back as they went in, box and touch, timed and not', async () => {
        const presses = [
          makePress(1),
          makePress(2, { cell: null, isUnplaced: true }, { spreadMs: null, flags: 3 }),
          makePress(3, { isRepeat: true, cell: null }),
          makePress(
            4,
            { label: 'misuse', rule: 'burst' },
            { source: 'touch', touchId: 'aaaaaaaa-0001', box: undefined },
          ),
        ].map((press) => JSON.parse(JSON.stringify(press)) as StoredPress)
        const { boxSeq: _, ...touch } = (presses[3] as StoredPress).record as PressRecord & { boxSeq: number }
        ;(presses[3] as StoredPress).record = touch as PressRecord
        await store.transact((writer) => writer.insertPresses(presses))
        expect(await store.read.pressesBetween('till-1', 0, 1e15)).toEqual(presses)
        const records = await store.transact((writer) => writer.recordsBetween('till-1', epoch, 2, 9))
        expect([...records.keys()]).toEqual([2, 3, 4])
        expect(records.get(4)).toEqual(presses[3]?.record)
      })

      it('are found by half-open UTC spans of one terminal, in order of boot and monoMs', async () => {
        await store.transact(async (writer) => {
          await writer.insertPresses([
            makePress(3),
            makePress(1),
            makePress(2),
            makePress(9, { utcMs: null, errorMs: null, cell: null }),
          ])
          await writer.insertPresses([makePress(1, { terminal: 'till-2' })])
        })
        const found = await store.read.pressesBetween('till-1', 1_001_000, 1_003_000)
        expect(found.map((press) => press.record.sequence)).toEqual([1, 2])
        expect(await store.read.pressesBetween('nobody', 0, 1e15)).toEqual([])
      })

      it('are summed as tallies are, by the cells and labels they have', async () => {
        const uncertain: PressCell = { ...cell, hour: -1, offsetMinutes: 0, class: 'uncertain' }
        await store.transact((writer) =>
          writer.insertPresses([
            makePress(1, { label: 'counted' }),
            makePress(5, { label: 'counted' }),
            makePress(9, { label: 'misuse', rule: 'burst' }),
            makePress(2),
            makePress(3, { cell: uncertain }),
            makePress(4, { isRepeat: true }),
            makePress(6, { cell: null, isUnplaced: true }),
            makePress(7, { utcMs: null, errorMs: null, cell: null }),
            makePress(8, { utcMs: 9_000_000 }),
          ]),
        )
        const sums = await store.read.pressSums('till-1', 1_001_000, 9_000_000)
        const counts = (...values: number[]) => Array.from({ length: 11 }, (_, i) => values[i] ?? 0)
        const key = { question: 'service', ...cell }
        expect(sums).toHaveLength(3)
        expect(sums).toContainEqual({ ...key, counts: counts(0, 3, 1) })
        expect(sums).toContainEqual({ ...key, class: 'counted', counts: counts(0, 2) })
        expect(sums).toContainEqual({ ...key, ...uncertain, counts: counts(0, 0, 0, 1) })
        expect(await store.read.pressSums('nobody', 0, 1e15)).toEqual([])
        expect(await store.read.pressSpan('till-1')).toEqual({ firstMs: 1_001_000, lastMs: 9_000_000 })
        expect(await store.read.pressSpan('nobody')).toBeNull()
      })

      it('with a loose time are found by the anchor that would better them', async () => {
        await store.transact((writer) =>
          writer.insertPresses([
            makePress(1, { utcMs: null, errorMs: null, cell: null }),
            makePress(2, { errorMs: 10_000 }),
            makePress(3, { errorMs: 60_000 }),
            makePress(4, { errorMs: 60_000 }, { spreadMs: 59_000 }),
            makePress(5, { utcMs: null, errorMs: null, cell: null }, { spreadMs: null }),
            makePress(6, { utcMs: null, errorMs: null, cell: null, isRepeat: true }),
            makePress(7, { utcMs: null, errorMs: null, cell: null }, { boot: 'b0070002' }),
          ]),
        )
        const find = (monoMs: number, errorMs: number) =>
          store.transact((writer) => writer.looselyTimed('till-1', boot, { monoMs, errorMs, driftPpm: 100 }))
        const sequences = (presses: StoredPress[]) => presses.map((press) => press.record.sequence)
        expect(sequences(await find(3_000, 500))).toEqual([1, 3, 4, 5])
        expect(sequences(await find(3_000, 2_000))).toEqual([1, 3, 5])
        expect(sequences(await find(3_000 + 700_000_000, 500))).toEqual([1, 5])
        expect(sequences(await find(3_000, 70_000))).toEqual([1, 5])
        const anything = await store.transact((writer) => writer.looselyTimed('till-1', boot, 'anything'))
        expect(sequences(anything)).toEqual([1, 3, 4, 5])
      })

      it('of a box are found by what came after them', async () => {
        const find = (boxSeq: number, utcMs: number, name = box) =>
          store.transact((writer) => writer.lastBoxPress('till-1', { box: name, boxSeq, utcMs }))
        await store.transact((writer) =>
          writer.insertPresses([
            makePress(1),
            makePress(2, { errorMs: 7 }),
            makePress(3, { utcMs: null, errorMs: null }),
          ]),
        )
        expect(await find(9, 2e9)).toEqual({ utcMs: 1_002_000, errorMs: 7 })
        expect(await find(2, 2e9)).toEqual({ utcMs: 1_001_000, errorMs: 50 })
        expect(await find(9, 1_001_500)).toEqual({ utcMs: 1_001_000, errorMs: 50 })
        expect(await find(1, 2e9)).toBeNull()
        expect(await find(9, 2e9, 'f00df00d')).toBeNull()
      })

      it('are re-timed, and lose a label that no longer applies', async () => {
        const other: PressCell = { ...cell, hour: 4 }
        const uncertain: PressCell = { ...cell, hour: -1, offsetMinutes: 0, class: 'uncertain' }
        await store.transact(async (writer) => {
          await writer.insertPresses([
            makePress(1, { label: 'misuse', rule: 'burst' }),
            makePress(2, { label: 'counted' }),
            makePress(3, { cell: null, isUnplaced: true }),
          ])
          const key = { terminal: 'till-1', epoch }
          await writer.retimePress({ ...key, sequence: 1 }, { utcMs: 7, errorMs: 8, cell: other, isUnplaced: false })
          await writer.retimePress(
            { ...key, sequence: 2 },
            { utcMs: 8, errorMs: 8, cell: uncertain, isUnplaced: false },
          )
          expect(
            (await writer.unplacedPresses('till-1', { limit: 5, skip: 0 })).map((press) => press.record.sequence),
          ).toEqual([3])
          await writer.retimePress({ ...key, sequence: 3 }, { utcMs: 9, errorMs: 8, cell, isUnplaced: false })
          expect(await writer.unplacedPresses('till-1', { limit: 5, skip: 0 })).toEqual([])
        })
        expect(await store.read.pressesBetween('till-1', 0, 10)).toEqual([
          makePress(1, { utcMs: 7, errorMs: 8, cell: other, label: 'misuse', rule: 'burst' }),
          makePress(2, { utcMs: 8, errorMs: 8, cell: uncertain }),
          makePress(3, { utcMs: 9, errorMs: 8 }),
        ])
      })

      it('are labelled', async () => {
        await store.transact(async (writer) => {
          await writer.insertPresses([makePress(1), makePress(2)])
          await writer.labelPresses([
            { terminal: 'till-1', epoch, sequence: 1, label: 'misuse', rule: 'interval' },
            { terminal: 'till-1', epoch, sequence: 2, label: 'counted', rule: null },
          ])
        })
        const found = await store.read.pressesBetween('till-1', 0, 1e15)
        expect(found.map(({ label, rule }) => [label, rule])).toEqual([
          ['misuse', 'interval'],
          ['counted', null],
        ])
      })

      it('are known by touch id, per terminal', async () => {
        const touch = makePress(1, {}, { source: 'touch', touchId: 'aaaaaaaa-0001' })
        const known = await store.transact(async (writer) => {
          await writer.insertPresses([touch])
          expect(await writer.knownTouchIds('till-2', ['aaaaaaaa-0001'])).toEqual(new Set())
          return writer.knownTouchIds('till-1', ['aaaaaaaa-0001', 'aaaaaaaa-0002'])
        })
        expect(known).toEqual(new Set(['aaaaaaaa-0001']))
        expect(await store.read.knownTouchIds('till-1', ['aaaaaaaa-0001', 'aaaaaaaa-0002'])).toEqual(known)
        expect(await store.read.knownTouchIds('till-2', ['aaaaaaaa-0001'])).toEqual(new Set())
      })
    })

    it('keeps the other records and tombstones for comparison', async () => {
      const common = { boot, monoMs: 5, wallMs: 6 }
      const records = [
        { ...common, kind: 'tick', sequence: 1 },
        { ...common, kind: 'anchor', sequence: 2, utcMs: 9, errorMs: 1, clock: 'kernel' },
        { ...common, kind: 'alive', sequence: 3, coveredMs: 60_000 },
        { ...common, kind: 'answer', sequence: 4, touchId: 'aaaaaaaa-0001', followUp: 'why', option: 2 },
      ] as const
      await store.transact(async (writer) => {
        await writer.insertRecords(records.map((record) => ({ terminal: 'till-1', epoch, record, receivedAtMs: 1 })))
        await writer.insertTombstone('till-1', epoch, 5, 'unknown-question')
        const found = await writer.recordsBetween('till-1', epoch, 1, 9)
        expect([...found.values()].sort((a, b) => a.sequence - b.sequence)).toEqual(records)
        expect(await writer.tombstonesBetween('till-1', epoch, 1, 9)).toEqual(new Map([[5, 'unknown-question']]))
        expect(await writer.tombstonesBetween('till-1', epoch, 1, 4)).toEqual(new Map())
      })
    })

    it('keeps cursors per terminal and epoch', async () => {
      await store.transact(async (writer) => {
        expect(await writer.lockCursor('till-1', epoch)).toBe(0)
        await writer.advanceCursor({ terminal: 'till-1', epoch, upTo: Number.MAX_SAFE_INTEGER })
        await writer.advanceCursor({ terminal: 'till-2', epoch, upTo: 7 })
        expect(await writer.lockCursor('till-1', epoch)).toBe(Number.MAX_SAFE_INTEGER)
      })
      expect(await store.read.cursors('till-2')).toEqual([{ terminal: 'till-2', epoch, upTo: 7 }])
      expect(await store.read.cursors('till-3')).toEqual([])
    })

    it('keeps the ranges of a box, whichever terminal delivered them', async () => {
      await store.transact(async (writer) => {
        await writer.setBoxRanges('till-1', box, [
          { from: 1, to: 3 },
          { from: 7, to: 7 },
        ])
        await writer.setBoxRanges('till-2', box, [
          { from: 1, to: 3 },
          { from: 5, to: 4_294_967_295 },
        ])
        expect(await writer.boxRanges(box)).toHaveLength(2)
      })
      expect(await store.read.boxRanges(box)).toEqual([
        { from: 1, to: 3 },
        { from: 5, to: 4_294_967_295 },
      ])
      expect(await store.read.boxesOf('till-1')).toEqual([box])
      expect(await store.read.boxesOf('till-2')).toEqual([box])
      await store.transact((writer) => writer.setBoxRanges('till-1', box, [{ from: 1, to: 4_294_967_295 }]))
      expect(await store.read.boxRanges(box)).toEqual([{ from: 1, to: 4_294_967_295 }])
      expect(await store.read.boxShares(box)).toEqual([
        { from: 1, to: 4, terminal: 'till-1' },
        { from: 5, to: 6, terminal: 'till-2' },
        { from: 7, to: 7, terminal: 'till-1' },
        { from: 8, to: 4_294_967_295, terminal: 'till-2' },
      ])
    })

    it('keeps whoever delivered a press first, whatever the order', async () => {
      const deliver = (terminal: string, ...ranges: [number, number][]) =>
        store.transact((writer) =>
          writer.setBoxRanges(
            terminal,
            box,
            ranges.map(([from, to]) => ({ from, to })),
          ),
        )
      await deliver('till-1', [2, 2], [4, 4], [8, 9])
      await deliver('till-1', [2, 4], [6, 9])
      await deliver('till-2', [1, 12])
      expect(await store.read.boxShares(box)).toEqual([
        { from: 1, to: 1, terminal: 'till-2' },
        { from: 2, to: 4, terminal: 'till-1' },
        { from: 5, to: 5, terminal: 'till-2' },
        { from: 6, to: 9, terminal: 'till-1' },
        { from: 10, to: 12, terminal: 'till-2' },
      ])
      expect(await store.read.boxRanges(box)).toEqual([{ from: 1, to: 12 }])
      expect(await store.read.boxShares('00000000')).toEqual([])
    })

    it('adds up what boxes refused, once a boot', async () => {
      const refuse = (terminal: string, of: string, boot: number, refused: number) =>
        store.transact((writer) => writer.noteRefused(terminal, { box: of, boot, refused }))
      await refuse('till-1', box, 1, 3)
      await refuse('till-1', box, 1, 5)
      await refuse('till-1', box, 1, 4)
      await refuse('till-1', box, 2, 1)
      await refuse('till-1', '0000cafe', 1, 7)
      await refuse('till-2', box, 3, 9)
      expect(await store.read.refused('till-1')).toBe(13)
      expect(await store.read.refused('till-2')).toBe(9)
      expect(await store.read.refused('till-3')).toBe(0)
    })

    it('counts what a box refused in one boot at the terminal where it did so', async () => {
      const refuse = (terminal: string, refused: number) =>
        store.transact((writer) => writer.noteRefused(terminal, { box: '0000f00d', boot: 5, refused }))
      await refuse('till-8', 3)
      await refuse('till-9', 3)
      expect([await store.read.refused('till-8'), await store.read.refused('till-9')]).toEqual([3, 0])
      await refuse('till-9', 5)
      expect([await store.read.refused('till-8'), await store.read.refused('till-9')]).toEqual([3, 2])
      await refuse('till-8', 6)
      expect((await store.read.refused('till-8')) + (await store.read.refused('till-9'))).toBe(6)
    })

    it('notes what was refused in five thousand boots of a terminal, and goes on with those', async () => {
      const note = (boot: number, refused: number) => (writer: StoreWriter) =>
        writer.noteRefused('till-1', { box: '0000f00d', boot, refused })
      await store.transact(async (writer) => {
        for (let boot = 1; boot <= 5_000; boot += 1) await note(boot, 1)(writer)
      })
      expect(await store.transact(note(5_001, 1))).toBe(false)
      expect(await store.transact(note(5_000, 3))).toBe(true)
      expect(await store.read.refused('till-1')).toBe(5_002)
    })

    it('tells between which presses of a box missing records lay', async () => {
      const missing = { terminal: 'till-1', epoch, cause: 'corrupt', atMs: 5 }
      await store.transact(async (writer) => {
        await writer.insertPresses([makePress(2, {}, { boxSeq: 12 }), makePress(7, {}, { boxSeq: 15 })])
        await writer.insertMissing({ ...missing, from: 1, to: 1 })
        await writer.insertMissing({ ...missing, from: 3, to: 6 })
      })
      expect(await store.read.missingSpans('till-1')).toEqual([
        { ...missing, from: 1, to: 1, before: null, after: { box, boxSeq: 12 } },
        { ...missing, from: 3, to: 6, before: { box, boxSeq: 12 }, after: { box, boxSeq: 15 } },
      ])
    })

    it('finds anchors around a span of a boot', async () => {
      const anchors = [0, 10, 20, 30, 40].map((monoMs) => ({
        boot,
        monoMs,
        utcMs: 1_000 + monoMs,
        errorMs: 3,
        clock: 'exchange' as const,
      }))
      const found = await store.transact(async (writer) => {
        for (const anchor of anchors) await writer.insertAnchor('till-1', anchor)
        expect(await writer.anchorsAround('till-1', 'b0070002', 0, 50)).toEqual([])
        expect(await writer.anchorsAround('till-1', boot, 100, 200)).toEqual(anchors.slice(4))
        return writer.anchorsAround('till-1', boot, 15, 25)
      })
      expect(found).toEqual(anchors.slice(1, 4))
    })

    it('keeps the boots of a terminal in order, and knows which were surely over before others began', async () => {
      const monos = { firstMonoMs: 5, lastMonoMs: 900 }
      const spanOf = (no: number, lastNo = no) => {
        const bounds = { fromMs: no === 1 ? null : no * 1_000, toMs: no * 2_000, settledMs: no === 1 ? null : no }
        return { boot: `boot-${no}`, no, lastNo, ...monos, ...bounds }
      }
      // The second one's last record came when the third had begun.
      const spans = [spanOf(1), spanOf(2, 3), spanOf(3), spanOf(4)] as const
      await store.transact(async (writer) => {
        for (const span of spans) await writer.putBootSpan('till-1', { ...span, toMs: 1 })
        for (const span of spans) await writer.putBootSpan('till-1', span)
        await writer.putBootSpan('till-2', spanOf(9))
      })
      const found = await store.transact(async (writer) => ({
        newest: await Promise.all(['till-1', 'till-2', 'till-3'].map((terminal) => writer.newestBootNo(terminal))),
        named: [await writer.bootSpan('till-1', 'boot-1'), await writer.bootSpan('till-2', 'boot-1')],
        before: await Promise.all(spans.map((span) => writer.bootBefore('till-1', span))),
        after: await Promise.all(spans.map((span) => writer.bootAfter('till-1', span))),
        between: await writer.bootsBetween('till-1', 2, 3),
      }))
      expect(found).toEqual({
        newest: [4, 9, 0],
        named: [spans[0], null],
        before: [null, spans[0], null, spans[2]],
        after: [spans[1], spans[3], spans[3], null],
        between: [spans[1], spans[2]],
      })
    })

    it('times the stretches of a boot that were untimed', async () => {
      const stretch = { boot, monoMs: 5_000, coveredMs: 2_000, fromMs: null, toMs: null }
      await store.transact(async (writer) => {
        await writer.insertAlive('till-1', stretch)
        await writer.insertAlive('till-1', { ...stretch, monoMs: 9_000, fromMs: 1, toMs: 2 })
        await writer.insertAlive('till-1', { ...stretch, boot: 'other' })
        await writer.timeAlive('till-1', { boot, monoMs: 4_000, utcMs: 1_004_000, errorMs: 9, clock: 'kernel' })
      })
      expect(await store.read.aliveStretches('till-1', 0, 1e15)).toEqual([
        { fromMs: 1, toMs: 2 },
        { fromMs: 1_003_000, toMs: 1_005_000 },
      ])
    })

    it('finds the stretches in which a terminal worked', async () => {
      await store.transact(async (writer) => {
        await writer.insertAlive('till-1', { boot, monoMs: 60, coveredMs: 50, fromMs: 110, toMs: 160 })
        await writer.insertAlive('till-1', { boot, monoMs: 120, coveredMs: 60, fromMs: 160, toMs: 220 })
        await writer.insertAlive('till-1', { boot, monoMs: 180, coveredMs: 60, fromMs: null, toMs: null })
      })
      expect(await store.read.aliveStretches('till-1', 0, 1_000)).toEqual([
        { fromMs: 110, toMs: 160 },
        { fromMs: 160, toMs: 220 },
      ])
      expect(await store.read.aliveStretches('till-1', 160, 161)).toEqual([{ fromMs: 160, toMs: 220 }])
    })

    describe('tallies', () => {
      const query = { touchpoint: 'exit', question: 'service', class: 'raw' as const }

      it('of a date come in all classes and questions, of all touchpoints or one', async () => {
        const changes = [
          change({ value: 2 }),
          change({ class: 'counted', value: 2 }),
          change({ class: 'uncertain', hour: -1, offsetMinutes: 0, value: 1 }),
          change({ question: 'toilets', value: 10 }),
          change({ touchpoint: 'toilet' }),
          change({ localDate: '2025-03-31' }),
        ]
        await store.transact((writer) => writer.changeTallies(changes))
        const toChange = ({ counts, ...key }: Tally) => ({ ...key, value: counts.indexOf(1), delta: 1 })
        const all = (await store.read.talliesOn('2025-03-30')).map(toChange)
        expect(all).toHaveLength(5)
        expect(all).toEqual(expect.arrayContaining(changes.slice(0, 5)))
        const ofOne = (await store.read.talliesOn('2025-03-30', 'toilet')).map(toChange)
        expect(ofOne).toEqual([changes[4]])
        expect(await store.read.talliesOn('2025-03-30', 'nowhere')).toEqual([])
      })

      it('add up per cell and come in order of date, hour, offset', async () => {
        await store.transact((writer) =>
          writer.changeTallies([
            change({ hour: 4, value: 3 }),
            change({ value: 3, delta: 5 }),
            change({ value: 3, delta: -2 }),
            change({ value: 10 }),
            change({ offsetMinutes: 60 }),
            change({ localDate: '2025-03-29', hour: 23 }),
            change({ class: 'counted' }),
            change({ touchpoint: 'entrance' }),
          ]),
        )
        await store.transact((writer) => writer.changeTallies([change({ value: 10 })]))
        const tallies = await store.read.tallies({ ...query, from: '2025-03-29', to: '2025-03-30' })
        expect(tallies.map((tally) => [tally.localDate, tally.hour, tally.offsetMinutes, tally.counts])).toEqual([
          ['2025-03-29', 23, 120, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
          ['2025-03-30', 3, 60, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
          ['2025-03-30', 3, 120, [0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 2]],
          ['2025-03-30', 4, 120, [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]],
        ])
        expect(await store.read.tallies({ ...query, from: '2025-03-29', to: '2025-03-29' })).toHaveLength(1)
        expect(await store.read.tallies({ ...query, question: 'other', from: '2025-01-01', to: '2026-01-01' })).toEqual(
          [],
        )
      })

      it('say first and last date, without cells that were emptied', async () => {
        expect(await store.read.tallyDates({ class: 'raw' })).toBeNull()
        await store.transact((writer) =>
          writer.changeTallies([
            change({}),
            change({ localDate: '2024-02-29' }),
            change({ touchpoint: 'entrance', localDate: '2025-04-02' }),
          ]),
        )
        await store.transact((writer) => writer.changeTallies([change({ localDate: '2024-02-29', delta: -1 })]))
        expect(await store.read.tallyDates({ class: 'raw' })).toEqual({ first: '2025-03-30', last: '2025-04-02' })
        expect(await store.read.tallyDates({ class: 'raw', touchpoint: 'exit' })).toEqual({
          first: '2025-03-30',
          last: '2025-03-30',
        })
        expect(await store.read.tallyDates({ class: 'counted' })).toBeNull()
        expect(await store.read.tallyDates({ class: 'raw', touchpoint: 'nowhere' })).toBeNull()
      })
    })

    it('keeps the last comparison, also for whoever opens it next', async () => {
      expect(await store.read.compared()).toBeNull()
      await store.transact((writer) => writer.noteCompared({ atMs: 5, differences: 2 }))
      await store.transact((writer) => writer.noteCompared({ atMs: 1_800_000_000_000, differences: 0 }))
      store = await opened.reopen()
      expect(await store.read.compared()).toEqual({ atMs: 1_800_000_000_000, differences: 0 })
    })

    it('keeps the last seven nights, and a night in place of itself and of all later ones', async () => {
      expect(await store.read.lastNight()).toBeNull()
      expect(await store.read.nightBefore(20_000)).toBeNull()
      const put = (night: number, content = `{"night":${night}}`) =>
        store.transact((writer) => writer.putNight({ night, madeAtMs: 1_800_000_000_000 + night, content }))
      for (let night = 20_000; night < 20_010; night += 1) await put(night)
      store = await opened.reopen()
      expect(await store.read.lastNight()).toEqual({
        ...{ night: 20_009, madeAtMs: 1_800_000_020_009, content: '{"night":20009}' },
      })
      expect(await store.read.nightBefore(20_004)).toMatchObject({ night: 20_003 })
      expect(await store.read.nightBefore(20_003)).toBeNull()
      await put(20_006, 'once more')
      expect(await store.read.lastNight()).toMatchObject({ night: 20_006, content: 'once more' })
      expect(await store.read.nightBefore(20_006)).toMatchObject({ night: 20_005 })
      await put(20_020)
      expect(await store.read.nightBefore(20_020)).toMatchObject({ night: 20_006, content: 'once more' })
    })

    it('keeps one fix a dip until it is taken back', async () => {
      const fix = { dip: 'exit.service.10-11.all.2025-03-01', fixDate: '2025-03-20', notedAtMs: 5 }
      const other = { ...fix, dip: 'door.service.10-11.12345.2025-03-01' }
      await store.transact(async (writer) => {
        await writer.putFix(fix)
        await writer.putFix(other)
        await writer.putFix({ ...fix, fixDate: '2025-03-21', notedAtMs: 6 })
      })
      store = await opened.reopen()
      expect(await store.read.fixes()).toEqual([other, { ...fix, fixDate: '2025-03-21', notedAtMs: 6 }])
      expect(await store.transact((writer) => writer.removeFix(fix.dip))).toBe(true)
      expect(await store.transact((writer) => writer.removeFix(fix.dip))).toBe(false)
      expect(await store.read.fixes()).toEqual([other])
    })

    it('lists dirty hours once each, longest waiting first', async () => {
      const [a, b] = [
        { terminal: 'till-2', utcHour: 5 },
        { terminal: 'till-1', utcHour: 7 },
      ]
      await store.transact((writer) => writer.markDirty([a, b]))
      await store.transact((writer) => writer.markDirty([b, a]))
      expect(await store.read.dirtyHours(10)).toEqual([a, b])
      expect(await store.read.dirtyHours(1)).toEqual([a])
      await store.transact((writer) => writer.clearDirty([a]))
      expect(await store.read.dirtyHours(10)).toEqual([b])
    })

    it('keeps the ledger, missing ranges and quarantined contents', async () => {
      const none = { stored: 0, storedTouch: 0, repeated: 0, quarantined: 0, rejected: 0, unplaced: 0 }
      expect(await store.read.ledgerCounters('till-1')).toEqual({ terminal: 'till-1', ...none })
      const missing = { terminal: 'till-1', epoch, from: 3, to: 9, cause: 'trimmed', atMs: 5 }
      const row = { terminal: 'till-1', epoch, sequence: 4, stored: '{}', arrived: '{"value":1}', atMs: 6 }
      await store.transact(async (writer) => {
        await writer.addLedger('till-1', { stored: 5, unplaced: 2 })
        await writer.addLedger('till-1', { stored: 1, unplaced: -1, repeated: 3 })
        await writer.insertMissing(missing)
        expect(await writer.insertQuarantined(row)).toBe(true)
        expect(await writer.insertQuarantined({ ...row, atMs: 7 })).toBe(false)
      })
      const counters = await store.read.ledgerCounters('till-1')
      expect(counters).toEqual({ terminal: 'till-1', ...none, stored: 6, unplaced: 1, repeated: 3 })
      expect(await store.read.missing('till-1')).toEqual([missing])
      expect(await store.read.quarantined('till-1')).toEqual([row])
      expect(await store.read.missing('till-2')).toEqual([])
    })

    it('updates of a terminal state leave the other members alone', async () => {
      expect(await store.read.terminalState('till-1')).toBeNull()
      await store.transact(async (writer) => {
        await writer.updateTerminalState('till-1', { online: true, connection: 'aabbccdd', lastSeenAtMs: 5 })
        await writer.updateTerminalState('till-1', { hello: '{}', lastSeenAtMs: 6, lastPressAtMs: 4 })
        await writer.updateTerminalState('till-1', { online: false, lastPressAtMs: 3 })
      })
      const state = {
        terminal: 'till-1',
        connection: 'aabbccdd',
        online: false,
        lastSeenAtMs: 6,
        toldAtMs: null,
        lastBatchAtMs: null,
        lastPressAtMs: 4,
        hello: '{}',
        health: null,
        lives: null,
        clonedAtMs: null,
      }
      expect(await store.read.terminalState('till-1')).toEqual(state)
      expect(await store.read.terminalStates()).toEqual([state])
    })

    it('keeps what terminals told of a box, and to which it came when', async () => {
      const tell = (terminal: string, next: number, pending: number, atMs: number) =>
        store.transact((writer) => writer.noteBoxTold(terminal, { box, next, pending, atMs }))
      await tell('till-1', 10, 2, 100)
      await tell('till-1', 12, 1, 200)
      await tell('till-1', 11, 5, 300)
      expect(await store.read.boxTold(box)).toEqual([
        { terminal: 'till-1', next: 12, pending: 1, atMs: 200, fromAtMs: 100, fromNext: 10 },
      ])
      await tell('till-2', 15, 0, 400)
      await tell('till-2', 16, 0, 500)
      await tell('till-1', 20, 0, 600)
      const told = await store.read.boxTold(box)
      expect(told).toContainEqual({ terminal: 'till-1', next: 20, pending: 0, atMs: 600, fromAtMs: 600, fromNext: 20 })
      expect(told).toContainEqual({ terminal: 'till-2', next: 16, pending: 0, atMs: 500, fromAtMs: 400, fromNext: 15 })
      expect(await store.read.boxesOf('till-2')).toEqual([box])
      expect(await store.read.boxTold('0000feed')).toEqual([])
    })

    it('takes note of no end of boxes from one terminal', async () => {
      await store.transact(async (writer) => {
        for (let i = 0; i < 300; i += 1)
          await writer.noteBoxTold('till-1', { box: i.toString(16).padStart(8, '0'), next: 5, pending: 0, atMs: 1 })
        await writer.noteBoxTold('till-1', { box: '00000000', next: 6, pending: 0, atMs: 2 })
      })
      expect(await store.read.boxesOf('till-1')).toHaveLength(200)
      expect(await store.read.boxTold('00000000')).toMatchObject([{ next: 6 }])
    })

    it('keeps what is missing of a terminal in place of what it knew', async () => {
      const missing = [
        { box, from: 3, to: 4, seenAtMs: 5, isRaised: true },
        { box: null, from: 1, to: 1, seenAtMs: 6, isRaised: false },
      ]
      await store.transact((writer) => writer.noteMissingPresses('till-1', missing))
      expect(await store.read.missingPresses('till-1')).toEqual([missing[1], missing[0]])
      expect(await store.read.missingPresses('till-2')).toEqual([])
      await store.transact((writer) => writer.noteMissingPresses('till-1', []))
      expect(await store.read.missingPresses('till-1')).toEqual([])
    })

    it('puts presses in no cell aside from an instant on, and counts those of doubtful time', async () => {
      const nowhere = { cell: null, isUnplaced: true, receivedAtMs: 500 }
      await store.transact(async (writer) => {
        await writer.insertPresses([
          makePress(1, { receivedAtMs: 500 }),
          makePress(2, { ...nowhere, receivedAtMs: 499 }),
          makePress(3, nowhere),
          makePress(4, { ...nowhere, isUnplaced: false, utcMs: null, errorMs: null }),
          makePress(5, { ...nowhere, isUnplaced: false, isRepeat: true }),
          makePress(6, { ...nowhere, isUnplaced: false, errorMs: 900_001 }),
        ])
        expect(await writer.setPressesAside('till-1', 500)).toEqual({ presses: 3, unplaced: 1 })
        expect(await writer.setPressesAside('till-1', 500)).toEqual({ presses: 0, unplaced: 0 })
        const kept = await writer.pressesBetween('till-1', 0, 10_000_000)
        expect(kept.filter((press) => press.isAside).map(({ record }) => record.sequence)).toEqual([3, 6])
        expect(kept.filter((press) => press.isUnplaced).map(({ record }) => record.sequence)).toEqual([2])
      })
      expect(await store.read.pressTimes('till-1')).toEqual({ untimed: 1, uncertain: 1 })
      expect(await store.read.pressTimes('till-9')).toEqual({ untimed: 0, uncertain: 0 })
    })

    it('counts the touch presses that were pressed and received after a terminal spoke', async () => {
      const touch = (sequence: number, receivedAtMs: number, fields: object = {}) =>
        makePress(
          sequence,
          { receivedAtMs },
          { source: 'touch', box: undefined, boxSeq: undefined, touchId: `t-${sequence}`, ...fields },
        )
      await store.transact((writer) =>
        writer.insertPresses([
          touch(1, 50),
          touch(2, 100),
          touch(3, 100, { monoMs: 99_000 }),
          makePress(4, { receivedAtMs: 150 }, { monoMs: 99_000 }),
          touch(5, 150, { monoMs: 99_000, boot: 'another' }),
          { ...touch(6, 150, { monoMs: 99_000 }), isRepeat: true },
          touch(7, 200, { monoMs: 3_000 }),
        ]),
      )
      const told = { epoch, boot, monoMs: 2_000, atMs: 100 }
      expect(await store.read.touchSince('till-1', told)).toEqual({ before: 2, after: 2 })
      expect(await store.read.touchSince('till-1', { ...told, atMs: 151 })).toEqual({ before: 0, after: 1 })
      expect(await store.read.touchSince('till-1', { ...told, epoch: '00000000000000bb' })).toEqual({
        before: 0,
        after: 0,
      })
      expect(await store.read.touchSince('till-2', told)).toEqual({ before: 0, after: 0 })
    })

    it('lists terminals that are known to be cloned', async () => {
      expect(await store.read.clonedTerminals()).toEqual([])
      await store.transact((writer) => writer.updateTerminalState('till-2', { clonedAtMs: 5, lives: '[]' }))
      expect(await store.read.clonedTerminals()).toEqual(['till-2'])
      expect(await store.read.terminalState('till-2')).toMatchObject({ clonedAtMs: 5, lives: '[]' })
      await store.transact((writer) => writer.updateTerminalState('till-2', { clonedAtMs: null, lives: null }))
      expect(await store.read.clonedTerminals()).toEqual([])
      expect(await store.read.terminalState('till-2')).toMatchObject({ clonedAtMs: null, lives: null })
    })
  })
}
