import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dateOfDay } from '../../../../src/central/report/night/day-number.ts'
import type { NightReport } from '../../../../src/central/report/night/night-report.ts'
import { planCurves } from '../../../../src/central/report/night/plan-curves.ts'
import type { Catalogue, Place, Touchpoint } from '../../../../src/central/store/catalogue.ts'
import { openTempStore, putTouchpoints, type TempStore } from '../../../support/central-store.ts'
import type { PlantedDip } from '../../../support/press-generator.ts'
import { firstDay, makeShop, putTallies, question, runDays, shopHours } from './night-store.ts'

const daily = [1, 2, 3, 4, 5, 6, 7]
const chainWide: PlantedDip = { weekdays: daily, startSlot: 15, endSlot: 16, fromDay: 28, depth: 22 }
const ofOne: PlantedDip = { weekdays: daily, startSlot: 10, endSlot: 11, fromDay: 28, depth: 25 }
const rise: PlantedDip = { weekdays: daily, startSlot: 12, endSlot: 13, fromDay: 28, depth: -17 }

/** Chain `corner` with stores `north` (n1 …) and `south` (s1 …); chain `kiosks` with k1 … directly beneath. */
const places: Place[] = [
  { id: 'corner', parent: null, name: 'Corner', kind: 'chain' },
  { id: 'north', parent: 'corner', name: 'North', kind: 'store' },
  { id: 'south', parent: 'corner', name: 'South', kind: 'store' },
  { id: 'kiosks', parent: null, name: 'Kiosks', kind: 'chain' },
]
const standing = Object.entries({ north: ['n1', 'n2', 'n3'], south: ['s1', 's2', 's3'], kiosks: ['k1', 'k2', 'k3'] })

let temp: TempStore
let report: NightReport

beforeAll(async () => {
  temp = await openTempStore()
  await temp.store.transact(async (writer) => {
    for (const place of places) await writer.putPlace(place)
  })
  await putTouchpoints(
    temp.store,
    standing.flatMap(([place, ids]) => ids.map((id) => ({ id, place, openingHours: shopHours }))),
  )
  const dips: Record<string, PlantedDip> = { k2: ofOne, k3: rise }
  const ids = standing.flatMap(([, of]) => of)
  await putTallies(
    temp.store,
    ids.map((id, seed) => makeShop({ id, seed, dip: id.startsWith('k') ? dips[id] : chainWide, days: 56 })),
  )
  report = await runDays(temp.store, 55, 55)
})
afterAll(async () => temp.remove())

const confirmed = (kind: 'touchpoint' | 'place' | 'chain') =>
  report.memories[kind].dips.filter(({ state }) => state === 'confirmed')
const noteOf = (id: string | undefined) => report.notes[id ?? '']

describe('a dip of a whole chain', () => {
  test('is told once, at the chain; its stores and touchpoints say where', () => {
    const [chain] = confirmed('chain').filter(({ touchpoint }) => touchpoint === 'corner')
    expect(chain).toMatchObject({ shape: { shown: { startSlot: 15, endSlot: 16 } } })
    expect(noteOf(chain?.id)).toEqual({ isTold: true, toldAt: null, fix: null })
    const beneath = [...confirmed('place'), ...confirmed('touchpoint')].filter(
      ({ shape }) => shape.shown.startSlot === 15,
    )
    const told = beneath.map(({ touchpoint }) => touchpoint)
    expect(told).toEqual(expect.arrayContaining(['north', 'south']))
    expect(told.length).toBeGreaterThanOrEqual(5)
    for (const { id } of beneath) {
      expect(noteOf(id)).toEqual({
        ...{ isTold: false, fix: null },
        toldAt: { kind: 'chain', id: 'corner', dip: chain?.id },
      })
    }
  })
})

describe('a dip of one touchpoint', () => {
  test('is told there, whatever its chain’s curve shows', () => {
    const [dip] = confirmed('touchpoint').filter(({ touchpoint }) => touchpoint === 'k2')
    expect(dip).toMatchObject({ shape: { shown: { startSlot: 10, endSlot: 11 } } })
    expect(noteOf(dip?.id)).toEqual({ isTold: true, toldAt: null, fix: null })
    const ofChain = report.memories.chain.dips.filter(({ touchpoint, shape }) => {
      return touchpoint === 'kiosks' && shape.shown.startSlot === 10
    })
    expect(ofChain).not.toHaveLength(0)
    for (const { id } of ofChain) expect(noteOf(id)).toMatchObject({ isTold: false, toldAt: null })
  })
})

test('a peak is a peak, and no dip of the hours around or before it', () => {
  expect(report.memories.touchpoint.dips.filter(({ touchpoint }) => touchpoint === 'k3')).toEqual([])
  const peaks = report.curves.find(({ id }) => id === 'k3')?.peaks.filter(({ q }) => q <= 0.01)
  expect(peaks).toMatchObject([{ startHour: 12, endHour: 13, onset: expect.any(String) }])
  expect(peaks?.[0]?.height).toBeGreaterThan(8)
})

test('every dip has a note, a name of its own, and a curve', () => {
  const dips = Object.values(report.memories).flatMap((memory) => memory.dips)
  expect(new Set(Object.keys(report.notes))).toEqual(new Set(dips.map(({ id }) => id)))
  expect(Object.keys(report.notes)).toHaveLength(dips.length)
  expect(dips.every(({ touchpoint }) => report.curves.some(({ id }) => id === touchpoint))).toBe(true)
})

describe('curves of places', () => {
  const touchpoint = (id: string, place: string, rest: Partial<Touchpoint> = {}): [string, Touchpoint] => [
    id,
    {
      ...{ id, place, name: id, zone: 'Europe/Helsinki', question, openingHours: [], exceptions: [], lights: null },
      ...rest,
    },
  ]
  const survey = { question, revision: 1, scaleMax: 3, texts: [] }
  const catalogueOf = (touchpoints: [string, Touchpoint][], tree: readonly Place[] = places): Catalogue => ({
    ...{ rev: 1, places: tree, touchpoints: new Map(touchpoints), placements: new Map() },
    surveys: new Map([
      [question, [survey]],
      ['friendly', [{ ...survey, question: 'friendly', scaleMax: 10 }]],
    ]),
  })

  test('are one for each question that two touchpoints beneath ask', () => {
    const friendly = { question: 'friendly' }
    const catalogue = catalogueOf([
      ...[touchpoint('a', 'north'), touchpoint('b', 'south'), touchpoint('c', 'south', friendly)],
      ...[
        touchpoint('d', 'south', friendly),
        touchpoint('e', 'kiosks'),
        touchpoint('f', 'kiosks', { question: 'none' }),
      ],
    ])
    const curves = planCurves(catalogue, firstDay)
    const named = ({ id, question: asked, scaleMax }: { id: string; question: string; scaleMax: number }) => [
      id,
      asked,
      scaleMax,
    ]
    expect(curves.touchpoint.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(curves.chain.map(named)).toEqual([
      ['corner', 'friendly', 10],
      ['corner', 'satisfied', 3],
    ])
    expect(curves.place.map(named)).toEqual([['south', 'friendly', 10]])
  })

  test('add hours of the clock, from the commonest beginning of the day', () => {
    const catalogue = catalogueOf([
      touchpoint('a', 'north', { openingHours: shopHours, zone: 'Europe/Paris' }),
      touchpoint('b', 'north', { openingHours: shopHours }),
      touchpoint('c', 'north'),
      touchpoint('d', 'north', { openingHours: shopHours, zone: 'Europe/Paris' }),
    ])
    const [curve] = planCurves(catalogue, firstDay).place
    expect(curve).toMatchObject({ id: 'north', dayStart: 0, zone: 'Europe/Paris' })
    expect(curve?.members.map(({ shiftSlots }) => shiftSlots)).toEqual([0, 0, 4, 0])
  })

  test('end at a place that is its own ancestor', () => {
    const loop: Place[] = [
      { id: 'x', parent: 'y', name: 'X', kind: 'store' },
      { id: 'y', parent: 'x', name: 'Y', kind: 'store' },
    ]
    const curves = planCurves(
      catalogueOf([touchpoint('a', 'x'), touchpoint('b', 'x'), touchpoint('c', 'lost')], loop),
      firstDay,
    )
    expect(curves.place.map(({ id }) => id)).toEqual(['x', 'y'])
    expect(curves.chain).toEqual([])
  })
})

test('a place over two zones and two beginnings of the day is told in its own hours', async () => {
  const other = await openTempStore()
  await other.store.transact(async (writer) => {
    await writer.putPlace({ id: 'bars', parent: null, name: 'Bars', kind: 'chain' })
  })
  // Open past midnight: their days begin at 8, the middle of the hours in which they are closed.
  const late = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, openMinute: 720, closeMinute: 240 }))
  const zones = ['Europe/Lisbon', 'Europe/Helsinki', 'Europe/Lisbon', 'Europe/Lisbon']
  const ids = zones.map((_, i) => `b${i}`)
  await putTouchpoints(
    other.store,
    ids.map((id, i) => ({
      ...{ id, place: 'bars', zone: zones[i] as string },
      openingHours: i === 1 ? [] : [{ validFrom: '2020-01-01', intervals: late }],
    })),
  )
  // Of a history from 8 to 20 o'clock, moved by 6 hours: 14 to 2, with the dip from 0 to 1.
  const dip: PlantedDip = { weekdays: daily, startSlot: 18, endSlot: 19, fromDay: 28, depth: 30 }
  const shops = ids.map((id, seed) => makeShop({ id, seed, dip, days: 57, pressesPerDay: 400 }))
  const moved = shops.map((shop) => {
    const counts = shop.counts.map((ofValue) => {
      const later = new Uint16Array(ofValue.length)
      later.set(ofValue.subarray(0, ofValue.length - 6), 6)
      return later
    })
    return { ...shop, counts }
  })
  await putTallies(other.store, moved)
  const { memories, curves } = await runDays(other.store, 55, 55)
  expect(curves.map(({ id, dayStart, zone }) => [id, dayStart, zone])).toEqual([
    ['b0', 8, 'Europe/Lisbon'],
    ['b1', 4, 'Europe/Helsinki'],
    ['b2', 8, 'Europe/Lisbon'],
    ['b3', 8, 'Europe/Lisbon'],
    ['bars', 8, 'Europe/Lisbon'],
  ])
  const slots = [...memories.touchpoint.dips, ...memories.chain.dips].flatMap(({ touchpoint: id, state, shape }) =>
    state === 'confirmed' ? [[id, shape.shown.startSlot]] : [],
  )
  expect(slots).toEqual([...ids.map((id) => [id, id === 'b1' ? 20 : 16]), ['bars', 16]])
  expect(memories.chain.dips[0]?.id).toBe(`bars.satisfied.0-1.all.${dateOfDay(firstDay + 55)}`)
  await other.remove()
})
