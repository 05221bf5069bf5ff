import { describe, expect, test } from 'vitest'
import { meanIndex } from '../../../src/analysis/mean-index.ts'
import type { TouchpointCells } from '../../../src/analysis/touchpoint-cells.ts'
import { facesOfIndex, indexOfFaces, withFurious } from './faces.ts'
import { generateFleet, type MadeTouchpoint } from './generate-fleet.ts'
import { SCENARIOS, WORLD } from './scenarios.ts'

const make = (name: keyof typeof SCENARIOS, seed: number, touchpoints: number): MadeTouchpoint[] => [
  ...generateFleet(SCENARIOS[name], seed, touchpoints),
]

describe('faces', () => {
  test.each([10, 30, 66, 80, 95])('of index %i have it, as a shift and as a surge', (index) => {
    expect(Math.abs(indexOfFaces(facesOfIndex(index)) - index)).toBeLessThan(0.25)
    const furious = withFurious(facesOfIndex(index), 5)
    expect(indexOfFaces(facesOfIndex(index)) - indexOfFaces(furious)).toBeCloseTo(5, 9)
    expect(furious.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 12)
  })
})

describe('a made fleet', () => {
  const fleet = make('easy', 3, 60)

  test('is the same for the same seed, another for another, and no touchpoint depends on the size', () => {
    expect(make('easy', 3, 2)).toEqual(fleet.slice(0, 2))
    expect(make('easy', 4, 1)[0]?.presses).not.toEqual(fleet[0]?.presses)
  })

  test('has the dips it says it has', () => {
    const planted = fleet.filter(({ dips }) => dips.length === 1)
    expect(planted.length).toBeGreaterThanOrEqual(4)
    const missed = planted.map(({ dips, cells }) => (dips[0]?.depth as number) - measuredDepth(cells.counts, dips[0]))
    // Against the hours beside it; the mean over several dips leaves little of chance and natural pattern.
    expect(Math.abs(missed.reduce((sum, value) => sum + value, 0) / missed.length)).toBeLessThan(3)
  })

  test('has none in the null scenarios, and the same presses but for the dips', () => {
    const quiet = make('null-easy', 3, 60)
    expect(quiet.flatMap(({ dips }) => dips)).toEqual([])
    expect(quiet.some(({ presses }) => presses.value.length > 0)).toBe(true)
  })

  test('loses the hour that clocks skip, and no press otherwise than by the filter', () => {
    const night = make('realistic', 2, 60).filter(({ nature }) => nature.closeSlot - nature.openSlot === 24)
    for (const { cells } of night) {
      const skipped = WORLD.clockChange.spring * 24 + 23
      expect(cells.counts.reduce((sum, ofValue) => sum + (ofValue[skipped] as number), 0)).toBe(0)
    }
    for (const { cells, presses } of fleet) {
      const counted = cells.counts.flatMap((ofValue) => [...ofValue]).reduce((sum, count) => sum + count, 0)
      expect(counted).toBeLessThanOrEqual(presses.value.length)
      expect(counted).toBeGreaterThan(0.95 * presses.value.length)
    }
  })
})

/** Mean index of the hours beside the dip on its own days, minus that inside. */
function measuredDepth(counts: TouchpointCells['counts'], dip: MadeTouchpoint['dips'][number] | undefined): number {
  if (dip === undefined) return Number.NaN
  const inside = [0, 0, 0, 0]
  const outside = [0, 0, 0, 0]
  for (let cell = 0; cell < WORLD.days * 24; cell++) {
    const [day, slot] = [Math.floor(cell / 24), cell % 24]
    const isDay = day >= dip.firstDay && day < dip.endDay && dip.weekdays.includes((day % 7) + 1)
    const isHour = slot >= dip.startSlot && slot < dip.endSlot
    const isBeside = slot >= dip.startSlot - 2 && slot < dip.endSlot + 2
    const to = isDay && isHour ? inside : isDay && isBeside ? outside : null
    counts.forEach((ofValue, value) => {
      if (to !== null) to[value] = (to[value] as number) + (ofValue[cell] as number)
    })
  }
  return (meanIndex(outside)?.index ?? 0) - (meanIndex(inside)?.index ?? 0)
}
