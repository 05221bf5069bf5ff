/** How it went so far: nothing but these two decide the next delay. */
export type ConnectHistory = {
  /** Since the daemon started, a central has welcomed us at least once; to be taken by a broker is not enough. */
  wasConnected: boolean
  /** Rounds over all brokers that failed since the last welcome, or since the start; one that is not over does not count. */
  failures: number
}

export type ReconnectCeilings = {
  /** The first attempt after an outage falls anywhere in this time. */
  outageSpreadMs: number
  /** Ceiling of the first delay when the very first attempts fail. */
  firstDelayMs: number
  /** No delay is longer. */
  maxDelayMs: number
}

/**
 * Milliseconds before the next attempt to connect (contracts.md §3).
 *
 * A broker that comes back meets all its terminals at once: they spread over `outageSpreadMs` first, then over twice
 * as much with each failure (full jitter), which keeps 100,000 terminals below 4,000 attempts a second. A daemon that
 * starts is alone, so it connects immediately and retries soon.
 *
 * @param random uniform in [0, 1)
 */
export function nextConnectDelayMs(
  { wasConnected, failures }: ConnectHistory,
  { outageSpreadMs, firstDelayMs, maxDelayMs }: ReconnectCeilings,
  random: number,
): number {
  if (!wasConnected && failures === 0) return 0
  // The exponent is bounded because 2 ** 1024 is Infinity, and 0 × Infinity is no delay at all.
  const doublings = Math.min(failures, 40)
  if (!wasConnected) {
    const ceilingMs = Math.min(maxDelayMs, firstDelayMs * 2 ** (doublings - 1))
    return Math.round(ceilingMs / 2 + (random * ceilingMs) / 2)
  }
  if (failures === 0) return Math.round(random * Math.min(outageSpreadMs, maxDelayMs))
  const ceilingMs = Math.min(maxDelayMs, (outageSpreadMs / 2) * 2 ** doublings)
  const floorMs = Math.min(firstDelayMs, ceilingMs)
  return Math.round(floorMs + random * (ceilingMs - floorMs))
}
