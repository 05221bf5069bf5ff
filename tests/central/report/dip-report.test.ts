import Value from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { buildDipReport } from '../../../src/central/report/build-dip-report.ts'
import { buildTouchpointReport } from '../../../src/central/report/build-touchpoint-report.ts'
import type { Reach } from '../../../src/central/report/limit-night.ts'
import type { NightReport, Peak } from '../../../src/central/report/night/night-report.ts'
import type { Touchpoint } from '../../../src/central/store/catalogue.ts'
import { DipReport, TouchpointReport } from '../../../src/contracts/http/dips.ts'
import { catalogue, makeCurve, makeNight, rememberedDip } from '../../support/told-night.ts'

const asOfMs = Date.parse('2025-04-28T02:00:00Z')
const wholeFleet: Reach = { place: () => true, touchpoint: () => true }
const telling = { fixes: new Map<string, string>(), fdr: 0.05, asOfMs, reach: wholeFleet }
const bar = catalogue.touchpoints.get('bar') as Touchpoint
const at = (id: string) => ({ ...rememberedDip, id: `${id}.dip`, touchpoint: id })
const memory = (...dips: ReturnType<typeof at>[]) => ({ night: 20_000, dips })
const peak: Peak = {
  ...{ startHour: 9, endHour: 10, weekdays: [6], onset: null, index: 90, usual: 80, rawHeight: 10, height: 8 },
  ...{ ciLow: 4, ciHigh: 12, p: 1e-5, q: 0.004, presses: 200, days: 8, daysAbove: 8, trend: null },
}
const night: NightReport = makeNight({
  memories: { touchpoint: memory(at('bar'), at('till')), place: memory(at('p')), chain: memory(at('chain')) },
  notes: {
    'bar.dip': { isTold: false, toldAt: { kind: 'chain', id: 'chain', dip: 'chain.dip' }, fix: null },
    'p.dip': { isTold: false, toldAt: null, fix: null },
  },
  curves: [
    makeCurve({ kind: 'chain', id: 'chain' }),
    makeCurve({ kind: 'place', id: 'p', peaks: [peak] }),
    makeCurve({
      silence: [{ startHour: 14, endHour: 17, coveredHours: 3, expected: 23.6, p: 1e-5, q: 0.004 }],
      sameValueRuns: [{ terminal: 't1', value: 0, presses: 24, fromMs: 1_745_762_530_000, toMs: 1_745_762_585_000 }],
      closedHours: [{ hour: 23, presses: 1 }],
    }),
    makeCurve({ id: 'till', verdict: { kind: 'insufficient', presses: 31, days: 3, moreDays: 11 } }),
  ],
})
const read = (filter = {}) => buildDipReport(catalogue, night, filter, telling)
const ids = (items: { id: string }[]) => items.map(({ id }) => id)

describe('the dip report of a night', () => {
  it('has the shape of its contract, with every kind of finding', () => {
    const report = read()
    expect([...Value.Errors(DipReport, report)]).toEqual([])
    expect(report).toMatchObject({ from: '2025-03-03', to: '2025-04-27', night: '2025-04-27', touchpoints: 2 })
    expect(ids(report.dips)).toEqual(['bar.dip', 'till.dip'])
    expect(report.peaks).toMatchObject([{ kind: 'place', at: 'p', name: 'Harbour', certainty: 'very-likely' }])
    expect(report.insufficient).toMatchObject([{ touchpoint: 'till', presses: 31, days: 3, moreDays: 11 }])
  })

  it('lists a dip of a place only where it is told', () => {
    expect(read().places).toMatchObject([{ id: 'chain.dip', kind: 'chain', place: 'chain', placeName: 'Kaari' }])
    expect(read().dips[0]?.toldAt).toMatchObject({ id: 'chain', name: 'Kaari' })
  })

  it('lists what was odd with its day, and judges silence alone', () => {
    const { notices } = read({ touchpoint: 'bar' })
    expect(notices.map(({ sentence }) => sentence)).toEqual([
      '27 April, 14–17: not one press where about 24 are usual, though the terminal worked. This is very likely no coincidence.',
      '27 April, 14:02–14:03: 24 presses in a row on the same button of terminal t1.',
      '27 April, 23–24: 1 press outside opening hours.',
    ])
  })

  it('is filtered by state and touchpoint, places above included', () => {
    expect(ids(read({ state: 'over' }).dips)).toEqual([])
    expect(ids(read({ touchpoint: 'till' }).dips)).toEqual(['till.dip'])
    expect(ids(read({ touchpoint: 'till' }).places)).toEqual(['chain.dip'])
    expect(read({ touchpoint: 'till' }).notices).toEqual([])
    expect(read({ touchpoint: 'bar' }).insufficient).toEqual([])
  })

  it('claims nothing as long as no night was computed', () => {
    const report = buildDipReport(catalogue, null, {}, telling)
    expect([...Value.Errors(DipReport, report)]).toEqual([])
    expect(report).toMatchObject({ night: null, from: null, dips: [], places: [], insufficient: [], touchpoints: 2 })
  })
})

/** Both are part of the dip of the whole chain. */
const folded = makeNight({
  memories: { touchpoint: memory(at('bar'), at('till')), place: memory(at('p')), chain: memory(at('chain')) },
  notes: Object.fromEntries(
    ['bar.dip', 'p.dip'].map((id) => [
      id,
      { isTold: false, toldAt: { kind: 'chain', id: 'chain', dip: 'chain.dip' }, fix: null },
    ]),
  ),
  curves: [
    makeCurve({ kind: 'chain', id: 'chain', peaks: [peak] }),
    makeCurve({ kind: 'place', id: 'p' }),
    makeCurve({}),
  ],
})

describe('whoever sees a part of the fleet', () => {
  const readWithin = (reach: Reach, night: NightReport | null = folded) =>
    buildDipReport(catalogue, night, {}, { ...telling, reach })
  const store: Reach = { place: (id) => id === 'p', touchpoint: () => true }

  it('of a store reads the dip of the chain as that of the store, and nothing of the chain', () => {
    const report = readWithin(store)
    expect([...Value.Errors(DipReport, report)]).toEqual([])
    expect(report.places).toMatchObject([{ id: 'p.dip', toldAt: null }])
    expect(report.dips).toMatchObject([
      { id: 'bar.dip', toldAt: { kind: 'place', id: 'p', dip: 'p.dip', name: 'Harbour' } },
    ])
    expect(JSON.stringify(report)).not.toMatch(/chain|Kaari/)
    expect(readWithin(wholeFleet).dips[0]?.standing).toContain('Kaari')
  })

  it('of a touchpoint reads its dips as its own, and counts itself alone', () => {
    const reach: Reach = { place: () => false, touchpoint: (id) => id === 'bar' }
    const report = readWithin(reach)
    expect(report).toMatchObject({ touchpoints: 1, places: [], peaks: [], dips: [{ id: 'bar.dip', toldAt: null }] })
    expect(JSON.stringify(report)).not.toMatch(/chain|Kaari/)
    expect(readWithin(reach, null).touchpoints).toBe(1)
    const own = buildTouchpointReport(catalogue, folded, bar, 'en', { ...telling, reach })
    expect(JSON.stringify(own)).not.toMatch(/chain|Kaari/)
  })

  it('reads a dip at its own place where the store has another one', () => {
    const early = { ...at('p'), shape: { ...rememberedDip.shape, shown: { startSlot: 2, endSlot: 4, weekdays: [5] } } }
    const report = readWithin(store, { ...folded, memories: { ...folded.memories, place: memory(early) } })
    expect(report.dips).toMatchObject([{ id: 'bar.dip', toldAt: null }])
    expect(report.places).toMatchObject([{ id: 'p.dip', toldAt: null }])
  })
})

describe('the report of one touchpoint', () => {
  it('has its verdict, and what is told of it and above it', () => {
    const report = buildTouchpointReport(catalogue, night, bar, 'cs', telling)
    expect([...Value.Errors(TouchpointReport, report)]).toEqual([])
    expect(report.verdict).toMatchObject({ kind: 'scanned', noticeableDepth: 8.4 })
    expect(report.verdict?.message).toContain('o 9 bodů')
    expect([ids(report.dips), ids(report.places), report.peaks.length]).toEqual([['bar.dip'], ['chain.dip'], 1])
    const till = buildTouchpointReport(catalogue, night, { ...bar, id: 'till' }, 'en', telling)
    expect(till.verdict).toMatchObject({ kind: 'insufficient', moreDays: 11 })
  })

  it('has no verdict before a night has looked at it', () => {
    expect(buildTouchpointReport(catalogue, null, bar, 'en', telling)).toMatchObject({ night: null, verdict: null })
    const fresh = buildTouchpointReport(catalogue, night, { ...bar, question: 'new' }, 'en', telling)
    expect(fresh).toMatchObject({ night: '2025-04-27', verdict: null })
  })
})
