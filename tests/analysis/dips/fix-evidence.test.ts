import { describe, expect, test } from 'vitest'
import { backSince } from '../../../src/analysis/dips/back-since.ts'
import { dayEvidence } from '../../../src/analysis/dips/day-evidence.ts'
import type { DipSeries } from '../../../src/analysis/dips/dip-series.ts'
import { goneEvidence, stillThereEvidence } from '../../../src/analysis/dips/fix-evidence.ts'
import { judgeFix } from '../../../src/analysis/dips/fix-verdict.ts'
import { freshEvidence } from '../../../src/analysis/dips/fresh-evidence.ts'
import { naturalLevel } from '../../../src/analysis/dips/natural-level.ts'
import { overSince } from '../../../src/analysis/dips/over-since.ts'
import { expectRelative } from '../../support/expect-relative.ts'
import { drawNormal, makeRandom } from '../../support/press-generator.ts'

const KNOWN = { level: 0, variance: 0 }
const SCALE = 1100

function series(contrast: readonly number[], precision: number | readonly number[], firstDay = 0): DipSeries {
  return {
    day: Int32Array.from(contrast, (_, i) => firstDay + i),
    contrast: Float64Array.from(contrast),
    precision: Float64Array.from(contrast, (_, i) => (typeof precision === 'number' ? precision : (precision[i] ?? 0))),
  }
}

/** Noisy days around a mean, as many as asked for. */
function noisy(seed: number, mean: number, days: number, precision: number, scale = SCALE): number[] {
  const random = makeRandom(seed)
  return Array.from({ length: days }, () => mean + Math.sqrt(scale / precision) * drawNormal(random))
}

describe('evidence on a fix', () => {
  const change = [-1, 2, -4, 0, 1, -2]
  const precision = [15, 12, 18, 14, 16, 15]

  test('grows day by day as in the worked example', () => {
    const gone = [0.16363636, 0.49090909, 0.39272727, 0.62181818, 0.97090909, 1.0527273]
    const still = [-0.76363636, -1.6363636, -2.16, -2.9745455, -4.0218182, -4.6763636]
    const sums = { gone: 0, still: 0 }
    change.forEach((value, i) => {
      sums.gone += goneEvidence(value, precision[i] as number, 12, SCALE)
      sums.still += stillThereEvidence(value, precision[i] as number, 12, SCALE)
      expectRelative(sums.gone, gone[i] as number, 1e-7)
      expectRelative(sums.still, still[i] as number, 1e-7)
    })
    const check = judgeFix(series(change, precision), KNOWN, 12, SCALE)
    expect(check).toMatchObject({ verdict: 'too-early', decidedDay: null, days: 6 })
    expectRelative(check.logGone, 1.0527273, 1e-7)
    expectRelative(check.logStillThere, -4.6763636, 1e-7)
  })

  test('one day never says more than three standard deviations, in either direction', () => {
    expect(dayEvidence(1e6, 6, 15, SCALE)).toBe(dayEvidence(1e5, 6, 15, SCALE))
    expect(dayEvidence(-1e6, 6, 15, SCALE)).toBe(dayEvidence(-1e5, 6, 15, SCALE))
  })

  test('a curve with little noise can still be found fixed, and still be found broken', () => {
    // A chain: a step of ten points is nine of a day's standard deviations.
    expect(goneEvidence(0, 80, 20, 100)).toBeGreaterThan(1)
    expect(stillThereEvidence(-20, 80, 20, 100)).toBeGreaterThan(1)
    expect(goneEvidence(-20, 80, 20, 100)).toBeLessThan(-1)
  })

  test('is a fair bet where nothing is to be found: on average it multiplies by at most 1', () => {
    // Midpoint rule over the normal distribution; the mean of exp(evidence) under "at most 0".
    const meanFactor = (mean: number, step: number, omega: number): number => {
      let sum = 0
      for (let z = -9; z < 9; z += 0.001) {
        const density = Math.exp(-0.5 * (z + 0.0005) ** 2) / Math.sqrt(2 * Math.PI)
        const deviation = mean + (z + 0.0005) * Math.sqrt(SCALE / omega)
        sum += 0.001 * density * Math.exp(dayEvidence(deviation, step, omega, SCALE))
      }
      return sum
    }
    for (const step of [1, 6, 20, 80]) {
      expect(meanFactor(0, step, 15)).toBeLessThanOrEqual(1 + 1e-9)
      expect(meanFactor(-3, step, 15)).toBeLessThanOrEqual(1 + 1e-9)
    }
    expectRelative(meanFactor(0, 1, 15), 1, 1e-3)
  })

  test('fresh days reach 20 by chance in no more than one of twenty histories, however long one looks', () => {
    let reached = 0
    for (let seed = 1; seed <= 400; seed++) {
      let log = 0
      let most = 0
      for (const contrast of noisy(seed, -3, 200, 15)) {
        log += freshEvidence(contrast, 15, 12, SCALE)
        most = Math.max(most, log)
      }
      if (most >= Math.log(20)) reached++
    }
    // 20 expected at most; three standard deviations of a binomial on top.
    expect(reached).toBeLessThanOrEqual(20 + 3 * Math.sqrt(19))
  })

  test('fresh days of a dip reach 20 soon', () => {
    const days = noisy(9, -12, 60, 15)
    expect(days.reduce((log, contrast) => log + freshEvidence(contrast, 15, 12, SCALE), 0)).toBeGreaterThan(3)
  })
})

describe('verdict', () => {
  test('a dip that went is gone, one that stayed is still there, and nothing is said too early', () => {
    expect(judgeFix(series(new Array(40).fill(0), 15), KNOWN, 12, SCALE)).toMatchObject({
      verdict: 'gone',
      moreDays: 0,
    })
    expect(judgeFix(series(new Array(40).fill(-12), 15), KNOWN, 12, SCALE).verdict).toBe('still-there')
    expect(judgeFix(series(new Array(40).fill(-5), 15), KNOWN, 12, SCALE).verdict).toBe('too-early')
    expect(judgeFix(series([0, 0, 0], 15), KNOWN, 12, SCALE).verdict).toBe('too-early')
  })

  test('stays as it was reached, whatever follows', () => {
    const gone = judgeFix(series(new Array(20).fill(0), 15, 70), KNOWN, 12, SCALE)
    expect(gone.verdict).toBe('gone')
    const relapse = judgeFix(series([...new Array(20).fill(0), ...new Array(40).fill(-14)], 15, 70), KNOWN, 12, SCALE)
    expect(relapse).toMatchObject({ verdict: 'gone', decidedDay: gone.decidedDay })
    // ln 20 at (12/2)² × 15 / (2 × 1100) a day.
    expect(gone.decidedDay).toBe(70 + Math.ceil(Math.log(20) / ((36 * 15) / 2200)) - 1)
  })

  test('is never gone while a third or more is left', () => {
    // Clipped, the freak day counts for little in the evidence, which is past 20; in what is left it counts in full.
    const check = judgeFix(series([-300, ...new Array(20).fill(1)], 15), KNOWN, 12, SCALE)
    expect(check.logGone).toBeGreaterThan(Math.log(20))
    expect(check.verdict).not.toBe('gone')
  })

  test('takes three days at least, however little noise there is', () => {
    const chain = (days: number) => judgeFix(series(new Array(days).fill(0), 80), KNOWN, 20, 100).verdict
    expect([1, 2, 3].map(chain)).toEqual(['too-early', 'too-early', 'gone'])
  })

  test('what is left is measured with its 90 % interval, wider where the natural level is not known', () => {
    const { remaining } = judgeFix(series([-4, -2, -3, -3], 25), KNOWN, 12, SCALE)
    expectRelative(remaining?.depth, 3)
    expectRelative(remaining?.upper, 3 + 1.6448536269514722 * Math.sqrt(11))
    expectRelative(remaining?.lower, 3 - 1.6448536269514722 * Math.sqrt(11))
    const vague = judgeFix(series([-4, -2, -3, -3], 25), { level: -1, variance: 2.25 }, 12, SCALE).remaining
    expectRelative(vague?.depth, 2)
    expectRelative(vague?.upper, 2 + 1.6448536269514722 * Math.sqrt(13.25))
  })

  test('days to go are those of the formula at the start, fewer with every good day, and none are known without data', () => {
    expect(judgeFix(series([], 15), KNOWN, 12, SCALE)).toMatchObject({ days: 0, remaining: null, moreDays: null })
    const pace = (36 * 15) / (2 * SCALE)
    const one = judgeFix(series([0], 15), KNOWN, 12, SCALE).moreDays
    expect(one).toBe(Math.ceil((2 * Math.log(20) * SCALE) / (15 * 36) - 1))
    expect(judgeFix(series(new Array(5).fill(0), 15), KNOWN, 12, SCALE).moreDays).toBe(
      Math.ceil(Math.log(20) / pace - 5),
    )
    expect(judgeFix(series(new Array(2).fill(-12), 15), KNOWN, 12, SCALE).moreDays).toBeGreaterThan(0)
  })
})

describe('natural level', () => {
  test('is the mean of the days before, shrunk by what is not known of it', () => {
    const { level, variance } = naturalLevel(series(new Array(10).fill(-4), 20), SCALE)
    const share = 2.25 / (2.25 + SCALE / 200)
    expectRelative(level, -4 * share)
    expectRelative(variance, 2.25 * (1 - share))
  })

  test('is 0, and not known, from fewer than 6 days', () => {
    expect(naturalLevel(series(new Array(5).fill(-4), 20), SCALE)).toEqual({ level: 0, variance: 2.25 })
    expect(naturalLevel(series([], 20), SCALE, 9)).toEqual({ level: 0, variance: 9 })
  })

  test('follows the fleet where that says more than usual', () => {
    const days = series(new Array(10).fill(-4), 20)
    expect(naturalLevel(days, SCALE, 9).level).toBeLessThan(naturalLevel(days, SCALE).level)
  })
})

describe('over without a fix', () => {
  const dipThen = (quiet: number): DipSeries => series([...new Array(30).fill(-14), ...new Array(quiet).fill(0)], 15)

  test('needs 14 quiet days and the evidence', () => {
    expect(overSince(dipThen(0), null, KNOWN, 14, SCALE)).toBeNull()
    expect(overSince(dipThen(10), null, KNOWN, 14, SCALE)).toBeNull()
    expect(overSince(dipThen(14), null, KNOWN, 14, SCALE)).toBe(30)
    expect(overSince(dipThen(40), null, KNOWN, 14, SCALE)).toBe(30)
    expect(overSince(series([], 15), null, KNOWN, 14, SCALE)).toBeNull()
  })

  test('needs no 14 days from the end that the scan saw, but the evidence all the same', () => {
    expect(overSince(dipThen(10), 29, KNOWN, 14, SCALE)).toBe(30)
    expect(overSince(dipThen(3), 29, KNOWN, 14, SCALE)).toBeNull()
    expect(overSince(series(new Array(40).fill(-14), 15), 25, KNOWN, 14, SCALE)).toBeNull()
  })

  test('a lasting dip is called over in hardly any history, nor a fixed one back, looked at on each of 60 nights', () => {
    const everIn = (seed: number, mean: number, look: (days: DipSeries) => number | null): boolean => {
      const all = series(noisy(seed, mean, 90, 15), 15)
      for (let night = 30; night <= 90; night++) {
        const until = { day: all.day.slice(0, night), contrast: all.contrast.slice(0, night), precision: all.precision }
        if (look(until) !== null) return true
      }
      return false
    }
    const seeds = Array.from({ length: 150 }, (_, i) => i + 1)
    const over = seeds.filter((seed) => everIn(seed, -12, (days) => overSince(days, null, KNOWN, 12, SCALE)))
    const back = seeds.filter((seed) => everIn(seed, 0, (days) => backSince(days, KNOWN, 12, SCALE)))
    expect(over.length).toBeLessThanOrEqual(3)
    expect(back.length).toBeLessThanOrEqual(3)
  })
})

describe('back', () => {
  test('is told with its day, once there is evidence for all of it', () => {
    const relapse = (days: number): DipSeries => series([...new Array(30).fill(0), ...new Array(days).fill(-14)], 15)
    expect(backSince(relapse(0), KNOWN, 14, SCALE)).toBeNull()
    expect(backSince(relapse(3), KNOWN, 14, SCALE)).toBeNull()
    expect(backSince(relapse(30), KNOWN, 14, SCALE)).toBe(30)
  })
})
