import { describe, expect, test } from 'vitest'
import { unexplainedVariance } from '../../../src/analysis/dips/cell-test.ts'
import { missingDays } from '../../../src/analysis/dips/missing-days.ts'
import { noticeableDepth } from '../../../src/analysis/dips/noticeable-depth.ts'
import { prepareSheet } from '../../../src/analysis/dips/prepare-sheet.ts'
import { pressWeight } from '../../../src/analysis/dips/press-weight.ts'
import { makeScanSheet, type ScanSheet } from '../../../src/analysis/dips/scan-sheet.ts'
import { expectRelative } from '../../support/expect-relative.ts'

/** Every day alike but for a little noise in the scores, `perHour` presses in each of the open hours. */
function evenSheet(days: number, perHour: number, openSlots = 24, firstDay = 0): ScanSheet {
  const counts = Array.from({ length: 4 }, () => new Uint16Array(days * 24))
  for (let day = firstDay; day < days; day++) {
    for (let slot = 0; slot < openSlots; slot++) {
      const unhappy = (day * 7 + slot * 5) % 3
      ;(counts[0] as Uint16Array)[day * 24 + slot] = Math.min(unhappy, perHour)
      ;(counts[3] as Uint16Array)[day * 24 + slot] = perHour - Math.min(unhappy, perHour)
    }
  }
  const sheet = makeScanSheet(days)
  const weekdays = Uint8Array.from({ length: days }, (_, day) => (day % 7) + 1)
  prepareSheet(sheet, { id: 'a', days, weekdays, openSlots: null, counts }, null)
  return sheet
}

describe('smallest depth noticed within four weeks', () => {
  const FLEET = { tau2: [4, 4, 4, 4, 4, 4], correlation: 0.9 }
  /** Window of one slot, flanks of three: variance 1/w + (1/3w + 1/3w)/4 = 7/6w. */
  const precisionOf = (perHour: number): number => (6 / 7) * pressWeight(perHour)

  test('is (5.2 + .84) × sqrt(scale / precision of 28 days + what the days before leave open)', () => {
    const sheet = evenSheet(70, 20)
    expect(sheet.scale).toBeGreaterThan(0)
    const perDay = precisionOf(20)
    const natural = unexplainedVariance(4, 0.9, sheet.scale / (42 * perDay))
    expectRelative(noticeableDepth(sheet, FLEET), 6.04 * Math.sqrt(sheet.scale / (28 * perDay) + natural))
  })

  test('without days before those four weeks, natural deviations count twice', () => {
    const sheet = evenSheet(28, 20)
    expectRelative(noticeableDepth(sheet, FLEET), 6.04 * Math.sqrt(sheet.scale / (28 * precisionOf(20)) + 8))
  })

  test('is smaller with more presses and larger in fleets whose hours differ more; unknown below 8 days', () => {
    const busy = noticeableDepth(evenSheet(70, 60), FLEET) as number
    const quiet = noticeableDepth(evenSheet(70, 6), FLEET) as number
    expect(busy).toBeLessThan(quiet)
    expect(noticeableDepth(evenSheet(70, 60), { ...FLEET, tau2: [9, 9, 9, 9, 9, 9] })).toBeGreaterThan(busy)
    expect(noticeableDepth(evenSheet(7, 60), FLEET)).toBeNull()
  })
})

describe('days still missing', () => {
  test('are what 14 days lack, where presses abound', () => {
    expect(missingDays(evenSheet(5, 50))).toBe(9)
    expect(missingDays(evenSheet(13, 50))).toBe(1)
    expect(missingDays(evenSheet(20, 50, 24, 12))).toBe(6)
  })

  test('are what 30 presses in the best window lack, at the present rate', () => {
    // Two presses on every fourth day in each of 12 hours: the best window of three slots has 6 of them in 4 days.
    const days = 16
    const sheet = evenSheet(days, 0)
    const counts = Array.from({ length: 4 }, () => new Uint16Array(days * 24))
    for (let day = 0; day < days; day += 4) (counts[3] as Uint16Array).fill(2, day * 24 + 8, day * 24 + 20)
    const weekdays = Uint8Array.from({ length: days }, (_, day) => (day % 7) + 1)
    prepareSheet(sheet, { id: 'a', days, weekdays, openSlots: null, counts }, null)
    // 24 presses on 4 of 16 days: 30 presses need 20 days, 8 days with presses need 32.
    expect(missingDays(sheet)).toBe(32 - 16)
  })

  test('are unknown where no window ever had neighbours to compare with', () => {
    expect(missingDays(evenSheet(20, 0))).toBeNull()
    expect(missingDays(evenSheet(20, 9, 1))).toBeNull()
  })
})
