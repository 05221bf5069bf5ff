import { describe, expect, test } from 'vitest'
import { findDips, type TouchpointCells } from '../../src/analysis/find-dips.ts'
import { findDipsAndPeaks } from '../../src/analysis/find-dips-and-peaks.ts'
import { meanIndex } from '../../src/analysis/mean-index.ts'
import { turnCells } from '../../src/analysis/turn-cells.ts'
import { generateCells, generateFleet, makeRandom, type PlantedDip } from '../support/press-generator.ts'

const FDR = { fdr: 0.05 }
const others = generateFleet(1, 6, 70)
const HAPPY_HOUR: PlantedDip = { weekdays: [1, 2, 3, 4, 5], startSlot: 14, endSlot: 15, fromDay: 28, depth: -18 }
const SLUMP: PlantedDip = { weekdays: [1, 2, 3, 4, 5, 6, 7], startSlot: 12, endSlot: 14, fromDay: 28, depth: 30 }

function shop(seed: number, dip: PlantedDip) {
  const history = { id: 'shop', days: 70, firstWeekday: 1, openSlot: 8, closeSlot: 20, pressesPerDay: 400 }
  return generateCells(makeRandom(seed), { ...history, index: 62, eveningLow: 4, trend: 0, dip })
}

describe('peaks', () => {
  const seeds = [1, 2, 3]

  test('a planted one is found with its hours, weekdays and height, in the terms of a peak', () => {
    const peaks = seeds.flatMap((seed) =>
      findDipsAndPeaks([shop(seed, HAPPY_HOUR), ...others], FDR).peaks.found.filter(({ q }) => q <= 0.05),
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
      const fleet = [shop(seed, SLUMP), ...others.slice(0, 5)]
      const isFound = (found: { id: string; q: number }) => found.id === 'shop' && found.q <= 0.05
      const copy = structuredClone(fleet)
      const { dips, peaks } = findDipsAndPeaks(fleet, FDR)
      expect(fleet).toEqual(copy)
      const open = findDips(fleet.map(turnCells), FDR).found.filter(isFound).length
      return { dips: dips.found.filter(isFound).length, open, closed: peaks.found.filter(isFound).length }
    })
    const sum = (of: 'dips' | 'open' | 'closed') => beside.reduce((all, one) => all + one[of], 0)
    expect(sum('dips')).toBeGreaterThanOrEqual(3)
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

describe('dips and peaks together', () => {
  const sure = <T extends { id: string; q: number }>(found: readonly T[]): T[] =>
    found.filter(({ id, q }) => id === 'shop' && q <= 0.05)
  const all: PlantedDip = { ...SLUMP, depth: -18 }

  test('a peak casts no dips, neither beside it nor before it', () => {
    for (const seed of [1, 2]) {
      const fleet = [shop(seed, all), ...others]
      expect(sure(findDips(fleet, FDR).found).length).toBeGreaterThan(0)
      const { dips, peaks } = findDipsAndPeaks(fleet, FDR)
      expect(sure(dips.found)).toEqual([])
      expect(sure(peaks.found)).toMatchObject([{ startSlot: 12, endSlot: 14 }])
    }
  })

  test('a dip stays a dip and casts no peaks', () => {
    for (const seed of [1, 2]) {
      const { dips, peaks } = findDipsAndPeaks([shop(seed, { ...SLUMP, depth: 18 }), ...others], FDR)
      expect(sure(dips.found)).toMatchObject([{ startSlot: 12, endSlot: 14 }])
      expect(sure(peaks.found)).toEqual([])
    }
  })

  test('without either, dips are those of the plain scan', () => {
    const { dips, peaks } = findDipsAndPeaks(others, FDR)
    expect(dips).toEqual(findDips(others, FDR))
    expect(peaks.found.filter(({ q }) => q <= 0.05)).toEqual([])
  })
})
