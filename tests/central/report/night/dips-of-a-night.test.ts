import { describe, expect, test } from 'vitest'
import { type FoundDip, findDips } from '../../../../src/analysis/find-dips.ts'
import { type DipMemory, type NightFinding, rememberDips } from '../../../../src/analysis/remember-dips.ts'
import type { TouchpointCells } from '../../../../src/analysis/touchpoint-cells.ts'
import { makeDetails } from '../../../../src/central/report/night/make-details.ts'
import { makeDipNames } from '../../../../src/central/report/night/name-dips.ts'
import { shiftDayStarts } from '../../../../src/central/report/night/shift-day-starts.ts'
import { firstDay, makeShop } from './night-store.ts'

describe('what is told of a found dip', () => {
  const dip = { weekdays: [1, 2, 3, 4, 5, 6, 7], startSlot: 10, endSlot: 11, fromDay: 28, depth: 25 }
  const fleet = [0, 1, 2, 3].map((seed) => makeShop({ id: `t${seed}`, seed, days: 56, ...(seed === 2 && { dip }) }))
  const counted = fleet[2] as TouchpointCells
  const { found, tau2 } = findDips(fleet, { fdr: 0.05 })
  const [first] = found.filter(({ id }) => id === 't2') as [FoundDip]

  test('has the same figures with misuse where there is none', () => {
    const { withMisuse, index, usual, presses } = makeDetails(first, counted, counted, tau2)
    expect(withMisuse.presses).toBe(presses)
    expect(withMisuse.index).toBeCloseTo(index, 9)
    expect(withMisuse.usual).toBeCloseTo(usual, 9)
  })

  test('says what it would be with misuse counted, in its hours and on its days alone', () => {
    const inDip = (cell: number): boolean => Math.floor(cell / 24) >= (first.onsetDay ?? 0) && cell % 24 === 10
    const played = (isPlayed: (cell: number) => boolean): TouchpointCells => ({
      ...counted,
      counts: counted.counts.map((ofValue, value) =>
        ofValue.map((count, cell) => (value === 0 && isPlayed(cell) ? count + 6 : count)),
      ),
    })
    const details = makeDetails(first, counted, played(inDip), tau2)
    expect(details.withMisuse.presses).toBe(details.presses + 6 * details.days)
    expect(details.withMisuse.index).toBeLessThan(details.index - 10)
    expect(Math.abs(details.withMisuse.usual - details.usual)).toBeLessThan(3)
    const outside = makeDetails(
      first,
      counted,
      played((cell) => !inDip(cell) && cell % 24 === 3),
      tau2,
    )
    expect(outside.withMisuse.presses).toBe(outside.presses)
  })
})

const finding = (startSlot: number, onset: number): NightFinding<null> => ({
  ...{ touchpoint: 'a', question: 'q', startSlot, endSlot: startSlot + 2, weekdays: [1, 5], endedDay: null },
  ...{ onset: { day: onset, low: onset, high: onset, isOpen: false }, q: 0.001, trend: null, details: null },
})

describe('names of dips', () => {
  test('tell hours of the clock, weekdays and the night, and are never given twice', () => {
    const name = makeDipNames(new Set(['a.q.9-11.15.2025-03-03']), () => 8)
    expect([name(finding(1, 0), firstDay), name(finding(1, 9), firstDay), name(finding(15, 0), firstDay)]).toEqual([
      'a.q.9-11.15.2025-03-03.2',
      'a.q.9-11.15.2025-03-03.3',
      'a.q.23-1.15.2025-03-03',
    ])
    expect(name({ ...finding(1, 0), weekdays: null }, firstDay)).toBe('a.q.9-11.all.2025-03-03')
  })
})

describe('remembered hours when days begin at another hour', () => {
  const memory: DipMemory<null> = rememberDips(
    { night: null, dips: [] },
    {
      ...{ night: firstDay, findings: [finding(10, firstDay - 20), finding(20, firstDay - 20)], isJudged: () => true },
      ...{ fixes: new Map(), overSince: new Map(), backSince: new Map() },
    },
    ({ startSlot }) => `${startSlot}`,
  )
  const hours = (shift: number) =>
    shiftDayStarts(memory, () => shift).dips.map(({ shape }) => [shape.shown.startSlot, shape.shown.endSlot])

  test('stay where they are on the clock; what lies over the end of the day is cut', () => {
    expect(hours(0)).toEqual([
      [10, 12],
      [20, 22],
    ])
    expect(hours(-4)).toEqual([
      [6, 8],
      [16, 18],
    ])
    expect(hours(3)).toEqual([
      [13, 15],
      [23, 24],
    ])
    expect(hours(5)).toEqual([
      [15, 17],
      [1, 3],
    ])
  })
})
