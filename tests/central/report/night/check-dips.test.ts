import { expect, test } from 'vitest'
import { makeCellSource } from '../../../../src/central/report/night/cell-source.ts'
import { checkDips } from '../../../../src/central/report/night/check-dips.ts'
import type { Curve } from '../../../../src/central/report/night/curve.ts'
import { planCurves } from '../../../../src/central/report/night/plan-curves.ts'
import { openTempStore, putTouchpoints } from '../../../support/central-store.ts'
import { rememberedDip } from '../../../support/told-night.ts'
import { firstDay, shopHours } from './night-store.ts'

test('old dips of a chain cost no more reading than the oldest of them', async () => {
  const temp = await openTempStore()
  await temp.store.transact((writer) => writer.putPlace({ id: 'corner', parent: null, name: 'Corner', kind: 'chain' }))
  const members = ['a', 'b', 'c'].map((id) => ({ id, place: 'corner', openingHours: shopHours }))
  await putTouchpoints(temp.store, members)
  const night = firstDay + 100
  const [chain] = planCurves(await temp.store.read.catalogue(), night).chain as [Curve]
  const old = (i: number) => {
    const onset = { day: night - 70 - 30 * i, low: night - 70 - 30 * i, high: night - 70 - 30 * i, isOpen: false }
    const past = { state: 'over' as const, endDay: night - 50 - 30 * i, touchpoint: 'corner' }
    return { ...rememberedDip, ...past, id: `${i}`, onset: { shown: onset, next: null, nights: 0 } }
  }
  const queriesOf = async (dips: ReturnType<typeof old>[]) => {
    let queries = 0
    const tallies: typeof temp.store.read.tallies = async (query) => {
      queries++
      return temp.store.read.tallies(query)
    }
    const store = { ...temp.store.read, tallies }
    const counted = makeCellSource(store, 'counted', { from: night - 55, to: night }, true)
    await counted.read(chain, night - 55, night)
    await checkDips(dips, night, { curveOf: () => chain, fixDays: new Map(), counted })
    return queries
  }
  const one = await queriesOf([old(6)])
  expect(one).toBeGreaterThan(0)
  expect(await queriesOf([0, 1, 2, 3, 4, 5, 6].map(old))).toBe(one)
  await temp.remove()
})
