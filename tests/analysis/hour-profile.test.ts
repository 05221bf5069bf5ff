import { describe, expect, test } from 'vitest'
import { hourProfile, type SlotProfile } from '../../src/analysis/hour-profile.ts'
import type { TouchpointCells } from '../../src/analysis/touchpoint-cells.ts'
import { wilsonInterval } from '../../src/analysis/wilson-interval.ts'
import { expectRelative } from '../support/expect-relative.ts'

/** A touchpoint whose slot 10 holds the given counts a day, worst first. */
function slotTen(perDay: readonly (readonly number[])[]): TouchpointCells {
  const counts = Array.from({ length: 4 }, () => new Uint16Array(perDay.length * 24))
  perDay.forEach((faces, day) => {
    faces.forEach((count, value) => {
      ;(counts[value] as Uint16Array)[day * 24 + 10] = count
    })
  })
  const weekdays = Uint8Array.from(perDay, (_, day) => (day % 7) + 1)
  return { id: 'a', days: perDay.length, weekdays, openSlots: null, counts }
}

function ten(cells: TouchpointCells, weekdays?: readonly number[]): SlotProfile {
  return hourProfile(cells, 0.95, weekdays)[10] as SlotProfile
}

describe('hour profile', () => {
  test('pools the presses of all days into one index', () => {
    const profile = ten(
      slotTen([
        [1, 0, 0, 9],
        [0, 0, 0, 0],
        [9, 0, 0, 1],
      ]),
    )
    expect(profile).toMatchObject({ slot: 10, counts: [10, 0, 0, 10], presses: 20, days: 2 })
    expectRelative(profile.index, 50)
  })

  test('says nothing of a slot without presses', () => {
    const empty = hourProfile(slotTen([[0, 0, 0, 5]]), 0.95)[3]
    expect(empty).toEqual({
      slot: 3,
      counts: [0, 0, 0, 0],
      presses: 0,
      days: 0,
      index: null,
      interval: null,
      intervalFrom: null,
    })
  })

  test('takes the day as the unit from 8 days on: the interval of the mean of day means', () => {
    // Equal presses a day, so the ratio estimator is the plain mean of days 0 or 100: sd 50 × sqrt(8/7), t(7) = 2.364624.
    const days = Array.from({ length: 8 }, (_, day) => (day % 2 === 0 ? [0, 0, 0, 20] : [20, 0, 0, 0]))
    const { interval, intervalFrom, index } = ten(slotTen(days))
    expect(intervalFrom).toBe('days')
    expectRelative(index, 50)
    expectRelative(interval?.lower, 50 - 2.364624252 * 50 * Math.sqrt(1 / 7))
    const asIfIndependent = wilsonInterval(80, 160, 0.95)
    expect(interval?.lower).toBeLessThan(100 * (asIfIndependent?.lower ?? 0))
  })

  test('falls back to presses for few days, and where days do not differ', () => {
    const few = ten(
      slotTen([
        [1, 1, 2, 6],
        [1, 1, 2, 6],
      ]),
    )
    expect(few.intervalFrom).toBe('presses')
    expect(few.interval?.lower).toBeLessThan(78)
    const alike = ten(slotTen(Array.from({ length: 10 }, () => [0, 0, 0, 1])))
    expect(alike.intervalFrom).toBe('presses')
    expectRelative(alike.interval?.lower, 72.24672001)
    expect(alike.interval?.upper).toBe(100)
  })

  test('gives one weekday alone when asked, and leaves closed hours out', () => {
    const cells = slotTen([...Array.from({ length: 7 }, (_, day) => [0, 0, 0, day + 1]), [0, 0, 0, 50]])
    expect(ten(cells, [1]).presses).toBe(51)
    expect(ten(cells, [2]).presses).toBe(2)
    const openSlots = new Uint8Array(cells.days * 24).fill(1)
    openSlots[7 * 24 + 10] = 0
    expect(ten({ ...cells, openSlots }, [1]).presses).toBe(1)
  })
})
