/** A terminal is taken down, or its hours are cut: what was found there is past, though no scan will ever say so. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lastPressDay } from '../../../../src/central/report/night/last-press-day.ts'
import type { NightReport } from '../../../../src/central/report/night/night-report.ts'
import { openTempStore, putTouchpoints, type TempStore } from '../../../support/central-store.ts'
import type { PlantedDip } from '../../../support/press-generator.ts'
import { firstDay, makeShop, putTallies, runDays, shopHours } from './night-store.ts'

const slump: PlantedDip = { weekdays: [1, 2, 3, 4, 5, 6, 7], startSlot: 15, endSlot: 16, fromDay: 28, depth: 25 }
let temp: TempStore
let found: NightReport

beforeAll(async () => {
  temp = await openTempStore()
  const ids = ['ends', 'b', 'c']
  await putTouchpoints(
    temp.store,
    ids.map((id) => ({ id, openingHours: shopHours })),
  )
  const fleet = ids.map((id, seed) =>
    id === 'ends' ? makeShop({ id, seed, dip: slump, days: 60 }) : makeShop({ id, seed, days: 140 }),
  )
  await putTallies(temp.store, fleet)
  found = await runDays(temp.store, 59, 59)
})
afterAll(async () => temp.remove())

const dipsOf = ({ memories }: NightReport) => memories.touchpoint.dips.filter(({ touchpoint }) => touchpoint === 'ends')

describe('a touchpoint that brings no presses any more', () => {
  test('has no running dip after two weeks, and does not get it back from its past', async () => {
    expect(dipsOf(found)).toMatchObject([{ state: 'confirmed', endedDay: null }])
    const soon = await runDays(temp.store, 72, 72, { before: found })
    expect(dipsOf(soon)).toMatchObject([{ state: 'confirmed' }])
    const over = { id: dipsOf(found)[0]?.id, state: 'over', endDay: firstDay + 60 }
    const later = await runDays(temp.store, 74, 77, { before: soon })
    expect(dipsOf(later)).toMatchObject([over])
    const long = await runDays(temp.store, 125, 125, { before: later })
    expect(dipsOf(long)).toMatchObject([over])
  })

  test('drops suspicions once their days have left the period, and ends a fix that nothing will decide', async () => {
    const report = structuredClone(found)
    const [dip] = dipsOf(report) as [ReturnType<typeof dipsOf>[0]]
    const fixes = [{ dip: dip.id, fixDate: '2025-05-03' }]
    expect(dipsOf(await runDays(temp.store, 75, 75, { before: found, fixes }))).toMatchObject([{ state: 'over' }])
    Object.assign(dip, { state: 'suspected', confirmedNight: null, lastFoundNight: firstDay + 110 })
    const kept = await runDays(temp.store, 120, 125, { before: { ...report, night: firstDay + 119 } })
    expect(dipsOf(kept)).toMatchObject([{ state: 'suspected', quietNights: 6 }])
    expect(dipsOf(await runDays(temp.store, 126, 126, { before: kept }))).toEqual([])
  })
})

test('of one weekday, four have to pass without a press', () => {
  const cells = makeShop({ id: 'a', seed: 1, days: 56 })
  const emptied = (from: number) => ({
    ...cells,
    counts: cells.counts.map((ofValue) => ofValue.map((count, cell) => (cell >= from * 24 ? 0 : count))),
  })
  const at = { startSlot: 10, endSlot: 11 }
  expect(lastPressDay(cells, { ...at, weekdays: null })).toBeNull()
  expect(lastPressDay(emptied(43), { ...at, weekdays: null })).toBeNull()
  expect(lastPressDay(emptied(42), { ...at, weekdays: null })).toBe(41)
  expect(lastPressDay(emptied(42), { ...at, weekdays: [7] })).toBeNull()
  expect(lastPressDay(emptied(35), { ...at, weekdays: [7] })).toBeNull()
  expect(lastPressDay(emptied(28), { ...at, weekdays: [7] })).toBe(27)
  expect(lastPressDay(cells, { startSlot: 2, endSlot: 3, weekdays: null })).toBe(-1)
})
