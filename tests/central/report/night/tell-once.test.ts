import { describe, expect, test } from 'vitest'
import type { RememberedDip } from '../../../../src/analysis/remember-dips.ts'
import { sumCells } from '../../../../src/analysis/sum-cells.ts'
import type { TouchpointCells } from '../../../../src/analysis/touchpoint-cells.ts'
import type { Curve } from '../../../../src/central/report/night/curve.ts'
import type { CurveKind, DipDetails } from '../../../../src/central/report/night/night-report.ts'
import type { FamilyScan } from '../../../../src/central/report/night/scan-family.ts'
import { type Telling, tellOnce } from '../../../../src/central/report/night/tell-once.ts'
import type { Place } from '../../../../src/central/store/catalogue.ts'
import type { PlantedDip } from '../../../support/press-generator.ts'
import { rememberedDip } from '../../../support/told-night.ts'
import { firstDay, makeShop } from './night-store.ts'

const planted: PlantedDip = { weekdays: [1, 2, 3, 4, 5, 6, 7], startSlot: 15, endSlot: 16, fromDay: 20, depth: 25 }
const ids = ['a', 'b', 'c', 'd', 'e', 'f']
const places: Place[] = [{ id: 'corner', parent: null, name: 'Corner', kind: 'chain' }]
const night = firstDay + 55

function curveOf(kind: CurveKind, id: string, members: readonly string[]): Curve {
  const plans = members.map((member) => ({ plan: { touchpoint: { id: member, place: 'corner' } }, shiftSlots: 0 }))
  return { ...{ kind, id, key: id, question: 'q', dayStart: 0, zone: 'UTC', scaleMax: 3 }, members: plans } as never
}

function scanOf(curves: Curve[], cells: TouchpointCells[]): FamilyScan {
  const dips = { tau2: new Array(6).fill(2.25) } as never
  return { curves, cells, dips, peaks: [], findings: [] }
}

/** Touchpoints of `having` have the dip from day 20 on, up to day 45; those of `still` have it to the end. */
function scansOf(having: readonly string[], still: readonly string[] = []) {
  const cells = ids.map((id, seed) => {
    const dip = having.includes(id) ? planted : undefined
    return makeShop({ id, seed, dip, days: 56, untilDay: still.includes(id) ? 56 : 45, pressesPerDay: 300 })
  })
  const sum = sumCells(
    'corner',
    cells.map((one) => ({ cells: one, shiftSlots: 0 })),
  )
  return {
    touchpoint: scanOf(
      ids.map((id) => curveOf('touchpoint', id, [id])),
      cells,
    ),
    place: scanOf([], []),
    chain: scanOf([curveOf('chain', 'corner', ids)], [sum]),
  }
}

function dipOf(touchpoint: string, change: Partial<RememberedDip<DipDetails>> = {}): RememberedDip<DipDetails> {
  const day = firstDay + planted.fromDay
  return {
    ...{ ...rememberedDip, id: `${touchpoint}.1`, touchpoint, question: 'q' },
    shape: { shown: { startSlot: 15, endSlot: 16, weekdays: null }, next: null, nights: 0 },
    onset: { shown: { day, low: day - 2, high: day + 2, isOpen: false }, next: null, nights: 0 },
    ...change,
  }
}

const tell = (dips: RememberedDip<DipDetails>[], scans: ReturnType<typeof scansOf>, before: Telling = new Map()) => {
  const ofChain = (dip: RememberedDip<DipDetails>) => dip.touchpoint === 'corner'
  const ofKind = { chain: dips.filter(ofChain), place: [], touchpoint: dips.filter((dip) => !ofChain(dip)) }
  return tellOnce(places, ofKind, scans, night, before)
}
const atChain = { isTold: false, toldAt: { kind: 'chain', id: 'corner', dip: 'corner.1' } }

describe('a chain’s dip that is past', () => {
  const chain = dipOf('corner', { state: 'fixed', endDay: firstDay + 45 })

  test('takes in what touchpoints have too few presses to call past, yet not what is still there', async () => {
    const suspected = dipOf('a', { state: 'suspected', confirmedNight: null })
    const telling = await tell([chain, suspected, dipOf('b'), dipOf('f')], scansOf(ids, ['f']))
    expect(telling.get('corner.1')).toEqual({ isTold: true, toldAt: null })
    expect([telling.get('a.1'), telling.get('b.1')]).toEqual([atChain, atChain])
    expect(telling.get('f.1')).toBeUndefined()
  })

  test('is told where it was once it has left the period', async () => {
    const old = dipOf('corner', { state: 'over', endDay: firstDay - 5 })
    for (const isTold of [true, false]) {
      const telling = await tell([old], scansOf([]), new Map([['corner.1', { isTold, toldAt: null }]]))
      expect(telling.get('corner.1')).toEqual({ isTold, toldAt: null })
    }
  })
})

test('where a dip is told changes after three equal nights', async () => {
  const dips = [dipOf('corner'), dipOf('a')]
  const whole = scansOf(ids, ids)
  let telling: Telling = new Map([['corner.1', { isTold: false, toldAt: null }]])
  const told: unknown[] = []
  for (let i = 0; i < 3; i++) {
    telling = await tell(dips, whole, telling)
    told.push(telling.get('corner.1')?.isTold, telling.get('a.1')?.isTold)
  }
  expect(told).toEqual([false, undefined, false, undefined, true, false])
  telling = await tell(dips, scansOf(['a'], ['a']), telling)
  expect(telling.get('corner.1')).toEqual({ isTold: true, toldAt: null, otherNights: 1 })
  expect(telling.get('a.1')).toEqual(atChain)
  expect((await tell(dips, whole, telling)).get('corner.1')).toEqual({ isTold: true, toldAt: null })
})
