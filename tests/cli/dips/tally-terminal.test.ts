import { describe, expect, it } from 'vitest'
import { choosePeriod } from '../../../src/cli/dips/choose-period.ts'
import { makeOpenDays } from '../../../src/cli/dips/open-day.ts'
import type { Hours } from '../../../src/cli/dips/read-terminals.ts'
import { tallyTerminal } from '../../../src/cli/dips/tally-terminal.ts'

/** Cells with presses as `date slot → count`, for presses at UTC instants. */
function cellsOf(zone: string, hours: Hours | null, from: string, to: string, instants: string[]) {
  const period = choosePeriod({ from, to }, null)
  if (period === null) throw new Error('a period')
  const utcMs = Float64Array.from(instants, (text) => Date.parse(text)).sort()
  const presses = { utcMs, buttons: new Uint8Array(utcMs.length).fill(2) }
  const openDay = makeOpenDays(period.days)(hours)
  const { cells } = tallyTerminal({ name: 'a', zone, hours }, presses, openDay, period)
  expect(cells.counts.map((ofValue) => ofValue.some((count) => count > 0))).toEqual([false, false, true, false])
  const filled = Array.from(cells.counts[2] ?? []).flatMap((count, cell) =>
    count > 0 ? [`${Math.floor(cell / 24)} ${cell % 24} → ${count}`] : [],
  )
  return { filled, dayStart: openDay.dayStart, weekdays: [...cells.weekdays] }
}

describe('the cells of a terminal', () => {
  it('put both hours of the autumn night into one, and leave the missing hour of spring empty', () => {
    // Helsinki, 26 October 2025: 03:00–04:00 occurs at 00:00 and at 01:00 UTC; 30 March: 03:00 does not occur.
    const autumn = cellsOf('Europe/Helsinki', { openMinute: 60, closeMinute: 1380 }, '2025-10-26', '2025-10-26', [
      '2025-10-26T00:30:00Z',
      '2025-10-26T01:30:00Z',
      '2025-10-26T02:30:00Z',
    ])
    expect(autumn).toEqual({ filled: ['0 3 → 2', '0 4 → 1'], dayStart: 0, weekdays: [7] })
    const spring = cellsOf('Europe/Helsinki', { openMinute: 60, closeMinute: 1380 }, '2025-03-30', '2025-03-30', [
      '2025-03-30T00:30:00Z',
      '2025-03-30T01:30:00Z',
    ])
    expect(spring.filled).toEqual(['0 2 → 1', '0 4 → 1'])
  })

  it('begin at four where it is always open, and amid the closed hours where it is open over midnight', () => {
    const night = ['2025-06-01T23:30:00Z', '2025-06-02T03:59:59Z', '2025-06-02T04:00:00Z']
    expect(cellsOf('UTC', null, '2025-06-01', '2025-06-02', night)).toEqual({
      filled: ['0 19 → 1', '0 23 → 1', '1 0 → 1'],
      dayStart: 4,
      weekdays: [7, 1],
    })
    const bar = cellsOf('UTC', { openMinute: 1080, closeMinute: 240 }, '2025-06-01', '2025-06-02', night)
    expect(bar).toMatchObject({ filled: ['0 12 → 1', '0 16 → 1'], dayStart: 11 })
  })

  it('leave presses out that were taken for play, unless they are asked for', () => {
    const period = choosePeriod({ from: '2025-06-01', to: '2025-06-01' }, null)
    if (period === null) throw new Error('a period')
    const startMs = Date.parse('2025-06-01T10:00:00Z')
    const utcMs = Float64Array.from({ length: 12 }, (_, i) => startMs + i * 300)
    const presses = { utcMs, buttons: Uint8Array.from(utcMs, (_, i) => 1 + (i % 4)) }
    const openDay = makeOpenDays(period.days)(null)
    const count = (withMisuse: boolean) => {
      const terminal = { name: 'a', zone: 'UTC', hours: null }
      const { cells, misuse } = tallyTerminal(terminal, presses, openDay, period, withMisuse)
      return { misuse, compared: cells.counts.map((ofValue) => Array.from(ofValue).reduce((sum, n) => sum + n, 0)) }
    }
    expect(count(false)).toEqual({ misuse: 12, compared: [0, 0, 0, 0] })
    expect(count(true)).toEqual({ misuse: 12, compared: [3, 3, 3, 3] })
  })
})
