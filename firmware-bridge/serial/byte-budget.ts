import type { Clock } from '../../src/shared/clock.ts'

/** At 57600 8N1 a line carries 5760 bytes a second; a simulated box may live faster than that. */
const bytesPerSecond = 4 * 5760
const bytesAtOnce = 64 * 1024

/**
 * How much a device may say before it is no serial line any more. USB and ptys carry what they are given: without a
 * bound a device gone mad could keep the host busy with lines that are even well-formed.
 *
 * @returns a function that takes as many of `bytes` as there are left, and says how many
 */
export function makeByteBudget(clock: Clock): (bytes: number) => number {
  let left = bytesAtOnce
  let countedAtMs = clock.monoMs()
  return (bytes) => {
    const nowMs = clock.monoMs()
    left = Math.min(bytesAtOnce, left + ((nowMs - countedAtMs) * bytesPerSecond) / 1000)
    countedAtMs = nowMs
    const taken = Math.min(bytes, Math.floor(left))
    left -= taken
    return taken
  }
}
