import { type Counters, makeCounters } from '../../src/shared/counters.ts'
import { type RefusalReason, refusalReasons } from '../line/box-line.ts'

/** Everything that is counted at the host's end of the line. Each name is shown from the start, as 0. */
type LinkCounter =
  /** Lines from the box refused for a reason of PROTOCOL.md §8. */
  | `line-${RefusalReason}`
  /** Well-formed, but does not apply: an `E` of another box than the last `H`, or before any `H`. */
  | 'press-foreign'
  | 'press-early'
  /** Handed on and stored; of these the ones that had been acknowledged before. */
  | 'press-stored'
  | 'press-repeated'
  /** Answered with status 2. */
  | 'press-not-stored'
  | 'hello'
  | 'no-identity'
  | 'identity-sent'
  | 'identity-not-saved'
  | 'box-reboot'
  | 'box-changed'
  /** One identity on two boxes, or an EEPROM that was set back. */
  | 'boot-went-back'
  | 'sequence-went-back'
  /** What the box itself counted, summed over its boots as far as this process saw them. */
  | 'box-dropped'
  | 'box-bad'
  | 'open'
  | 'open-failed'
  | 'session-silent'
  | 'session-closed'

const names: readonly LinkCounter[] = [
  ...refusalReasons.map((reason) => `line-${reason}` as const),
  'press-foreign',
  'press-early',
  'press-stored',
  'press-repeated',
  'press-not-stored',
  'hello',
  'no-identity',
  'identity-sent',
  'identity-not-saved',
  'box-reboot',
  'box-changed',
  'boot-went-back',
  'sequence-went-back',
  'box-dropped',
  'box-bad',
  'open',
  'open-failed',
  'session-silent',
  'session-closed',
]

export type LinkCounters = Counters<LinkCounter>

export function makeLinkCounters(): LinkCounters {
  return makeCounters(names)
}
