/** What people say they did about a dip is taken down when it can be true, and looked at by the next night. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RememberedDip } from '../../../src/analysis/remember-dips.ts'
import { dayOfDate } from '../../../src/central/report/night/day-number.ts'
import type { CurveKind, DipDetails, NightCurve, NightReport } from '../../../src/central/report/night/night-report.ts'
import { type Fixes, openFixes } from '../../../src/central/report/open-fixes.ts'
import { openTempStore, type TempStore } from '../../support/central-store.ts'
import { makeNight } from './night-samples.ts'

let temp: TempStore
let fixes: Fixes
let report: NightReport
const noteFixes = vi.fn()
const speaker = { by: 'ada', from: '::1', reach: { place: () => true, touchpoint: () => true } }
/** 29 April in Auckland, still 28 April in Helsinki. */
const clock = { wallMs: () => Date.parse('2025-04-28T13:00:00Z'), monoMs: () => 0 }

const dipAt = (id: string, touchpoint: string, more: object = {}) =>
  ({
    ...{ id, touchpoint, question: 'service', episodeFrom: null },
    onset: { shown: { day: null, low: dayOfDate('2025-03-10'), high: dayOfDate('2025-03-15'), isOpen: false } },
    ...more,
  }) as unknown as RememberedDip<DipDetails>
const curveOf = (kind: CurveKind, id: string, zone: string) => ({ kind, id, zone, question: 'service' }) as NightCurve

beforeEach(async () => {
  temp = await openTempStore()
  noteFixes.mockReset()
  report = makeNight('2025-04-27')
  const back = dipAt('back', 'exit', { episodeFrom: dayOfDate('2025-04-01') })
  report.memories.touchpoint = { night: report.night, dips: [dipAt('low', 'exit'), back] }
  report.memories.chain = { night: report.night, dips: [dipAt('all', 'chain')] }
  report.curves = [curveOf('touchpoint', 'exit', 'Europe/Helsinki'), curveOf('chain', 'chain', 'Pacific/Auckland')]
  const known = { report, asOfMs: 0 }
  fixes = openFixes({ store: temp.store, clock, nights: { current: async () => known, noteFixes } })
})
afterEach(() => temp.remove())

describe('a fix', () => {
  it.each([
    ['low', '2025-03-10'],
    ['low', '2025-04-28'],
    ['back', '2025-04-02'],
    ['all', '2025-04-29'],
  ])('of %s on %s is taken down, and the next night told of it', async (dip, date) => {
    expect(await fixes.note(dip, date, speaker)).toEqual({ ok: true })
    expect(await fixes.all()).toEqual(new Map([[dip, date]]))
    expect(noteFixes).toHaveBeenCalledOnce()
  })

  it.each([
    ['none', '2025-04-01', 'unknown-dip', 'no dip is called none'],
    ['low', '2025-02-30', 'bad-date', '2025-02-30 is not a date'],
    ['low', 'soon', 'bad-date', 'soon is not a date'],
    ['low', '2025-03-09', 'bad-date', '2025-03-10'],
    ['back', '2025-04-01', 'bad-date', '2025-04-02'],
    ['low', '2025-04-29', 'bad-date', 'after today (2025-04-28)'],
    ['all', '2025-04-30', 'bad-date', 'after today (2025-04-29)'],
  ])('of %s on %s is refused: %s', async (dip, date, reason, detail) => {
    const answer = await fixes.note(dip, date, speaker)
    expect(answer).toEqual({ ok: false, reason, detail: expect.stringContaining(detail) })
    expect(await fixes.all()).toEqual(new Map())
    expect(noteFixes).not.toHaveBeenCalled()
  })

  it('is replaced by a later word, and can be taken back, also of a dip that is forgotten', async () => {
    await fixes.note('low', '2025-04-01', speaker)
    await fixes.note('low', '2025-04-03', speaker)
    await temp.store.transact((writer) => writer.putFix({ dip: 'old', fixDate: '2024-01-01', notedAtMs: 1 }))
    expect(await fixes.all()).toEqual(
      new Map([
        ['low', '2025-04-03'],
        ['old', '2024-01-01'],
      ]),
    )
    expect(await fixes.remove('old', speaker)).toBe(true)
    expect(await fixes.remove('old', speaker)).toBe(false)
    expect(await fixes.remove('low', speaker)).toBe(true)
    expect(noteFixes).toHaveBeenCalledTimes(4)
    expect(await fixes.all()).toEqual(new Map())
  })

  it('is of those who reach what dipped, also where a place has the name of a touchpoint', async () => {
    const ofPlace = dipAt('of-place', 'exit')
    report.memories.place = { night: report.night, dips: [ofPlace, dipAt('low', 'store')] }
    const north = { ...speaker, reach: { place: (id: string | null) => id === 'store', touchpoint: () => true } }
    const unknown = (id: string) => ({ ok: false, reason: 'unknown-dip', detail: `no dip is called ${id}` })
    const date = '2025-04-01'
    expect(await fixes.note('of-place', date, north)).toEqual(unknown('of-place'))
    expect(await fixes.note('low', date, north)).toEqual({ ok: true })
    const elsewhere = { ...north, reach: { ...north.reach, place: () => false } }
    expect(await fixes.note('low', date, elsewhere)).toEqual(unknown('low'))
    await fixes.note('of-place', date, speaker)
    await temp.store.transact((writer) => writer.putFix({ dip: 'old', fixDate: date, notedAtMs: 1 }))
    for (const [dip, by] of [
      ['of-place', north],
      ['low', elsewhere],
      ['old', north],
    ] as const)
      expect(await fixes.remove(dip, by), dip).toBe(false)
    expect((await fixes.all()).size).toBe(3)
    expect(await fixes.remove('low', north)).toBe(true)
  })

  it('stands in the audit log with who said it, and what changed nothing does not', async () => {
    await fixes.note('low', '2025-04-01', speaker)
    await fixes.note('none', '2025-04-01', speaker)
    for (let i = 0; i < 2; i += 1) await fixes.remove('low', speaker)
    const rows = await temp.store.read.accounts.audit({ before: null, limit: 9 })
    const line = { by: 'ada', from: '::1', on: 'dip low', atMs: clock.wallMs() }
    expect(rows).toMatchObject([
      { ...line, what: 'fix-taken-back', detail: '{}' },
      { ...line, what: 'fix-entered', detail: '{"date":"2025-04-01"}' },
    ])
    expect(rows).toHaveLength(2)
  })
})
