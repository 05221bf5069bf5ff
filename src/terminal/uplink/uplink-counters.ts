import { type Counters, makeCounters } from '../../shared/counters.ts'

const names = [
  'connected',
  'connect-failed',
  'connection-lost',
  'publish-failed',
  /** Down messages refused, by reason. */
  'down-too-large',
  'down-not-json',
  'down-bad-shape',
  'topic-unknown',
  'welcome-unasked',
  'ack-foreign',
  'ack-beyond',
  'gap-stale',
  /** What the central said about batches. */
  'gap',
  'rejected',
  'rewound',
  'silence',
  'lost-said',
  'poison-said',
  'anchor-not-stored',
  'desired-not-saved',
  'health-failed',
] as const

type UplinkCounter = (typeof names)[number]
export type UplinkCounters = Counters<UplinkCounter>

export function makeUplinkCounters(): UplinkCounters {
  return makeCounters(names)
}
