/** Where time comes from. Tests and the simulator pass their own. */
export type Clock = {
  /** Wall clock, epoch milliseconds as the operating system believes them; may be wrong and may jump. */
  wallMs(): number
  /** Milliseconds since boot of this machine (CLOCK_MONOTONIC); never jumps, integer. */
  monoMs(): number
}

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monoMs: () => Number(process.hrtime.bigint() / 1_000_000n),
}
