import { describe, expect, test } from 'vitest'
import { findDips, type TouchpointCells } from '../../src/analysis/find-dips.ts'
import { findPeaks } from '../../src/analysis/find-peaks.ts'
import { meanIndex } from '../../src/analysis/mean-index.ts'
import { turnCells } from '../../src/analysis/turn-cells.ts'
import { generateCells, generateFleet, makeRandom, type PlantedDip } from '../support/press-generator.ts'

const FDR = { fdr: 0.05 }
const HAPPY_HOUR: PlantedDip = { weekdays: [1, 2, 3, 4, 5], startSlot: 14, endSlot: 15, fromDay: 28, depth: -18 }
const SLUMP: PlantedDip = { weekdays: [1, 2, 3, 4, 5, 6, 7], startSlot: 12, endSlot: 14, fromDay: 28, depth: 30 }

function shop(seed: number, dip: PlantedDip) {
  const history = { id: 'shop', days: 70, firstWeekday: 1, openSlot: 8, closeSlot: 20, pressesPerDay: 600 }
  return generateCells(makeRandom(seed), { ...history, index: 62, eveningLow: 4, trend: 0, dip })
}

describe('peaks', () => {
  const seeds = [1, 2, 3, 4]
  const others = generateFleet(1, 9, 70)

  test('a planted one is found with its hours, weekdays and height, in the terms of a peak', () => {
    const peaks = seeds.flatMap((seed) =>
      findPeaks([shop(seed, HAPPY_HOUR), ...others], [], FDR).found.filter(({ q }) => q <= 0.05),
    )
    const right = peaks.filter(({ id, startSlot, endSlot }) => id === 'shop' && startSlot === 14 && endSlot === 15)
    expect(right.length).toBeGreaterThanOrEqual(3)
    expect(peaks.length).toBe(right.length)
    for (const peak of right) {
      expect(peak.rawHeight).toBeGreaterThan(8)
      expect(peak.index).toBeCloseTo(meanIndex(peak.inside)?.index ?? 0, 9)
      expect(peak.usual).toBeCloseTo(peak.index - peak.rawHeight, 9)
      expect(peak.index).toBeGreaterThan(meanIndex(peak.around)?.index ?? 100)
      expect(peak.daysAbove / peak.days).toBeGreaterThan(0.6)
    }
  })

  test('a deep dip makes no peak of the hours beside it once it is closed', () => {
    const beside = seeds.map((seed) => {
      const fleet = [shop(seed, SLUMP), ...others]
      const dips = findDips(fleet, FDR).found
      const isFound = (found: { id: string; q: number }) => found.id === 'shop' && found.q <= 0.05
      const copy = structuredClone(fleet)
      const closed = findPeaks(fleet, dips, FDR).found.filter(isFound).length
      expect(fleet).toEqual(copy)
      return { dips: dips.filter(isFound).length, open: findPeaks(fleet, [], FDR).found.filter(isFound).length, closed }
    })
    const sum = (of: 'dips' | 'open' | 'closed') => beside.reduce((all, one) => all + one[of], 0)
    expect(sum('dips')).toBeGreaterThanOrEqual(4)
    expect(sum('open')).toBeGreaterThanOrEqual(2)
    expect(sum('closed')).toBe(0)
  })

  test('a scale turned twice is the scale; turned once, the index is its mirror', () => {
    const cells = shop(1, SLUMP)
    expect(turnCells(turnCells(cells))).toEqual(cells)
    const index = ({ counts }: TouchpointCells): number =>
      meanIndex(counts.map((ofValue) => [...ofValue].reduce((sum, count) => sum + count, 0)))?.index ?? 0
    expect(index(turnCells(cells))).toBeCloseTo(100 - index(cells), 9)
  })
})
