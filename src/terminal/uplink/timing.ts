import type { AckTiming } from './batch-sender.ts'
import type { ReconnectCeilings } from './connect-delay.ts'

export type UplinkTiming = ReconnectCeilings &
  AckTiming & {
    connectDeadlineMs: number
    keepaliveSeconds: number
    helloEveryMs: number
    healthEveryMs: number
    /** A change of health is said after this time, with what changed meanwhile. */
    healthGapMs: number
  }

/** contracts.md §3. */
export const usualTiming: UplinkTiming = {
  outageSpreadMs: 60_000,
  firstDelayMs: 1_000,
  maxDelayMs: 300_000,
  ackTimeoutMs: 10_000,
  maxAckTimeoutMs: 300_000,
  connectDeadlineMs: 30_000,
  keepaliveSeconds: 120,
  helloEveryMs: 3_600_000,
  healthEveryMs: 300_000,
  healthGapMs: 5_000,
}
