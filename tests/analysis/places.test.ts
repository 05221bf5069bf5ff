import { describe, expect, test } from 'vitest'
import { type FoundDip, findDips } from '../../src/analysis/find-dips.ts'
import { memberDepth } from '../../src/analysis/places/member-depth.ts'
import { type MemberDip, type PlacedDip, sayOnce } from '../../src/analysis/places/say-once.ts'
import { type MemberDepth, sharedDepth } from '../../src/analysis/places/shared-depth.ts'
import { sumCells } from '../../src/analysis/sum-cells.ts'
import type { TouchpointCells } from '../../src/analysis/touchpoint-cells.ts'
import { expectRelative } from '../support/expect-relative.ts'
import { generateCells, makeRandom, type PlantedDip } from '../support/press-generator.ts'

const DAYS = 56
const SLUMP: PlantedDip = { weekdays: [1, 2, 3, 4, 5, 6, 7], startSlot: 10, endSlot: 11, fromDay: 28, depth: 8 }

function tiny(id: string, fill: number, openSlots: Uint8Array | null = null): TouchpointCells {
  const counts = Array.from({ length: 4 }, (_, value) => new Uint16Array(48).fill(fill * (value + 1)))
  return { id, days: 2, weekdays: Uint8Array.of(1, 2), openSlots, counts }
}

function shop(seed: number, dip?: PlantedDip, rest: { index?: number; pressesPerDay?: number } = {}): TouchpointCells {
  const history = {
    ...{ id: `t${seed}`, days: DAYS, firstWeekday: 1, openSlot: 8, closeSlot: 20 },
    ...{ pressesPerDay: 150, index: 80, eveningLow: 6, trend: 0, ...rest },
  }
  return generateCells(makeRandom(seed), dip === undefined ? history : { ...history, dip })
}

const sumOf = (id: string, cells: readonly TouchpointCells[]): TouchpointCells =>
  sumCells(
    id,
    cells.map((one) => ({ cells: one, shiftSlots: 0 })),
  )

describe('the curve of a place', () => {
  test('is the sum of its open cells', () => {
    const openSlots = new Uint8Array(48).fill(1)
    openSlots[10] = 0
    const place = sumOf('place', [tiny('a', 1), tiny('b', 10, openSlots)])
    expect([place.counts[3]?.[9], place.counts[3]?.[10]]).toEqual([44, 4])
    expect(place.openSlots?.every((isOpen) => isOpen === 1)).toBe(true)
    expect(sumOf('b', [tiny('b', 10, openSlots)]).openSlots).toEqual(openSlots)
  })

  test('holds more than 65,535 presses an hour', () => {
    const busy = Array.from({ length: 3 }, (_, i) => tiny(`t${i}`, 15_000))
    expect(sumOf('chain', busy).counts[3]?.[0]).toBe(180_000)
  })

  test('sums hours of the clock where business days begin at different ones', () => {
    const late = tiny('late', 0)
    ;(late.counts[0] as Uint16Array)[2] = 7
    const place = sumCells('place', [
      { cells: tiny('a', 0), shiftSlots: 0 },
      { cells: late, shiftSlots: 4 },
    ])
    expect([place.counts[0]?.[2], place.counts[0]?.[6]]).toEqual([0, 7])
  })

  test('refuses members over other days or another scale, and a place without any', () => {
    expect(() => sumOf('place', [])).toThrow(/place place has no touchpoints/)
    const shifted = { ...tiny('b', 1), weekdays: Uint8Array.of(2, 3) }
    expect(() => sumOf('place', [tiny('a', 1), shifted])).toThrow(/touchpoint b/)
    const five = { ...tiny('b', 1), counts: [...tiny('b', 1).counts, new Uint16Array(48)] }
    expect(() => sumOf('place', [tiny('a', 1), five])).toThrow(RangeError)
  })

  test('shows a dip too weak for each of its touchpoints', () => {
    const family = Array.from({ length: 5 }, (_, place) =>
      sumOf(
        `p${place}`,
        Array.from({ length: 8 }, (_, i) => shop(100 * place + i, place === 3 ? SLUMP : undefined)),
      ),
    )
    const found = findDips(family, { fdr: 0.05 }).found.filter(({ q }) => q <= 0.05)
    expect(found.map(({ id, startSlot, endSlot }) => [id, startSlot, endSlot])).toEqual([['p3', 10, 11]])
  })
})

describe('depth shared by members', () => {
  const members = (depths: readonly number[], variances: readonly number[]): MemberDepth[] =>
    depths.map((depth, i) => ({ id: `t${i}`, depth, variance: variances[i] as number }))

  test('is that of DerSimonian and Laird', () => {
    // numpy, from the formulas of the paper; the second by hand: Q = 22.2, spread² = 21.2 / (1/9).
    const some = sharedDepth(members([10, 12, 6, 15, 9], [4, 9, 2, 16, 6]))
    expectRelative(some.depth, 9.383952446208742)
    expectRelative(some.standardError, 1.4595623349697708)
    expectRelative(some.spread, 2.21089098396469)
    const two = sharedDepth(members([20, 0], [9, 9]))
    expectRelative(two.depth, 10)
    expectRelative(two.spread, Math.sqrt(191))
  })

  test('has no spread where members agree within their noise, and takes a single one at its word', () => {
    expect(sharedDepth(members([8, 9, 7], [4, 4, 4])).spread).toBe(0)
    expect(sharedDepth(members([8], [4]))).toEqual({ depth: 8, standardError: 2, spread: 0 })
  })

  test('is measured in the window and days of the dip', () => {
    const measured = memberDepth(
      shop(1, { ...SLUMP, depth: 20 }, { pressesPerDay: 600 }),
      {
        ...{ startSlot: 10, endSlot: 11, weekdays: null },
      },
      { onsetDay: 28, endedDay: null },
    )
    expect(Math.abs((measured?.depth ?? 0) - 20)).toBeLessThan(4 * Math.sqrt(measured?.variance ?? 0))
    expect(
      memberDepth(shop(1), { startSlot: 2, endSlot: 3, weekdays: null }, { onsetDay: 28, endedDay: null }),
    ).toBeNull()
  })
})

describe('a dip is told once', () => {
  const onset = { day: 28, low: 26, high: 30, isOpen: false }
  const placed: PlacedDip = { startSlot: 10, endSlot: 11, weekdays: null, onset, depth: 8, isConfirmed: true }
  const of = (id: string, rest: Partial<MemberDip> = {}): MemberDip => ({ ...placed, id, ...rest })
  const depths = (each: readonly number[], variance = 9): MemberDepth[] =>
    each.map((depth, i) => ({ id: `t${i}`, depth, variance }))

  test('at the place, where all members have it; their own findings of it are folded in', () => {
    const elsewhere = of('t2', { startSlot: 15, endSlot: 16 })
    const said = sayOnce(placed, depths([8, 7, 9, 8, 10]), [of('t1'), elsewhere, of('t4')])
    expect(said).toEqual({ at: 'place', folded: [of('t1'), of('t4')] })
  })

  test('and beside it at a member that has far more of it', () => {
    const said = sayOnce(placed, depths([8, 7, 9, 8, 9, 7, 8, 9, 8, 25], 4), [of('t1'), of('t9')])
    expect(said.at).toBe('members')
    const whole = sayOnce(placed, depths([8, 7, 9, 8, 9, 7, 8, 9, 8, 8, 7, 9, 8, 9, 17], 4), [of('t1'), of('t14')])
    expect(whole).toEqual({ at: 'place', folded: [of('t1')] })
  })

  test('at the member, where it alone makes the place look bad', () => {
    expect(sayOnce(placed, depths([30, 0, 1, -1]), [of('t0')]).at).toBe('members')
    expect(sayOnce({ ...placed, depth: 10 }, depths([20, 0]), [of('t0')]).at).toBe('members')
    expect(sayOnce(placed, depths([30]), [of('t0')]).at).toBe('members')
  })

  test('at the place, where it is confirmed and its members’ are mere suspicions', () => {
    const suspected = of('t0', { isConfirmed: false })
    const some = depths([20, 22, 0, 1])
    expect(sayOnce({ ...placed, depth: 10 }, some, [suspected])).toEqual({ at: 'place', folded: [suspected] })
    expect(sayOnce({ ...placed, depth: 10 }, some, [suspected, of('t1')]).at).toBe('members')
    expect(sayOnce({ ...placed, depth: 10, isConfirmed: false }, some, [suspected]).at).toBe('members')
  })

  test('at the place, where it is too weak in each of few members', () => {
    expect(sayOnce(placed, depths([12, 5], 60), []).at).toBe('place')
    expect(sayOnce(placed, [], []).at).toBe('place')
  })

  test('nowhere, where the mix of presses changed and nobody became less happy', () => {
    // A gloomy touchpoint that is busy at ten opens in the middle of the period.
    const cheerful = Array.from({ length: 6 }, (_, i) => shop(i + 1, undefined, { pressesPerDay: 120 }))
    const gloomy = shop(50, undefined, { index: 45, pressesPerDay: 300 })
    const opened = {
      ...gloomy,
      counts: gloomy.counts.map((ofValue) =>
        ofValue.map((count, cell) => (cell >= 28 * 24 && (cell % 24 === 10 || cell % 24 === 9) ? count : 0)),
      ),
    }
    const family = [...cheerful, opened]
    const quiet = Array.from({ length: 9 }, (_, i) => shop(i + 70))
    const dip = findDips([sumOf('place', family), ...quiet], { fdr: 0.05 }).found.find(({ id }) => id === 'place')
    expect(dip?.q).toBeLessThanOrEqual(0.05)
    const { startSlot, endSlot, weekdays, onsetDay, endedDay, depth } = dip as FoundDip
    const each = family.flatMap(
      (cells) => memberDepth(cells, { startSlot, endSlot, weekdays }, { onsetDay, endedDay }) ?? [],
    )
    expect(sayOnce({ startSlot, endSlot, weekdays, onset, depth, isConfirmed: true }, each, []).at).toBe('nowhere')
  })
})
