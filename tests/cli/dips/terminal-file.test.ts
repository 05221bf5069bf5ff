import { describe, expect, it } from 'vitest'
import { reportOf } from './report-of.ts'

const presses = 'terminal,utc,button\na,2025-03-10T09:00:00Z,1\n'
const reportWith = (terminals: string) => reportOf(presses, terminals)

describe('a terminal file', () => {
  it.each([
    ['', 'terminals.csv:1:1: empty; expected a header with terminal,tz'],
    ['terminal,zone\na,UTC', 'terminals.csv:1:1: the header has no column "tz" (it has: terminal, zone)'],
    ['terminal,tz\na,Europe/Atlantis', 'terminals.csv:2:3: "Europe/Atlantis" is no time zone'],
    ['terminal,tz\na,', 'terminals.csv:2:3: "" is no time zone'],
    ['terminal,tz\na,+02:00', 'is no time zone'],
    ['terminal,tz\n,UTC', 'terminals.csv:2:1: the terminal has no name'],
    ['terminal,tz\na,UTC\nb,UTC\na,Asia/Tokyo', 'terminals.csv:4:1: "a" stands in line 2 already, with other values'],
    ['terminal,tz,open,close\na,UTC,8am,17:00', 'terminals.csv:2:7: expected HH:MM, not "8am"'],
    ['terminal,tz,open,close\na,UTC,08:00,', 'terminals.csv:2:13: expected HH:MM, not ""'],
    ['terminal,tz,open,close\na,UTC,08:00,24:01', 'expected HH:MM, not "24:01"'],
    ['terminal,tz,open,close\na,UTC', 'terminals.csv:2:1: 2 columns where the header has 4'],
    ['terminal,tz\na,"UTC', 'terminals.csv:2:3: broken quotes'],
  ])('%j is refused', async (text, message) => {
    await expect(reportWith(text)).rejects.toThrow(message)
  })

  it('tells all its faults at once', async () => {
    const report = reportWith('terminal,tz\na,X\nb,Y\nc,UTC')
    await expect(report).rejects.toThrow(/2:3: "X" is no.*\n.*3:3: "Y" is no/)
  })

  it('may have a byte order mark, CRLF, quotes, other columns, capitals in its header, and a row twice', async () => {
    const { report } = await reportWith('\ufeffTZ,"Name",Terminal\r\nUTC,"Exit, north",a\r\nUTC,"Exit",a\r\n')
    expect(report).toMatchObject({ terminals: 1, presses: 1, skipped: 0 })
  })
})

describe('opening hours', () => {
  /** Presses at local times in Helsinki (UTC+2 in winter) that are kept out. */
  async function outside(open: string, close: string, times: string[]): Promise<string[]> {
    const terminals = `terminal,tz,open,close\na,Europe/Helsinki,${open},${close}`
    const left: string[] = []
    for (const time of times) {
      const { report } = await reportOf(`terminal,utc,button\na,2025-01-15T${time}+02:00,1`, terminals)
      expect(report.presses).toBe(1)
      if (report.outsideHours === 1) left.push(time)
    }
    return left
  }

  it.each([
    ['08:30', '20:00', ['00:00', '08:29', '20:00', '23:59']],
    ['18:00', '02:00', ['08:29', '08:30', '17:59']],
    ['9:00', '00:00', ['00:00', '08:29', '08:30']],
    ['09:00', '24:00', ['00:00', '08:29', '08:30']],
    ['09:00', '09:00', []],
    ['', '', []],
  ])('%s to %s keep out %j', async (open, close, expected) => {
    expect(await outside(open, close, ['00:00', '08:29', '08:30', '17:59', '20:00', '23:59'])).toEqual(expected)
  })

  it('decide on which day a press counts: after midnight it belongs to the evening before', async () => {
    const night = 'terminal,utc,button\na,2025-01-15T01:30:00+02:00,1\n'
    const last = async (hours: string) =>
      (await reportOf(night, `terminal,tz,open,close\na,Europe/Helsinki,${hours}`)).report.to
    expect(await last('18:00,02:00')).toBe('2025-01-14')
    expect(await last('08:00,20:00')).toBe('2025-01-15')
    expect(await last(',')).toBe('2025-01-14')
    expect(await last('07:00,07:00')).toBe('2025-01-14')
  })
})

describe('the period', () => {
  const terminals = 'terminal,tz\na,UTC'
  const file = 'terminal,utc,button\na,2025-03-10T09:00:00Z,1\na,2025-03-09T09:00:00Z,1\na,2024-03-09T09:00:00Z,1\n'
  const periodOf = async (asked: { from?: string; to?: string; asOf?: string }) => {
    const { from, to, presses, outsidePeriod } = (await reportOf(file, terminals, asked)).report
    expect(presses).toBe(3)
    return { from, to, within: presses - outsidePeriod }
  }

  it('is the last 56 business days, the last of them complete unless said otherwise', async () => {
    expect(await periodOf({})).toEqual({ from: '2025-01-14', to: '2025-03-10', within: 2 })
    expect(await periodOf({ asOf: '2025-03-10' })).toEqual({ from: '2025-01-13', to: '2025-03-09', within: 1 })
    expect(await periodOf({ asOf: '2025-03-12' })).toEqual({ from: '2025-01-15', to: '2025-03-11', within: 2 })
    expect(await periodOf({ to: '2025-03-09' })).toEqual({ from: '2025-01-13', to: '2025-03-09', within: 1 })
    expect(await periodOf({ from: '2024-03-09' })).toEqual({ from: '2024-03-09', to: '2025-03-10', within: 3 })
  })

  it('can neither begin after the last press nor be endless', async () => {
    await expect(periodOf({ from: '2025-03-11' })).rejects.toThrow(
      '--from 2025-03-11 is after the last complete day, 2025-03-10',
    )
    await expect(periodOf({ from: '2025-03-11', asOf: '2025-03-11' })).rejects.toThrow(
      'after the last complete day, 2025-03-10',
    )
    await expect(periodOf({ from: '2020-01-01' })).rejects.toThrow('at most 731 days')
  })
})
