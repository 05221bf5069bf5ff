import { describe, expect, it } from 'vitest'
import { businessSlot, hourOfSlot, lastCompleteDate } from '../../../src/central/report/business-day.ts'
import { dayStartOf } from '../../../src/central/report/day-start.ts'
import { addDays, daysBetween, isoWeekday, isRealDate } from '../../../src/central/report/local-date.ts'
import { isOpenInHour } from '../../../src/central/report/opening-hours.ts'
import type { OpeningInterval, Touchpoint } from '../../../src/central/store/catalogue.ts'

const daily = (openMinute: number, closeMinute: number): OpeningInterval[] =>
  [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, openMinute, closeMinute }))

function makeTouchpoint(intervals: OpeningInterval[] | null, exceptions: Touchpoint['exceptions'] = []): Touchpoint {
  const openingHours = intervals ? [{ validFrom: '2020-01-01', intervals }] : []
  return {
    id: 't1',
    place: 's',
    name: 'Exit',
    zone: 'Europe/Helsinki',
    question: 'q',
    openingHours,
    exceptions,
    lights: null,
  }
}

describe('local dates', () => {
  it('count days over months, leap days and years', () => {
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29')
    expect(addDays('2025-01-01', -1)).toBe('2024-12-31')
    expect(daysBetween('2025-03-01', '2025-04-01')).toBe(31)
    expect([isoWeekday('2025-03-10'), isoWeekday('2025-03-16')]).toEqual([1, 7])
    expect(['2025-02-28', '2025-02-29', '2025-13-01'].map(isRealDate)).toEqual([true, false, false])
  })
})

describe('the start of the business day', () => {
  it.each([
    ['always open', null, 4],
    ['closed over midnight', daily(8 * 60, 21 * 60), 0],
    ['closing at midnight', daily(8 * 60, 0), 0],
    ['open past midnight: middle of 02:00–18:00', daily(18 * 60, 2 * 60), 10],
    ['an hour of closing a night', daily(5 * 60, 3 * 60 + 30), 4],
    ['open round the clock by timetable', daily(0, 0), 4],
    ['one weekday open past midnight', [...daily(600, 1200), { weekday: 5, openMinute: 1200, closeMinute: 180 }], 6],
    ['never open', [], 0],
  ])('%s', (_name, intervals, hour) => {
    expect(dayStartOf(makeTouchpoint(intervals), '2025-03-10')).toBe(hour)
  })

  it('follows the timetable in force', () => {
    const touchpoint = makeTouchpoint(daily(8 * 60, 21 * 60))
    touchpoint.openingHours.push({ validFrom: '2025-06-01', intervals: daily(18 * 60, 2 * 60) })
    expect(dayStartOf(touchpoint, '2025-05-31')).toBe(0)
    expect(dayStartOf(touchpoint, '2025-06-01')).toBe(10)
    expect(dayStartOf(touchpoint, '2019-01-01')).toBe(4)
  })
})

describe('business date and slot', () => {
  it('give hours before the start to the day before, and come back', () => {
    expect(businessSlot('2025-03-11', 2, 10)).toEqual({ date: '2025-03-10', slot: 16 })
    expect(businessSlot('2025-03-11', 10, 10)).toEqual({ date: '2025-03-11', slot: 0 })
    for (const dayStart of [0, 4, 10])
      for (let slot = 0; slot < 24; slot++) {
        const { localDate, hour } = hourOfSlot('2025-03-10', slot, dayStart)
        expect(businessSlot(localDate, hour, dayStart)).toEqual({ date: '2025-03-10', slot })
      }
  })

  it('count today only once its business day is over, by the clock of the place', () => {
    const lastAt = (utc: string, zone: string, dayStart: number) =>
      lastCompleteDate({ wallMs: () => Date.parse(utc), monoMs: () => 0 }, zone, dayStart)
    expect(lastAt('2025-03-10T21:59:00Z', 'Europe/Helsinki', 0)).toBe('2025-03-09')
    expect(lastAt('2025-03-10T22:00:00Z', 'Europe/Helsinki', 0)).toBe('2025-03-10')
    expect(lastAt('2025-03-11T01:59:00Z', 'Europe/Helsinki', 4)).toBe('2025-03-09')
    expect(lastAt('2025-03-11T02:00:00Z', 'Europe/Helsinki', 4)).toBe('2025-03-10')
    expect(lastAt('2025-03-10T18:29:00Z', 'Asia/Kolkata', 0)).toBe('2025-03-09')
    expect(lastAt('2025-03-10T18:30:00Z', 'Asia/Kolkata', 0)).toBe('2025-03-10')
  })
})

describe('opening hours', () => {
  it('take an hour as open when any part of it is', () => {
    const shop = makeTouchpoint(daily(8 * 60 + 30, 20 * 60 + 15))
    expect([7, 8, 20, 21].map((hour) => isOpenInHour(shop, '2025-03-10', hour))).toEqual([false, true, true, false])
  })

  it('carry past midnight into the next date, from the weekday they began on', () => {
    const bar = makeTouchpoint([{ weekday: 5, openMinute: 18 * 60, closeMinute: 2 * 60 }])
    expect(isOpenInHour(bar, '2025-03-14', 23)).toBe(true)
    expect([0, 1, 2].map((hour) => isOpenInHour(bar, '2025-03-15', hour))).toEqual([true, true, false])
    expect(isOpenInHour(bar, '2025-03-14', 1)).toBe(false)
  })

  it('let an exception replace its date', () => {
    const exceptions = [
      { date: '2025-03-10', intervals: [] },
      { date: '2025-03-11', intervals: [{ openMinute: 600, closeMinute: 660 }] },
    ]
    const shop = makeTouchpoint(daily(8 * 60, 20 * 60), exceptions)
    expect(isOpenInHour(shop, '2025-03-10', 12)).toBe(false)
    expect([9, 10, 11].map((hour) => isOpenInHour(shop, '2025-03-11', hour))).toEqual([false, true, false])
    expect(isOpenInHour(makeTouchpoint(null, exceptions), '2025-03-12', 3)).toBe(true)
    expect(isOpenInHour(makeTouchpoint(null, exceptions), '2025-03-10', 3)).toBe(false)
  })
})
