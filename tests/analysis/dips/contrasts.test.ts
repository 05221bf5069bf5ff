import { describe, expect, test } from 'vitest'
import { clipContrasts } from '../../../src/analysis/dips/clip-contrasts.ts'
import { dayContrast } from '../../../src/analysis/dips/day-contrast.ts'
import { prepareSheet } from '../../../src/analysis/dips/prepare-sheet.ts'
import { pressWeight } from '../../../src/analysis/dips/press-weight.ts'
import { makeScanSheet, type ScanSheet } from '../../../src/analysis/dips/scan-sheet.ts'
import { SCAN_WINDOWS } from '../../../src/analysis/dips/scan-windows.ts'
import type { TouchpointCells } from '../../../src/analysis/touchpoint-cells.ts'
import { expectRelative } from '../../support/expect-relative.ts'

/** Presses per hour, very happy first, as in the worked example. */
const HOURS: Record<number, number[]> = {
  7: [10, 3, 1, 1],
  8: [12, 4, 1, 2],
  9: [15, 5, 1, 2],
  10: [8, 5, 4, 7],
  11: [16, 5, 2, 2],
  12: [20, 6, 2, 3],
  13: [18, 6, 2, 2],
}

function oneDay(): TouchpointCells {
  const counts = Array.from({ length: 4 }, () => new Uint16Array(24))
  for (const [hour, faces] of Object.entries(HOURS)) {
    faces.forEach((count, face) => {
      ;(counts[3 - face] as Uint16Array)[Number(hour)] = count
    })
  }
  return { id: 'a', days: 1, weekdays: Uint8Array.of(1), openSlots: null, counts }
}

function measured(
  sheet: ScanSheet,
  startSlot: number,
  endSlot: number,
): { contrast: number; precision: number; presses: number } {
  const w = SCAN_WINDOWS.findIndex((window) => window.startSlot === startSlot && window.endSlot === endSlot)
  const at = w * sheet.capacity
  return {
    contrast: sheet.contrast[at] as number,
    precision: sheet.precision[at] as number,
    presses: sheet.windowPresses[at] as number,
  }
}

type WeightAndMean = [weight: number, mean: number]

function contrastOf(
  window: WeightAndMean,
  left: WeightAndMean,
  right: WeightAndMean,
): { contrast: number; precision: number } {
  const into = { contrast: Float64Array.of(7), precision: Float64Array.of(7) }
  const [ofWindow, ofLeft, ofRight] = [window, left, right].map(([weight, mean]) => weight * mean) as [
    number,
    number,
    number,
  ]
  dayContrast(window[0], ofWindow, left[0], ofLeft, right[0], ofRight, into, 0)
  return { contrast: into.contrast[0] as number, precision: into.precision[0] as number }
}

describe('press weight', () => {
  test.each([
    [1, 1],
    [3, 2.941176471],
    [17, 14.65517241],
    [50, 33.55704698],
    [100, 50.25125628],
    [400, 80.16032064],
  ])('of %i presses', (presses, weight) => expectRelative(pressWeight(presses), weight))
})

describe('windows', () => {
  test('are all 69 of one to three slots, shorter ones first', () => {
    expect(SCAN_WINDOWS).toHaveLength(69)
    expect(SCAN_WINDOWS[0]).toEqual({ startSlot: 0, endSlot: 1, leftSlot: 0, rightSlot: 4 })
    expect(SCAN_WINDOWS[68]).toEqual({ startSlot: 21, endSlot: 24, leftSlot: 18, rightSlot: 24 })
  })
})

describe('day contrast', () => {
  const sheet = makeScanSheet(1)
  prepareSheet(sheet, oneDay(), null)

  test('of a window with both flanks', () => {
    const { contrast, precision, presses } = measured(sheet, 10, 11)
    expectRelative(contrast, -27.6584113)
    expectRelative(precision, 16.6027609)
    expect(presses).toBe(24)
  })

  test('of a window at the start of the day: the right flank alone', () => {
    const { contrast, precision } = measured(sheet, 7, 8)
    expectRelative(contrast, 11.88427136)
    expectRelative(precision, 10.59771537)
  })

  test('of three slots', () => {
    const { contrast, precision } = measured(sheet, 9, 12)
    expectRelative(contrast, -9.029297703)
    expectRelative(precision, 32.1770476)
  })

  test('is absent where the window or both flanks hold next to nothing', () => {
    expect(measured(sheet, 3, 4).precision).toBe(0)
    expect(contrastOf([0, 0], [9, 78], [9, 78])).toEqual({ contrast: 0, precision: 0 })
    expect(contrastOf([5, 60], [1.9, 79], [0, 0])).toEqual({ contrast: 0, precision: 0 })
    expect(contrastOf([5, 60], [2, 79], [0, 0])).toEqual({ contrast: -19, precision: 1 / (1 / 5 + 1 / 2) })
  })

  test('a straight slope over the day cancels', () => {
    expect(contrastOf([5, 70], [40, 80], [4, 60]).contrast).toBeCloseTo(0, 12)
  })
})

describe('what is left out', () => {
  test('closed and masked cells are empty; a freak hour is capped but keeps its mean', () => {
    const days = 9
    const counts = Array.from({ length: 4 }, () => new Uint16Array(days * 24).fill(3))
    ;(counts[0] as Uint16Array)[5 * 24 + 10] = 300
    const openSlots = new Uint8Array(days * 24).fill(1)
    openSlots[24] = 0
    const masked = new Uint8Array(days * 24)
    masked[30] = 1
    const weekdays = Uint8Array.from({ length: days }, (_, day) => (day % 7) + 1)
    const sheet = makeScanSheet(days)
    prepareSheet(sheet, { id: 'a', days, weekdays, openSlots, counts }, masked)
    expect([sheet.presses[24], sheet.presses[30], sheet.presses[31]]).toEqual([0, 0, 12])
    expect(sheet.presses[5 * 24 + 10]).toBe(309)
    expect(sheet.capped[5 * 24 + 10]).toBe(48)
    expectRelative(sheet.score[5 * 24 + 10], (3 * (100 + 200 / 3 + 100 / 3)) / 309)
  })

  test('days before the first press are not data', () => {
    const cells = { ...oneDay(), days: 3, weekdays: Uint8Array.of(1, 2, 3) }
    const counts = cells.counts.map((ofDay) => Uint16Array.from([...new Uint16Array(48), ...ofDay]))
    const sheet = makeScanSheet(3)
    prepareSheet(sheet, { ...cells, counts }, null)
    expect([sheet.firstDay, sheet.endDay]).toEqual([2, 3])
  })
})

describe('clipping', () => {
  const contrast = Float64Array.of(-30, -2, 1, 4, 60)
  const precision = Float64Array.of(10, 12, 9, 11, 10)
  const scratch = new Float64Array(6)

  test('is median ± 3 standard deviations of the day', () => {
    expect([...clipContrasts({ contrast, precision }, 1000, scratch, new Float64Array(5))]).toEqual([-29, -2, 1, 4, 31])
  })

  test('passes over absent days, and clips nothing without a scale', () => {
    const absent = Float64Array.of(...contrast, 1000)
    const clipped = clipContrasts(
      { contrast: absent, precision: Float64Array.of(...precision, 0) },
      1000,
      scratch,
      new Float64Array(6),
    )
    expect([...clipped]).toEqual([-29, -2, 1, 4, 31, 1000])
    expect([...clipContrasts({ contrast, precision }, 0, scratch, new Float64Array(5))]).toEqual([...contrast])
  })
})
