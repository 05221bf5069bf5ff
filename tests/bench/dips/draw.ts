import { randomNormal } from 'd3-random'
import type { Range } from './scenarios.ts'

/** Everything random comes from one seeded source, so that a seed is a world. */
export type Draw = {
  /** [0, 1) */
  uniform: () => number
  normal: () => number
  within: (range: Range) => number
  /** low..high, both possible */
  whole: (range: Range) => number
  chance: (share: number) => boolean
  poisson: (mean: number) => number
  /** index into weights */
  pick: (weights: readonly number[]) => number
}

/** @param seed any number; equal seeds draw equal numbers */
export function makeDraw(seed: number): Draw {
  const uniform = makeUniform(seed)
  const normal = randomNormal.source(uniform)()
  return {
    uniform,
    normal,
    within: ([low, high]) => low + (high - low) * uniform(),
    whole: ([low, high]) => low + Math.floor((high - low + 1) * uniform()),
    chance: (share) => uniform() < share,
    poisson: (mean) => drawPoisson(uniform, normal, mean),
    pick: (weights) => pickIndex(uniform, weights),
  }
}

/**
 * Small fast counting generator, 128 bits of state (sfc32, Doty-Humphrey 2010, PractRand). A fleet draws ten million numbers and
 * a benchmark hundreds of fleets: streams of d3's own 32-bit generator would overlap.
 */
function makeUniform(seed: number): () => number {
  let [a, b, c, counter] = [0, seed | 0, (seed / 4294967296) | 0, 1]
  const next = (): number => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 4294967296
  }
  for (let i = 0; i < 12; i++) next()
  return next
}

/** Knuth's product for small means; beyond, the normal approximation is off by less than volumes are known. */
function drawPoisson(uniform: () => number, normal: () => number, mean: number): number {
  if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()))
  const limit = Math.exp(-mean)
  let count = 0
  for (let product = uniform(); product > limit; product *= uniform()) count++
  return count
}

function pickIndex(uniform: () => number, weights: readonly number[]): number {
  let left = uniform() * weights.reduce((sum, weight) => sum + weight, 0)
  for (let i = 0; i < weights.length - 1; i++) {
    left -= weights[i] as number
    if (left < 0) return i
  }
  return weights.length - 1
}
