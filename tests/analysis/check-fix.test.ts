import { describe, expect, test } from 'vitest'
import { checkFix, seemsBack, seemsOver } from '../../src/analysis/check-fix.ts'
import type { TouchpointCells } from '../../src/analysis/touchpoint-cells.ts'
import { generateCells, makeRandom, type PlantedDip } from '../support/press-generator.ts'

const SLUMP: PlantedDip = { weekdays: [1, 2, 3, 4, 5], startSlot: 10, endSlot: 11, fromDay: 28, depth: 14 }
const DIP = { startSlot: 10, endSlot: 11, weekdays: [1, 2, 3, 4, 5], onsetDay: 28, depth: 12 }
const FIX_DAY = 56
const DAYS = 84

function shop(seed: number, depth: number): TouchpointCells {
  const history = {
    ...{ id: 'a', days: DAYS, firstWeekday: 1, openSlot: 8, closeSlot: 20 },
    ...{ pressesPerDay: 300, index: 80, eveningLow: 6, trend: 0 },
  }
  return generateCells(makeRandom(seed), { ...history, dip: { ...SLUMP, depth } })
}

/** Four weeks of quiet, four of the slump, four with what the fix left of it. */
function fixedShop(seed: number, left: number): TouchpointCells {
  const before = shop(seed, SLUMP.depth)
  const after = shop(seed, SLUMP.depth * left)
  const counts = before.counts.map((ofValue, value) => {
    const spliced = ofValue.slice()
    spliced.set((after.counts[value] ?? []).slice(FIX_DAY * 24), FIX_DAY * 24)
    return spliced
  })
  return { ...before, counts }
}

describe('forty shops, four weeks after a fix', () => {
  const seeds = Array.from({ length: 40 }, (_, i) => i + 1)
  const check = (left: number) => seeds.map((seed) => checkFix(fixedShop(seed, left), DIP, FIX_DAY))
  const worked = check(0)
  const failed = check(1)

  test('one that worked is seen to have worked in most, and is never said to have failed', () => {
    // dips.md §3.8: 80 % after four weeks, wrongly "still there" 6 %.
    expect(worked.filter(({ verdict }) => verdict === 'gone').length).toBeGreaterThanOrEqual(26)
    expect(worked.filter(({ verdict }) => verdict === 'still-there').length).toBeLessThanOrEqual(3)
  })

  test('one that did nothing is seen to have failed, and is never said to have worked', () => {
    expect(failed.filter(({ verdict }) => verdict === 'still-there').length).toBeGreaterThanOrEqual(34)
    expect(failed.filter(({ verdict }) => verdict === 'gone')).toEqual([])
  })

  test('what is left lies in its 90 % interval in most', () => {
    const covers = (checks: typeof worked, left: number): number =>
      checks.filter(({ remaining }) => remaining !== null && remaining.lower <= left && left <= remaining.upper).length
    expect(covers(worked, 0)).toBeGreaterThanOrEqual(31)
    expect(covers(failed, SLUMP.depth)).toBeGreaterThanOrEqual(31)
  })
})

describe('one shop', () => {
  test('is told the same of the same days on every later night', () => {
    const cells = fixedShop(3, 0)
    const later = checkFix(cells, DIP, FIX_DAY)
    expect(later.verdict).toBe('gone')
    expect(later.decidedDay).toBeGreaterThanOrEqual(FIX_DAY + 4)
    expect(checkFix(cells, DIP, FIX_DAY)).toEqual(later)
  })

  test('is over without a fix, from about the day the slump went; a lasting slump is not', () => {
    const since = seemsOver(fixedShop(3, 0), DIP, null)
    expect(Math.abs((since ?? 0) - FIX_DAY)).toBeLessThanOrEqual(7)
    expect(seemsOver(fixedShop(3, 1), DIP, null)).toBeNull()
  })

  test('has its slump back, or not', () => {
    expect(seemsBack(fixedShop(3, 1), DIP, FIX_DAY)).toBeGreaterThanOrEqual(FIX_DAY)
    expect(seemsBack(fixedShop(3, 0), DIP, FIX_DAY)).toBeNull()
  })

  test('without a day since the fix, or too young to know its noise, it is too early', () => {
    const cells = fixedShop(3, 0)
    expect(checkFix(cells, DIP, DAYS)).toMatchObject({ verdict: 'too-early', days: 0, remaining: null, moreDays: null })
    const counts = cells.counts.map((ofValue) => ofValue.slice(0, 5 * 24))
    const young = { ...cells, days: 5, weekdays: cells.weekdays.slice(0, 5), counts }
    expect(checkFix(young, { ...DIP, onsetDay: null }, 0)).toMatchObject({ verdict: 'too-early', days: 0 })
    expect(seemsOver(young, { ...DIP, onsetDay: null }, null)).toBeNull()
  })

  test('refuses a window that is never scanned and a depth that is none', () => {
    const cells = fixedShop(3, 0)
    expect(() => checkFix(cells, { ...DIP, endSlot: 15 }, FIX_DAY)).toThrow(RangeError)
    expect(() => checkFix(cells, { ...DIP, depth: 0 }, FIX_DAY)).toThrow(RangeError)
  })
})
