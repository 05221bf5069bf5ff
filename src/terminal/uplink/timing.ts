import type { AckTiming } from './batch-sender.ts'
import type { ReconnectCeilings } from './connect-delay.ts'

export type UplinkTiming = ReconnectCeilings &
  AckTiming & {
    /** From the start of an attempt to the granted subscriptions. */
    connectDeadlineMs: number
    /** From there to the central's welcome; a broker with no central behind it is left. */
    welcomeDeadlineMs: number
    /** After the welcome: from the first question without an answer. */
    silenceDeadlineMs: number
    /** A terminal that is not with its preferred broker tries it again after this to twice this, which doubles with each try in vain. */
    returnAfterMs: number
    /** Up to half as much again at random. */
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
  // Three hellos, the last one at 30 to 45 s.
  welcomeDeadlineMs: 60_000,
  // A central that restarts within it loses nobody.
  silenceDeadlineMs: 180_000,
  returnAfterMs: 21_600_000,
  keepaliveSeconds: 120,
  helloEveryMs: 3_600_000,
  healthEveryMs: 300_000,
  healthGapMs: 5_000,
}
