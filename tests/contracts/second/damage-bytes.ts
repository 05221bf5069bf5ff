import type { Dice } from './dice.ts'

/** What a wire, a disk or a hand does to bytes: flipped, set, lost, added, doubled, swapped, cut off. */
export function damageBytes(bytes: Uint8Array, dice: Dice, alphabet: string): Uint8Array {
  const at = dice.below(bytes.length + 1)
  const to = Math.min(bytes.length, at + 1 + dice.below(3))
  const drawn = dice.chance(0.7) ? alphabet.charCodeAt(dice.below(alphabet.length)) : dice.below(256)
  const [before, hit, behind] = [bytes.subarray(0, at), bytes.subarray(at, to), bytes.subarray(to)]
  const middle = dice.pick<() => number[]>([
    () => [...hit].map((byte, i) => (i === 0 ? byte ^ (1 << dice.below(8)) : byte)),
    () => [drawn, ...hit.subarray(1)],
    () => [],
    () => [drawn, ...hit],
    () => [...hit, ...hit],
    () => [...hit].reverse(),
  ])()
  return Uint8Array.from(dice.chance(0.05) ? before : [...before, ...middle, ...behind])
}
