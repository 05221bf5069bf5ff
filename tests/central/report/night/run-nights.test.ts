import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dateOfDay } from '../../../../src/central/report/night/day-number.ts'
import type { NightReport } from '../../../../src/central/report/night/night-report.ts'
import type { Catalogue } from '../../../../src/central/store/catalogue.ts'
import { openTempStore, putTouchpoints, type TempStore } from '../../../support/central-store.ts'
import type { PlantedDip } from '../../../support/press-generator.ts'
import { firstDay, makeShop, putTallies, runDays, shopHours, talliesOf } from './night-store.ts'

const slump: PlantedDip = { weekdays: [1, 2, 3, 4, 5], startSlot: 10, endSlot: 11, fromDay: 28, depth: 25 }
const ids = ['t1', 't2', 't3', 't4']
const fleet = ids.map((id, i) => makeShop(id === 't3' ? { id, seed: i, dip: slump, untilDay: 62 } : { id, seed: i }))

let temp: TempStore
let found: NightReport

beforeAll(async () => {
  temp = await openTempStore()
  await putTouchpoints(
    temp.store,
    [...ids, 'silent'].map((id) => ({ id, openingHours: shopHours })),
  )
  await putTallies(temp.store, fleet)
  found = await runDays(temp.store, 55, 56)
})
afterAll(async () => temp.remove())

const dipsOf = (report: NightReport, id = 't3') =>
  report.memories.touchpoint.dips.filter(({ touchpoint }) => touchpoint === id)

describe('a night', () => {
  test('finds a planted dip at its touchpoint, with its hours, since about its onset', () => {
    expect(found).toMatchObject({ from: dateOfDay(firstDay + 1), to: dateOfDay(firstDay + 56), night: firstDay + 56 })
    const dips = found.memories.touchpoint.dips.filter(({ state }) => state === 'confirmed')
    expect(dips).toMatchObject([
      { touchpoint: 't3', question: 'satisfied', shape: { shown: { startSlot: 10, endSlot: 11 } } },
    ])
    const dip = dips[0] as (typeof dips)[0]
    expect(dip.id).toMatch(/^t3\.satisfied\.10-11\.(12345|all)\.\d{4}-\d\d-\d\d$/)
    expect(Math.abs((dip.onset.shown.day as number) - firstDay - slump.fromDay)).toBeLessThanOrEqual(4)
    expect(found.notes[dip.id]).toEqual({ isTold: true, toldAt: null, fix: null })
    const { inside, presses, withMisuse, index, usual, depth, tau2 } = dip.details
    expect(inside.reduce((sum, count) => sum + count, 0)).toBe(presses)
    expect(withMisuse).toEqual({ presses, index: expect.closeTo(index, 9), usual: expect.closeTo(usual, 9) })
    expect(depth).toBeGreaterThan(10)
    expect(tau2).toBeGreaterThanOrEqual(1)
  })

  test('says of each touchpoint what can be said', () => {
    const verdicts = Object.fromEntries(
      found.curves.filter(({ kind }) => kind === 'touchpoint').map(({ id, verdict }) => [id, verdict]),
    )
    expect(Object.keys(verdicts)).toEqual(['silent', ...ids])
    expect(verdicts.silent).toEqual({ kind: 'insufficient', presses: 0, days: 0, moreDays: null })
    expect(verdicts.t1).toMatchObject({ kind: 'scanned', noticeableDepth: expect.any(Number) })
  })

  test('is the same run alone as among others, and read back from JSON', async () => {
    const first = await runDays(temp.store, 55, 55)
    const again = await runDays(temp.store, 56, 56, { before: JSON.parse(JSON.stringify(first)) })
    expect(again).toEqual(found)
    expect(JSON.parse(JSON.stringify(again))).toEqual(found)
  })

  test('taken in already changes nothing when it is run again', async () => {
    const again = await runDays(temp.store, 56, 56, { before: found })
    expect(again).toEqual(found)
  })

  test('is told of as it goes, and refused where the last is before the first', async () => {
    const told: number[][] = []
    await runDays(temp.store, 12, 13, { onProgress: (done, of) => told.push([done, of]) })
    expect(told).toEqual([
      [1, 2],
      [2, 2],
    ])
    await expect(runDays(temp.store, 13, 12)).rejects.toThrow(RangeError)
  })

  test('before the fourteenth day of data judges nobody', async () => {
    const { curves } = await runDays(temp.store, 12, 12)
    expect(new Set(curves.map(({ verdict }) => verdict.kind))).toEqual(new Set(['insufficient']))
    expect(curves.find(({ id }) => id === 't1')?.verdict).toMatchObject({ days: 13, moreDays: 1 })
  })
})

describe('a dip that ended', () => {
  test('is over where nobody entered a fix', async () => {
    const report = await runDays(temp.store, 57, 80, { before: found })
    expect(dipsOf(report)[0]).toMatchObject({ id: dipsOf(found)[0]?.id, state: 'over' })
    expect(Math.abs((dipsOf(report)[0]?.endDay as number) - firstDay - 62)).toBeLessThanOrEqual(5)
  })

  test('is fixed where somebody did, at first too early to tell', async () => {
    const dip = dipsOf(found)[0]?.id as string
    const fixes = [{ dip, fixDate: dateOfDay(firstDay + 62) }]
    const soon = await runDays(temp.store, 57, 63, { before: found, fixes })
    expect(soon.notes[dip]?.fix).toMatchObject({ fixDate: dateOfDay(firstDay + 62), check: { verdict: 'too-early' } })
    expect(dipsOf(soon)[0]?.state).toBe('confirmed')
    const later = await runDays(temp.store, 64, 76, { before: soon, fixes })
    expect(dipsOf(later)[0]).toMatchObject({ state: 'fixed', endDay: firstDay + 62, fix: { verdict: 'gone' } })
    const { decidedDate } = later.notes[dip]?.fix?.check ?? {}
    expect((decidedDate as string) > dateOfDay(firstDay + 63)).toBe(true)
    expect(later.notes[dip]?.fix).toMatchObject({ check: { verdict: 'gone' } })
    const takenBack = await runDays(temp.store, 77, 77, { before: later })
    expect(dipsOf(takenBack)[0]).toMatchObject({ state: 'over', endDay: firstDay + 62, fix: null })
    const corrected = [{ dip, fixDate: dateOfDay(firstDay + 76) }]
    const again = await runDays(temp.store, 77, 77, { before: later, fixes: corrected })
    expect(dipsOf(again)[0]).toMatchObject({ state: 'confirmed', endDay: null, fix: { verdict: 'too-early' } })
    expect(again.notes[dip]?.fix).toMatchObject({ check: { verdict: 'too-early' } })
  })

  test('is still there where the fix did not help', async () => {
    const dip = dipsOf(found)[0]?.id as string
    const fixes = [{ dip, fixDate: dateOfDay(firstDay + 46) }]
    const report = await runDays(temp.store, 57, 57, { before: found, fixes })
    expect(report.notes[dip]?.fix?.check.verdict).toBe('still-there')
    expect(dipsOf(report)[0]).toMatchObject({ state: 'confirmed', fix: { verdict: 'still-there' } })
  })

  test('is the same dip when it comes back', async () => {
    const relapse = { ...slump, fromDay: 78 }
    const other = await openTempStore()
    await putTouchpoints(
      other.store,
      ids.map((id) => ({ id, openingHours: shopHours })),
    )
    const [before, after] = [fleet[2] as (typeof fleet)[0], makeShop({ id: 't3', seed: 2, dip: relapse })]
    const counts = before.counts.map((ofValue, value) => {
      const spliced = ofValue.slice()
      spliced.set((after.counts[value] as Uint16Array).subarray(78 * 24), 78 * 24)
      return spliced
    })
    await putTallies(other.store, [...fleet.filter(({ id }) => id !== 't3'), { ...before, counts }])
    const dip = dipsOf(found)[0]?.id as string
    const fixes = [{ dip, fixDate: dateOfDay(firstDay + 62) }]
    const fixed = await runDays(other.store, 57, 77, { before: found, fixes })
    expect(dipsOf(fixed)[0]?.state).toBe('fixed')
    const back = await runDays(other.store, 78, 92, { before: fixed, fixes })
    expect(dipsOf(back)[0]).toMatchObject({ id: dip, state: 'back', endDay: null })
    expect(back.notes[dip]?.fix).toBeNull()
    await other.remove()
  })
})

describe('what people change between nights', () => {
  const without = (catalogue: Catalogue, change: 'removed' | 'asks-another'): Catalogue => {
    const touchpoints = new Map(catalogue.touchpoints)
    const t3 = touchpoints.get('t3')
    touchpoints.delete('t3')
    if (change === 'asks-another' && t3) touchpoints.set('t3', { ...t3, question: 'friendly' })
    const surveys = new Map(catalogue.surveys)
    const [survey] = surveys.get('satisfied') ?? []
    if (survey) surveys.set('friendly', [{ ...survey, question: 'friendly', scaleMax: 10 }])
    return { ...catalogue, touchpoints, surveys }
  }

  test.each(['removed', 'asks-another'] as const)('lets the dips of a touchpoint fade: %s', async (change) => {
    const catalogue = without(await temp.store.read.catalogue(), change)
    const next = await runDays(temp.store, 57, 57, { before: found, catalogue })
    expect(dipsOf(next)[0]).toMatchObject({ state: 'confirmed', quietNights: 1 })
    const later = await runDays(temp.store, 58, 64, { before: next, catalogue })
    expect(dipsOf(later)[0]).toMatchObject({ state: 'over' })
    expect(Object.keys(later.notes)).toContain(dipsOf(found)[0]?.id)
    const layout = { kind: 'touchpoint', id: 't3', question: 'satisfied', dayStart: 0, zone: expect.any(String) }
    expect(later.pastCurves).toEqual([layout])
    expect((await runDays(temp.store, 65, 65, { before: later })).pastCurves).toBeUndefined()
  })

  test('leaves a dip at its hour of the clock when days begin elsewhere', async () => {
    const catalogue = await temp.store.read.catalogue()
    const [t3, touchpoints] = [catalogue.touchpoints.get('t3'), new Map(catalogue.touchpoints)]
    if (t3) touchpoints.set('t3', { ...t3, openingHours: [] })
    const report = await runDays(temp.store, 57, 57, { before: found, catalogue: { ...catalogue, touchpoints } })
    expect(report.curves.find(({ id }) => id === 't3')?.dayStart).toBe(4)
    expect(dipsOf(report)).toMatchObject([
      { id: dipsOf(found)[0]?.id, lastFoundNight: firstDay + 57, shape: { shown: { startSlot: 6, endSlot: 7 } } },
    ])
  })
})

test('the order in which presses came does not matter', async () => {
  const other = await openTempStore()
  await putTouchpoints(
    other.store,
    ['silent', ...ids.toReversed()].map((id) => ({ id, openingHours: shopHours })),
  )
  const changes = fleet.flatMap((cells) => [...talliesOf(cells), ...talliesOf(cells, 'raw')])
  const mixed = changes.map((change, i) => ({ change, at: (i * 7919) % changes.length }))
  const shuffled = mixed.sort((a, b) => a.at - b.at).map(({ change }) => change)
  await other.store.transact((writer) => writer.changeTallies(shuffled))
  expect(await runDays(other.store, 55, 56)).toEqual(found)
  await other.remove()
})
