/** Choices that follow from one number, so that fast-check's seed repeats a damaged payload exactly. */
export interface Dice {
  /** 0 … n − 1 */
  below(n: number): number
  chance(share: number): boolean
  pick<T>(from: readonly T[]): T
}

/** Mulberry32 (T. Ettinger, 2017): 32 bits of state, enough for choices. */
export function makeDice(seed: number): Dice {
  let state = seed >>> 0
  const fraction = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (n: number) => Math.floor(fraction() * n)
  return {
    below,
    chance: (share) => fraction() < share,
    pick: (from) => from[below(from.length)] as (typeof from)[number],
  }
}
