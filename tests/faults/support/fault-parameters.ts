/**
 * Every row of the fault matrix draws from one seed, and is as long as it is asked to be: SMILEPOST_FAULT_SEED, a whole number, and
 * SMILEPOST_FAULT_SCALE, how many times as long as in CI.
 */
const readNumber = (name: string, initial: number): number => {
  const value = Number(process.env[name] ?? initial)
  if (!Number.isFinite(value) || value <= 0) throw new Error(`${name} is not a positive number`)
  return value
}

export const faultSeed = Math.floor(readNumber('SMILEPOST_FAULT_SEED', 1))
export const faultScale = readNumber('SMILEPOST_FAULT_SCALE', 1)

/** The command that runs one row again with the seed it failed with. */
export const repeatCommand = (file: string, seed: number): string =>
  `SMILEPOST_FAULT_SEED=${seed} SMILEPOST_FAULT_SCALE=${faultScale} npx vitest run tests/faults/${file}`

/** Uniform in [0, 1), the same for the same seed (mulberry32). */
export function makeDraw(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
