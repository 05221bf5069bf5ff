export type BackoffOptions = {
  firstMs: number
  maxMs: number
  /** Uniform in [0, 1). */
  random: () => number
}

export type Backoff = {
  /** Milliseconds to wait before the next attempt: doubles per call up to `maxMs`, jittered over its upper half. */
  nextMs(): number
  /** To be called once an attempt has truly succeeded; the next wait is short again. */
  reset(): void
}

/**
 * Waits between attempts at something that keeps failing.
 *
 * Half of each wait is fixed and half random: never a busy loop, and a row of terminals that lost power together does
 * not come back in step.
 */
export function makeBackoff({ firstMs, maxMs, random }: BackoffOptions): Backoff {
  let ceilingMs = firstMs
  return {
    nextMs() {
      const waitMs = ceilingMs / 2 + random() * (ceilingMs / 2)
      ceilingMs = Math.min(maxMs, ceilingMs * 2)
      return Math.round(waitMs)
    },
    reset() {
      ceilingMs = firstMs
    },
  }
}
