/**
 * The uplink's counters, as `Terminal.counters().uplink` shows them.
 *
 * | counter | counts |
 * |---|---|
 * | `connected` | brokers that took us and granted the subscriptions |
 * | `welcomed` | connections on which the central greeted us |
 * | `returned` | leaves of a working broker for the preferred one |
 * | `connect-failed` | attempts that ended without a welcome |
 * | `connection-lost` | connections that ended after their welcome, other than by `returned` or a stop |
 * | `left-unreachable` | of both: nothing listens there, or no way leads there |
 * | `left-host-unknown` | the host name could not be resolved |
 * | `left-tls-clock` | the broker's certificate is expired or not valid yet, or our clock is wrong |
 * | `left-tls-pin` | its key is none of the configured ones |
 * | `left-tls-untrusted` | its certificate is signed by nobody we trust |
 * | `left-tls-name` | its certificate is for another host |
 * | `left-tls-failed` | any other failure of TLS |
 * | `left-secret-refused` | CONNACK 4 or 5: wrong name or secret |
 * | `left-connect-refused` | CONNACK 1, 2 or 3 |
 * | `left-subscribe-refused` | SUBACK 0x80, or fewer grants than topics |
 * | `left-connect-timeout` | no CONNACK or SUBACK within `connectDeadlineMs` |
 * | `left-no-welcome` | no welcome within `welcomeDeadlineMs`: no central behind this broker |
 * | `left-central-silent` | a question after the welcome was not answered within `silenceDeadlineMs` |
 * | `left-keepalive-timeout` | pings without an answer: half-open connection |
 * | `left-unconfirmed` | too many publishes without a PUBACK |
 * | `left-flooded` | more bytes in a row than any packet for us has |
 * | `left-not-mqtt` | what came is no MQTT, or breaks its rules |
 * | `left-closed` | the other side closed or reset the connection |
 * | `publish-failed` | publishes that ended with an error |
 * | `down-too-large`, `down-not-json`, `down-bad-shape` | payloads refused |
 * | `topic-unknown` | messages on a topic that is not one of our down topics |
 * | `welcome-unasked` | welcomes that answer no question of the present connection, or one already answered |
 * | `ack-early`, `desired-early` | acks and configurations before the welcome of the present connection: ignored |
 * | `ack-foreign` | acks for an epoch we do not hold |
 * | `ack-beyond` | acks or marks beyond our last record |
 * | `gap-stale` | gaps that do not concern the batch in flight |
 * | `gap` | gaps that do |
 * | `batch-refused` | batches of several records that the central can't read as a whole |
 * | `rejected` | records the central refused for good |
 * | `reject-paced` | of these such as made the next batch wait: the central can't read any record of that kind |
 * | `rewound` | marks that went back: a restored central |
 * | `silence` | batches without an ack in time |
 * | `lost-said`, `poison-said` | ranges given up as lost, and of these such as fit into no packet |
 * | `anchor-not-stored`, `desired-not-saved` | the disk was full |
 * | `health-failed` | reports that could not be gathered |
 */
import { type Counters, makeCounters } from '../../shared/counters.ts'
import { type LeaveReason, leaveReasons } from './explain-failure.ts'

const names = [
  'connected',
  'welcomed',
  'returned',
  'connect-failed',
  'connection-lost',
  'publish-failed',
  'down-too-large',
  'down-not-json',
  'down-bad-shape',
  'topic-unknown',
  'welcome-unasked',
  'ack-early',
  'desired-early',
  'ack-foreign',
  'ack-beyond',
  'gap-stale',
  'gap',
  'batch-refused',
  'rejected',
  'reject-paced',
  'rewound',
  'silence',
  'lost-said',
  'poison-said',
  'anchor-not-stored',
  'desired-not-saved',
  'health-failed',
] as const

type UplinkCounter = (typeof names)[number] | `left-${LeaveReason}`
export type UplinkCounters = Counters<UplinkCounter>

export function makeUplinkCounters(): UplinkCounters {
  return makeCounters<UplinkCounter>([...names, ...leaveReasons.map((reason) => `left-${reason}` as const)])
}
