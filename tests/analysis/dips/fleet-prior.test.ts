import { describe, expect, test } from 'vitest'
import { estimateFleetPrior } from '../../../src/analysis/dips/fleet-prior.ts'
import type { OrdinaryWindow } from '../../../src/analysis/dips/ordinary-windows.ts'
import { inverseTrigamma, trigamma } from '../../../src/analysis/trigamma.ts'
import { expectRelative } from '../../support/expect-relative.ts'
import { drawNormal, makeRandom, type Random } from '../../support/press-generator.ts'

const SCALE = 1000
const DAYS = 41

type World = { tau: number; correlation: number; df: number; error: number }

/** χ²(df) / df; 1 for endless degrees of freedom. */
function drawVariance(random: Random, df: number): number {
  if (!Number.isFinite(df)) return 1
  let sum = 0
  for (let i = 0; i < df; i++) sum += drawNormal(random) ** 2
  return sum / df
}

/** Windows of one kind whose natural deviation, what is kept of it, and noise are known. */
function makeWindows(count: number, { tau, correlation, df, error }: World): OrdinaryWindow[] {
  const random = makeRandom(5)
  const half = error * Math.SQRT2
  return Array.from({ length: count }, () => {
    const common = Math.sqrt(correlation) * drawNormal(random)
    const [first, second] = [0, 1].map(() => {
      return tau * (common + Math.sqrt(1 - correlation) * drawNormal(random)) + half * drawNormal(random)
    }) as [number, number]
    const variance = (SCALE / drawVariance(random, df)) * drawVariance(random, DAYS - 1)
    const contrast = 2 + tau * common + error * drawNormal(random)
    const precision = SCALE / error ** 2
    return {
      kind: 0,
      days: DAYS,
      contrast,
      precision,
      variance,
      scale: SCALE,
      step: first - second,
      stepSpread: 4 / precision,
    }
  })
}

const ORDINARY: World = { tau: 3, correlation: 0.9, df: 40, error: 1.5 }

describe('what the fleet says beforehand', () => {
  test('is the usual while fewer than 60 windows are known', () => {
    const usual = { tau2: [4, 4, 4, 4, 4, 4], correlation: 0.95, df: 10 }
    expect(estimateFleetPrior(makeWindows(59, ORDINARY))).toEqual(usual)
    expect(estimateFleetPrior([])).toEqual(usual)
  })

  test('recovers the natural spread behind the noise, and how much of it lasts', () => {
    const lasting = estimateFleetPrior(makeWindows(2000, { ...ORDINARY, correlation: 1 }))
    expect(lasting.tau2[0]).toBeGreaterThan(8)
    expect(lasting.tau2[0]).toBeLessThan(10.5)
    expect(lasting.correlation).toBeGreaterThan(0.96)
    const fading = estimateFleetPrior(makeWindows(2000, { ...ORDINARY, correlation: 0.8 }))
    expect(fading.correlation).toBeGreaterThanOrEqual(0.7)
    expect(fading.correlation).toBeLessThan(0.88)
  })

  test('keeps its bounds: a spread of 1 point at least, .7 to .99 carried over, 1000 degrees of freedom', () => {
    const calm = estimateFleetPrior(
      makeWindows(400, { tau: 0, correlation: 1, df: Number.POSITIVE_INFINITY, error: 0.5 }),
    )
    expect(calm.tau2[0]).toBe(1)
    expect(calm.correlation).toBe(0.99)
    expect(calm.df).toBeGreaterThan(200)
    expect(calm.df).toBeLessThanOrEqual(1000)
    expect(estimateFleetPrior(makeWindows(400, { ...ORDINARY, correlation: 0 })).correlation).toBe(0.7)
  })

  test('tells fleets whose hours are alike in noise from those whose hours differ', () => {
    const differ = estimateFleetPrior(makeWindows(2000, { ...ORDINARY, df: 12 })).df
    expect(differ).toBeGreaterThan(7)
    expect(differ).toBeLessThan(18)
    expect(estimateFleetPrior(makeWindows(2000, { ...ORDINARY, df: 60 })).df).toBeGreaterThan(30)
  })

  test('is not carried away when one window in twenty has a dip of 15 points', () => {
    const windows = makeWindows(2000, ORDINARY)
    const dipped = windows.map((window, i) => (i % 20 === 0 ? { ...window, contrast: -15, step: 15 } : window))
    const [plain, withDips] = [estimateFleetPrior(windows), estimateFleetPrior(dipped)]
    expect((withDips.tau2[0] as number) / (plain.tau2[0] as number)).toBeLessThan(2)
    expect(withDips.correlation).toBeGreaterThan(plain.correlation - 0.15)
  })
})

describe('trigamma', () => {
  // mpmath 1.3: polygamma(1, x)
  test.each([
    [0.5, 4.934802200544679],
    [1, 1.644934066848226],
    [5, 0.2213229557371153],
    [27.5, 0.03703280529555936],
    [400, 0.002503127604163412],
  ])('of %f', (x, value) => {
    expectRelative(trigamma(x), value, 1e-12)
  })

  test('is undone by its inverse', () => {
    for (const x of [0.3, 1, 5, 20, 500]) expectRelative(inverseTrigamma(trigamma(x)), x, 1e-9)
  })
})
