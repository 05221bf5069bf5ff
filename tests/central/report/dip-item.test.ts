import { describe, expect, it } from 'vitest'
import type { RememberedDip } from '../../../src/analysis/remember-dips.ts'
import { buildDipItem } from '../../../src/central/report/build-dip-item.ts'
import { dayOfDate } from '../../../src/central/report/night/day-number.ts'
import type { DipDetails, DipNote } from '../../../src/central/report/night/night-report.ts'
import { makeToldNight, rememberedDip } from '../../support/told-night.ts'

const day = dayOfDate
const fix = (verdict: 'too-early' | 'gone' | 'still-there'): DipNote => ({
  ...{ isTold: true, toldAt: null },
  fix: {
    fixDate: '2025-04-10',
    check: {
      ...{
        verdict,
        decidedDate: verdict === 'too-early' ? null : '2025-04-24',
        days: 12,
        logGone: 1,
        logStillThere: 0,
      },
      ...{ remaining: { depth: 2.6, lower: -3.4, upper: 8.6 }, moreDays: verdict === 'too-early' ? 9 : 0 },
    },
  },
})

type Change = {
  dip?: Partial<RememberedDip<DipDetails>>
  note?: DipNote
  fixes?: [string, string][]
  dayStart?: number
}

function build({ dip: change = {}, note, fixes = [], dayStart = 10 }: Change, language = 'en') {
  const dip = { ...rememberedDip, ...change }
  return buildDipItem(dip, makeToldNight({ dip, note, fixes: new Map(fixes), dayStart, language }))
}
const entered: [string, string][] = [[rememberedDip.id, '2025-04-10']]

describe('a remembered dip in the report', () => {
  it('has hours by the clock on the wall, also past midnight', () => {
    const at = (startSlot: number, endSlot: number) => {
      const shape = { shown: { startSlot, endSlot, weekdays: [5] }, next: null, nights: 0 }
      return build({ dip: { shape } })
    }
    expect(build({})).toMatchObject({ startHour: 23, endHour: 1, weekdays: [5], id: rememberedDip.id })
    expect(at(12, 14)).toMatchObject({ startHour: 22, endHour: 24 })
    expect(at(14, 16)).toMatchObject({ startHour: 0, endHour: 2 })
  })

  it('has dates of the calendar, and what is shown rather than what one night found', () => {
    expect(build({})).toMatchObject({
      ...{ onset: '2025-03-11', onsetLow: '2025-03-10', onsetHigh: '2025-03-12', onsetOpen: false },
      ...{ firstFound: '2025-03-30', lastFound: '2025-04-27', confirmedOn: '2025-04-02' },
      ...{ ended: null, endedOn: null, trend: 'steady', certainty: 'practically-certain' },
      ...{ inside: [4, 3, 2, 1], withMisuse: { presses: 104, index: 59, usual: 75 } },
    })
    const onset = { shown: { day: null, low: day('2025-03-03'), high: day('2025-03-03'), isOpen: true }, nights: 0 }
    expect(build({ dip: { onset: { ...onset, next: null } } })).toMatchObject({ onset: null, onsetLow: null })
  })

  it('says since when one that is over is gone, and no longer how it changes', () => {
    expect(build({ dip: { state: 'over', endDay: day('2025-04-13'), endedDay: day('2025-04-12') } })).toMatchObject({
      ...{ state: 'over', ended: '2025-04-12', endedOn: '2025-04-13', trend: null },
      standing: 'It seems over since 13 April.',
    })
    expect(build({ dip: { state: 'over', endDay: day('2025-04-13') } })).toMatchObject({ ended: '2025-04-12' })
  })

  it('tells a fix as the last night left it, and one entered since as not looked at', () => {
    const item = build({ note: fix('too-early'), fixes: entered })
    expect(item?.fix).toEqual({
      ...{ fixDate: '2025-04-10', verdict: 'too-early', decidedOn: null, days: 12, moreDays: 9 },
      remaining: { depth: 2.6, lower: -3.4, upper: 8.6 },
    })
    expect(item?.standing).toBe(
      'In the last two weeks it has been about as deep as before. Fix of 10 April: too early to say; so far 3 points of the ' +
        'dip are left (90% interval -3 to 9); about 9 more days are needed.',
    )
    const again = build({ note: fix('gone'), fixes: [[rememberedDip.id, '2025-04-20']] })
    expect(again?.fix).toMatchObject({ fixDate: '2025-04-20', verdict: null, remaining: null, days: 0 })
    expect(build({ note: fix('gone') })?.fix).toBeNull()
  })

  it('keeps a verdict that was reached, and leaves fixes of an earlier time out', () => {
    const kept = { fixDay: day('2025-04-10'), verdict: 'gone' as const }
    const item = build({ dip: { state: 'fixed', endDay: kept.fixDay, fix: kept }, note: fix('gone'), fixes: entered })
    expect(item).toMatchObject({ endedOn: '2025-04-10', ended: '2025-04-09', fix: { verdict: 'gone', moreDays: 0 } })
    expect(item?.standing).toMatch(/^The fix of 10 April worked: 3 points/)
    const back = { state: 'back' as const, episodeFrom: day('2025-04-10') }
    expect(build({ dip: back, fixes: entered })?.fix).toBeNull()
  })

  it('says where it is told in place of here', () => {
    const note: DipNote = {
      isTold: false,
      toldAt: { kind: 'chain', id: 'chain', dip: 'c.q.22-24.all.2025-04-20' },
      fix: null,
    }
    expect(build({ note })).toMatchObject({
      toldAt: { kind: 'chain', id: 'chain', name: 'Kaari', dip: 'c.q.22-24.all.2025-04-20' },
      standing: expect.stringContaining('part of a dip of the whole chain Kaari'),
    })
  })

  it('is past where its question is not asked any more, with its hours as they were', () => {
    const dip = { ...rememberedDip, question: 'old' }
    const told = makeToldNight({ dip, fixes: new Map(), dayStart: 4, language: 'en' })
    told.night.pastCurves = [{ kind: 'touchpoint', id: 'bar', question: 'old', dayStart: 10, zone: 'UTC' }]
    const past = { startHour: 23, endHour: 1, ended: '2025-04-27', trend: null, standing: '' }
    expect(buildDipItem(dip, told)).toMatchObject(past)
    const over = { ...dip, state: 'over' as const, endDay: day('2025-04-20') }
    expect(buildDipItem(over, told)).toMatchObject({ state: 'over', ended: '2025-04-19' })
  })

  it('is none where the touchpoint is gone, or nobody knows its hours', () => {
    expect(build({ dip: { touchpoint: 'gone' } })).toBeNull()
    expect(build({ dip: { question: 'old' } })).toBeNull()
  })
})
