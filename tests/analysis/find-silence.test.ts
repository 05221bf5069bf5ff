import { describe, expect, test } from 'vitest'
import { type CoveredPresses, findSilence } from '../../src/analysis/find-silence.ts'
import { negativeBinomialTail } from '../../src/analysis/negative-binomial-tail.ts'
import { dayFactor } from '../../src/analysis/silence/day-factor.ts'
import { pressSpread } from '../../src/analysis/silence/press-spread.ts'
import { silentRuns } from '../../src/analysis/silence/silent-runs.ts'
import { usualPresses } from '../../src/analysis/silence/usual-presses.ts'
import { expectRelative } from '../support/expect-relative.ts'
import { drawNormal, generateCells, makeRandom } from '../support/press-generator.ts'

const DAYS = 57
const LAST = (DAYS - 1) * 24
const OPEN = 8
const CLOSE = 20

/** Presses of a generated shop; its last day is a weekday like any other. */
function shop(id: string, seed: number, pressesPerDay: number): CoveredPresses {
  const history = { id, days: DAYS, firstWeekday: 1, openSlot: OPEN, closeSlot: CLOSE, pressesPerDay }
  const { counts, weekdays } = generateCells(makeRandom(seed), { ...history, index: 80, eveningLow: 6, trend: 0 })
  const presses = Uint16Array.from({ length: DAYS * 24 }, (_, cell) =>
    counts.reduce((sum, ofValue) => sum + (ofValue[cell] as number), 0),
  )
  const covered = Uint8Array.from({ length: DAYS * 24 }, (_, cell) => (cell % 24 >= OPEN && cell % 24 < CLOSE ? 1 : 0))
  return { id, days: DAYS, weekdays, covered, presses }
}

/** The same number every covered hour, so that all figures can be worked out by hand. */
function even(perHour: number, days = DAYS): CoveredPresses {
  const covered = Uint8Array.from({ length: days * 24 }, (_, cell) => (cell % 24 >= OPEN && cell % 24 < CLOSE ? 1 : 0))
  return {
    id: 'even',
    days,
    weekdays: Uint8Array.from({ length: days }, (_, day) => (day % 7) + 1),
    covered,
    presses: Uint16Array.from(covered, (isCovered) => isCovered * perHour),
  }
}

function silenced(presses: CoveredPresses, from: number, to: number): CoveredPresses {
  return { ...presses, presses: presses.presses.slice().fill(0, LAST + from, LAST + to) }
}

const FDR = { fdr: 0.05 }

describe('silence', () => {
  test('has the p of the worked example: even hours, one afternoon without a press', () => {
    // 3 hours of 20 lost. Spreads are at their least (.01 each). The day's factor rests on 9 hours of 20, each counting for
    // 1 / (1 + .01 × 20): shape = rate = 100 + 150. Means rest on 8 days of this weekday.
    const factorVariance = 1 / 250
    const ofHours = 0.01 * 3 * 400 * (1 + factorVariance)
    const doubt = (3 * (20 + 0.01 * 400)) / 8 + (0.01 * 60 * 60) / 8
    const size = 60 ** 2 / (ofHours + factorVariance * 60 ** 2 + doubt)
    const [found] = findSilence([silenced(even(20), 14, 17)], { fdr: 0.5 }).silent
    expect(found).toMatchObject({ id: 'even', startSlot: 14, endSlot: 17, coveredHours: 3 })
    expectRelative(found?.expected, 60)
    expectRelative(found?.p, 12 * negativeBinomialTail(0, 60, size))
  })

  test('is found in busy hours, and not where hours without a press are usual', () => {
    const fleet = Array.from({ length: 8 }, (_, i) => shop(`t${i + 10}`, i + 1, i < 4 ? 200 : 12))
    const broken = fleet.map((one, i) => (i === 3 || i === 6 ? silenced(one, 15, 18) : one))
    expect(findSilence(broken, FDR).silent.map(({ id }) => id)).toEqual(['t13'])
  })

  test('is seldom claimed where nothing is broken: on fewer than 3 of 25 nights of 16 restless touchpoints', () => {
    const random = makeRandom(17)
    const restless = (id: string, perHour: number): CoveredPresses => {
      const history = even(0)
      for (let day = 0; day < DAYS; day++) {
        const mean = perHour * Math.exp(0.3 * drawNormal(random))
        for (let slot = OPEN; slot < CLOSE; slot++) {
          // Hours differ by a factor of two from their day; what is left of a press is one by chance.
          history.presses[day * 24 + slot] = Math.floor(mean * Math.exp(0.7 * drawNormal(random)) + random())
        }
      }
      return { ...history, id }
    }
    const nights = Array.from({ length: 25 }, () => {
      const fleet = Array.from({ length: 16 }, (_, i) => restless(`t${i}`, [1, 3, 8, 25][i % 4] as number))
      return findSilence(fleet, FDR).silent.length
    })
    expect(nights.filter((alarms) => alarms > 0).length).toBeLessThan(3)
  })

  test('one hour is too short, unless it should have brought 15 presses', () => {
    const at = (perHour: number): number => findSilence([silenced(even(perHour), 14, 15)], { fdr: 0.9 }).silent.length
    expect(at(12)).toBe(0)
    expect(at(16)).toBe(1)
  })

  test('a silent day cannot excuse itself, a slow day can', () => {
    const whole = findSilence([silenced(even(20), OPEN, CLOSE)], FDR).silent[0]
    expect(whole).toMatchObject({ startSlot: OPEN, endSlot: CLOSE })
    const slow = even(3)
    slow.presses.fill(0, LAST, LAST + 24)
    slow.presses[LAST + 9] = 1
    const usual = findSilence([silenced(even(3), 14, 17)], { fdr: 0.999 }).silent[0]
    const onSlowDay = findSilence([slow], { fdr: 0.999 }).silent[0]
    expect((onSlowDay?.expected ?? 0) / (onSlowDay?.coveredHours ?? 1)).toBeLessThan((usual?.expected ?? 0) / 3)
  })

  test('only covered hours count, a press outside them breaks it', () => {
    const uncovered = silenced(even(20), 14, 17)
    uncovered.covered.fill(0, LAST + 14, LAST + 17)
    expect(findSilence([uncovered], FDR).silent).toEqual([])
    const gap = silenced(even(20), 13, 18)
    gap.covered[LAST + 15] = 0
    expect(findSilence([gap], FDR).silent[0]).toMatchObject({ startSlot: 13, endSlot: 18, coveredHours: 4 })
    gap.presses[LAST + 15] = 1
    expect(silentRuns(gap).map(({ startSlot, endSlot }) => [startSlot, endSlot])).toEqual([
      [13, 15],
      [16, 18],
    ])
  })

  test('is one family a night: the same silence is worth less among more touchpoints', () => {
    const broken = silenced(shop('broken', 3, 60), 15, 18)
    const alone = findSilence([broken], { fdr: 0.999 }).silent[0]
    const fleet = [broken, ...Array.from({ length: 9 }, (_, i) => shop(`t${i}`, i + 50, 100))]
    const among = findSilence(fleet, { fdr: 0.999 }).silent.find(({ id }) => id === 'broken')
    expect(among?.p).toBe(alone?.p)
    expectRelative(among?.q, Math.min(1, 10 * (alone?.p ?? 0)))
    expect(findSilence([...fleet].reverse(), FDR)).toEqual(findSilence(fleet, FDR))
  })

  test('too young or never pressed is said, not judged', () => {
    const never = { ...even(0), id: 'never' }
    const young = { ...even(20, 12), id: 'young' }
    expect(findSilence([young, never, even(20)], FDR)).toEqual({ silent: [], insufficient: ['never', 'young'] })
    expect(findSilence([], FDR)).toEqual({ silent: [], insufficient: [] })
  })

  test('refuses grids that do not fit, by name', () => {
    expect(() => findSilence([{ ...even(1), covered: new Uint8Array(3) }], FDR)).toThrow(/touchpoint even: covered/)
    expect(() => findSilence([{ ...even(1), presses: new Uint16Array(3) }], FDR)).toThrow(/presses/)
    expect(() => findSilence([{ ...even(1), weekdays: new Uint8Array(3) }], FDR)).toThrow(/weekdays/)
    expect(() => findSilence([], { fdr: 1 })).toThrow(RangeError)
  })
})

describe('what is usual', () => {
  test('is the mean per weekday and hour of covered days before the last; fewer than three tell nothing', () => {
    const presses = even(20)
    presses.presses[14] = 60
    presses.covered[7 * 24 + 14] = 0
    presses.presses[LAST + 14] = 500
    const usual = usualPresses(presses)
    // Mondays: eight before the last day, one of them not covered, one with 60.
    expectRelative(usual.mean[14], (60 + 6 * 20) / 7)
    expect(usual.days[14]).toBe(7)
    expect(usualPresses(even(20, 15)).mean[14]).toBe(0)
    expect(usualPresses(even(20, 22)).mean[14]).toBe(20)
  })

  test('spreads of hours and days are recovered from a long history', () => {
    const random = makeRandom(5)
    const days = 401
    const history = even(0, days)
    // Gamma with shape 4 (spread .25) for hours, 10 (spread .1) for days: sums of exponentials.
    const gamma = (shape: number): number => {
      let sum = 0
      for (let i = 0; i < shape; i++) sum -= Math.log(1 - random()) / shape
      return sum
    }
    for (let day = 0; day < days; day++) {
      const factor = gamma(10)
      for (let slot = OPEN; slot < CLOSE; slot++) history.presses[day * 24 + slot] = Math.round(400 * factor * gamma(4))
    }
    const { ofHours, ofDays } = pressSpread(history, usualPresses(history))
    expect(Math.abs(ofHours - 0.25)).toBeLessThan(0.04)
    expect(Math.abs(ofDays - 0.1)).toBeLessThan(0.03)
  })

  test("a day's factor leans on its hours, and stays near 1 without any", () => {
    const spread = { ofHours: 0.01, ofDays: 0.1 }
    expect(dayFactor({ presses: 0, expected: 0, squares: 0 }, spread)).toEqual({ mean: 1, variance: 0.1 })
    const half = dayFactor({ presses: 500, expected: 1000, squares: 0 }, spread)
    expectRelative(half.mean, 510 / 1010)
    expectRelative(half.variance, 510 / 1010 ** 2)
  })
})
