import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTempStore, putTouchpoints, type TempStore } from '../../../support/central-store.ts'
import type { PlantedDip } from '../../../support/press-generator.ts'
import { firstDay, makeShop, putTallies, runDays, shopHours } from './night-store.ts'

const slump: PlantedDip = { weekdays: [1, 2, 3, 4, 5], startSlot: 10, endSlot: 11, fromDay: 40, depth: 20 }

let temp: TempStore

beforeAll(async () => {
  temp = await openTempStore()
  const ids = ['t1', 't2', 't3', 't4', 't5', 't6']
  await putTouchpoints(
    temp.store,
    ids.map((id) => ({ id, openingHours: shopHours })),
  )
  await putTallies(
    temp.store,
    ids.map((id, seed) => makeShop(id === 't3' ? { id, seed, dip: slump, untilDay: 80 } : { id, seed })),
  )
})
afterAll(async () => temp.remove())

describe('nights of a small fleet', () => {
  test('find a planted dip at its touchpoint, with its hours and name', async () => {
    const report = await runDays(temp.store, 60, 75)
    expect(report.night).toBe(firstDay + 75)
    const dips = report.memories.touchpoint.dips.filter(({ state }) => state === 'confirmed')
    expect(dips).toHaveLength(1)
    expect(dips[0]).toMatchObject({ touchpoint: 't3', shape: { shown: { startSlot: 10, endSlot: 11 } } })
    expect(dips[0]?.id).toMatch(/^t3\.satisfied\.\d+-\d+\.(\d+|all)\.\d{4}-\d\d-\d\d$/)
    expect(JSON.parse(JSON.stringify(report))).toEqual(report)
  })
})
