import { type Counters, makeCounters } from '../../src/shared/counters.ts'
import { type RefusalReason, refusalReasons } from '../line/box-line.ts'

/**
 * Everything that is counted at the host's end of the line, since the link was opened. Health carries these numbers
 * and `smilepost doctor` reads them, so a name means the same for ever. Each is shown from the start, as 0.
 *
 * | counter | one more for each … |
 * | --- | --- |
 * | `line-<reason>` | line refused for a reason of PROTOCOL.md §8; without effect, never answered |
 * | `bytes` | byte received, of whatever kind |
 * | `bytes-flooded` | of these, one dropped because the device talks faster than any line of 57600 baud |
 * | `hello` | valid `H` of version 1 |
 * | `no-identity` | valid `N` |
 * | `press-stored` | `E` answered with status 0, repeats too |
 * | `press-repeated` | of these, one that this link had answered so before: the ack was lost, or came late |
 * | `press-not-stored` | `E` answered with status 2: disk full, outbox closed, and all of `press-reused` |
 * | `press-reused` | `E` under the sequence of another press: of other content, or of a box whose memory was set back; kept by the box |
 * | `press-stale` | `E` of a stored sequence that by the last `H` did not wait any more; not answered before a fresh `H` |
 * | `press-early` | `E` before any `H` of this session, or after an `N`; not answered |
 * | `press-foreign` | `E` of another box than the last `H`; not answered |
 * | `identity-sent` | `S`, each with a fresh identity that was saved before |
 * | `identity-not-saved` | `N` left without answer because the identity could not be saved |
 * | `box-reboot` | `H` of a known box with another boot number |
 * | `box-changed` | `H` of another box than the one before |
 * | `boot-went-back` | of `box-reboot`, with a lower boot number: two boxes with one identity, or memory set back |
 * | `sequence-went-back` | `H` with a lower `next` than this box told before, or not above what is stored of it: the same |
 * | `box-dropped` | press the box refused itself, summed over its boots as far as this process saw them |
 * | `box-bad` | line of ours that the box refused, likewise |
 * | `open` | port opened |
 * | `open-failed` | attempt to open that failed; the state's reason says why |
 * | `session-silent` | session ended because no valid `H` or `N` came for three heartbeats |
 * | `session-closed` | session ended by the port: unplugged, hung up, or it takes no bytes any more |
 *
 * A noisy cable shows as `line-crc`, `line-frame`, `line-bytes` and `box-bad` growing while `hello` grows too; a wrong
 * baud rate as `line-*` or nothing at all with `session-silent`.
 */
type LinkCounter =
  | `line-${RefusalReason}`
  | 'bytes'
  | 'bytes-flooded'
  | 'hello'
  | 'no-identity'
  | 'press-stored'
  | 'press-repeated'
  | 'press-not-stored'
  | 'press-reused'
  | 'press-stale'
  | 'press-early'
  | 'press-foreign'
  | 'identity-sent'
  | 'identity-not-saved'
  | 'box-reboot'
  | 'box-changed'
  | 'boot-went-back'
  | 'sequence-went-back'
  | 'box-dropped'
  | 'box-bad'
  | 'open'
  | 'open-failed'
  | 'session-silent'
  | 'session-closed'

const names: readonly LinkCounter[] = [
  ...refusalReasons.map((reason) => `line-${reason}` as const),
  'bytes',
  'bytes-flooded',
  'hello',
  'no-identity',
  'press-stored',
  'press-repeated',
  'press-not-stored',
  'press-reused',
  'press-stale',
  'press-early',
  'press-foreign',
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
