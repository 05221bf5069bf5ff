import { describe, expect, it } from 'vitest'
import { isZone, localHourOf } from '../../src/shared/local-time.ts'

const at = (instant: string, zone: string) => localHourOf(Date.parse(instant), zone)

describe('localHourOf', () => {
  it.each([
    ['2025-03-30T00:59:59Z', 'Europe/Copenhagen', '2025-03-30', 1, 7, 60],
    ['2025-03-30T01:00:00Z', 'Europe/Copenhagen', '2025-03-30', 3, 7, 120],
    ['2025-10-26T00:30:00Z', 'Europe/Copenhagen', '2025-10-26', 2, 7, 120],
    ['2025-10-26T01:30:00Z', 'Europe/Copenhagen', '2025-10-26', 2, 7, 60],
    ['2025-03-09T06:59:59Z', 'America/New_York', '2025-03-09', 1, 7, -300],
    ['2025-03-09T07:00:00Z', 'America/New_York', '2025-03-09', 3, 7, -240],
    ['2025-07-01T22:15:00Z', 'Asia/Kolkata', '2025-07-02', 3, 3, 330],
    ['2025-03-31T23:30:00Z', 'Europe/London', '2025-04-01', 0, 2, 60],
    ['2025-07-01T18:14:59Z', 'Asia/Kathmandu', '2025-07-01', 23, 2, 345],
    ['2025-07-01T18:15:00Z', 'Asia/Kathmandu', '2025-07-02', 0, 3, 345],
    ['2025-04-05T14:59:59Z', 'Australia/Lord_Howe', '2025-04-06', 1, 7, 660],
    ['2025-04-05T15:00:00Z', 'Australia/Lord_Howe', '2025-04-06', 1, 7, 630],
    ['2025-10-04T15:29:59Z', 'Australia/Lord_Howe', '2025-10-05', 1, 7, 630],
    ['2025-10-04T15:30:00Z', 'Australia/Lord_Howe', '2025-10-05', 2, 7, 660],
    ['2025-01-15T03:29:00Z', 'America/St_Johns', '2025-01-14', 23, 2, -210],
    ['2024-02-29T12:00:00Z', 'UTC', '2024-02-29', 12, 4, 0],
    // Samoa went over the date line and left Friday the 30th out.
    ['2011-12-30T09:59:59Z', 'Pacific/Apia', '2011-12-29', 23, 4, -600],
    ['2011-12-30T10:00:00Z', 'Pacific/Apia', '2011-12-31', 0, 6, 840],
    ['2025-04-05T13:59:59Z', 'Pacific/Chatham', '2025-04-06', 3, 7, 825],
    ['2025-04-05T14:00:00Z', 'Pacific/Chatham', '2025-04-06', 2, 7, 765],
    ['2024-12-31T10:00:00Z', 'Pacific/Kiritimati', '2025-01-01', 0, 3, 840],
  ])('%s in %s is %s hour %i, weekday %i, offset %i', (instant, zone, localDate, hour, weekday, offsetMinutes) => {
    expect(at(instant, zone)).toEqual({ localDate, hour, weekday, offsetMinutes })
  })

  it('agrees with Intl at every quarter-hour around both switches of some zones', () => {
    const zones = ['Europe/Berlin', 'America/Sao_Paulo', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Africa/Casablanca']
    let compared = 0
    for (const zone of zones) {
      const format = new Intl.DateTimeFormat('en-CA', {
        timeZone: zone,
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
        hour: '2-digit',
        hourCycle: 'h23',
      })
      for (const day of ['2025-03-29', '2025-04-05', '2025-10-04', '2025-10-25', '2025-02-22']) {
        for (let quarter = 0; quarter < 192; quarter += 1) {
          const utcMs = Date.parse(`${day}T00:00:00Z`) + quarter * 900_000 + 123_456
          const local = localHourOf(utcMs, zone)
          expect(`${local.localDate}, ${String(local.hour).padStart(2, '0')}`).toBe(format.format(utcMs))
          compared += 1
        }
      }
    }
    expect(compared).toBe(4800)
  })

  it('gives one object for all instants of a quarter-hour', () => {
    expect(at('2025-05-05T10:00:00Z', 'Europe/Rome')).toBe(at('2025-05-05T10:14:59.999Z', 'Europe/Rome'))
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 8.64e15, -8.64e15, Number.MAX_SAFE_INTEGER])('refuses %s', (utcMs) => {
    expect(() => localHourOf(utcMs, 'UTC')).toThrow(RangeError)
  })

  it('refuses an unknown zone instead of taking it for UTC', () => {
    expect(() => localHourOf(0, 'Europe/Atlantis')).toThrow(RangeError)
  })
})

describe('isZone', () => {
  it.each(['Europe/Copenhagen', 'America/Argentina/Buenos_Aires', 'UTC', 'Etc/GMT+5'])('%s is one', (name) => {
    expect(isZone(name)).toBe(true)
  })
  it.each(['', '+02:00', 'Europe/Atlantis', '../etc/passwd', 'Europe/', 'x'.repeat(500)])('%s is none', (name) => {
    expect(isZone(name)).toBe(false)
  })
})
