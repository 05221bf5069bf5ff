import { expect, it } from 'vitest'
import { makeBackoff } from '../../src/shared/backoff.ts'

it('doubles up to its ceiling, jitters over the upper half, and starts anew after a success', () => {
  const least = makeBackoff({ firstMs: 250, maxMs: 5000, random: () => 0 })
  const most = makeBackoff({ firstMs: 250, maxMs: 5000, random: () => 0.999_999 })
  const draw = (backoff: { nextMs(): number }) => Array.from({ length: 7 }, () => backoff.nextMs())
  expect(draw(least)).toEqual([125, 250, 500, 1000, 2000, 2500, 2500])
  expect(draw(most)).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000])
  least.reset()
  expect(least.nextMs()).toBe(125)
})
