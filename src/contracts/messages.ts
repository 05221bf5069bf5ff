/**
 * MQTT payloads other than the batch: JSON, UTF-8, at most `maxPayloadBytes`.
 * Members that a schema does not name are ignored, so that later versions may add some.
 */
import Type, { type Static } from 'typebox'
import { BootId, BoxId, CountInteger, Epoch, EpochMs, MonoMs, Nonce, QuestionId, Sequence } from './identities.ts'
import { maxBoxSeq, maxHeldEpochs, maxQuarantined, maxValue, maxWaitingRanges } from './limits.ts'

const Text = Type.String({ maxLength: 200 })

export const Versions = Type.Object({
  terminal: Text,
  firmware: Type.Optional(Text),
  node: Type.Optional(Text),
  tz: Type.Optional(Text),
})

/** What the box says of its own custody: next sequence, presses it still holds, presses it refused since its boot. */
export const BoxState = Type.Object({
  id: BoxId,
  next: Type.Integer({ minimum: 1, maximum: maxBoxSeq }),
  pending: CountInteger,
  dropped: CountInteger,
  /** Boot of the box in which `dropped` and `bad` count. */
  boot: Type.Optional(Type.Integer({ minimum: 1, maximum: maxBoxSeq })),
  /** Bad lines it has received since that boot. */
  bad: Type.Optional(CountInteger),
})

/** Presses in the outbox that the central has not acknowledged. */
export const Waiting = Type.Object({
  /** Presses of boxes; no number twice. */
  boxes: Type.Array(
    Type.Object({
      box: BoxId,
      from: Type.Integer({ minimum: 1, maximum: maxBoxSeq }),
      to: Type.Integer({ minimum: 1, maximum: maxBoxSeq }),
    }),
    { maxItems: maxWaitingRanges },
  ),
  /** Further presses of boxes, in none of the ranges. */
  more: CountInteger,
  touch: CountInteger,
})
export type Waiting = Static<typeof Waiting>

/** The outbox can't be read at present: what it holds and what waits in it is not known, whatever else the message says of it. */
const Unreadable = Type.Boolean()

/** What a terminal says of the disk that its records are on. */
export const Storage = Type.Object({
  /** Presses are refused: there is no room, or the disk can't be written. They stay in the box. */
  refusing: Type.Boolean(),
  /** Room kept for a full disk; `none`: there is none, or not yet. */
  ballast: Type.Enum(['held', 'released', 'none']),
  /** Damaged databases that were moved aside, the newest ones, oldest first. */
  quarantined: Type.Array(
    Type.Object({
      /** By the terminal's clock of then, which may have been wrong. */
      at: Type.Union([EpochMs, Type.Null()]),
      /** Records that could be read of it; null where it could not be salvaged, or not yet. */
      salvaged: Type.Union([CountInteger, Type.Null()]),
      /** Records that are known to have been in it and could not be read. */
      missing: Type.Union([CountInteger, Type.Null()]),
    }),
    { maxItems: maxQuarantined },
  ),
  /** Copies of the database from before it got a newer schema. */
  schemaCopies: CountInteger,
})
export type Storage = Static<typeof Storage>

/** Up, at each connect and hourly. */
export const Hello = Type.Object({
  nonce: Nonce,
  versions: Versions,
  epoch: Epoch,
  held: Type.Array(Type.Object({ epoch: Epoch, first: Sequence, last: Sequence }), { maxItems: maxHeldEpochs }),
  boot: BootId,
  monoMs: MonoMs,
  box: Type.Optional(Type.Union([BoxState, Type.Null()])),
  /** Touch presses this terminal's outbox has ever taken. */
  touchIssued: Type.Optional(CountInteger),
  waiting: Type.Optional(Waiting),
  unreadable: Type.Optional(Unreadable),
  /** Asked while the terminal's daemon is stopped: it is answered, and is no sign of life. */
  probe: Type.Optional(Type.Boolean()),
})
export type Hello = Static<typeof Hello>

/** Down, answers a hello or a health: how far each epoch is committed, and what time it is. */
export const Welcome = Type.Object({
  nonce: Nonce,
  marks: Type.Array(Type.Object({ epoch: Epoch, upTo: CountInteger }), { maxItems: maxHeldEpochs + 1 }),
  serverTime: EpochMs,
  /** Milliseconds to wait before the next batch. */
  retryAfter: Type.Optional(CountInteger),
})
export type Welcome = Static<typeof Welcome>

/** A member of another form: an ack that had two meanings would have none. */
const absent = Type.Optional(Type.Never())
/** Down, after the COMMIT. */
const AckUpTo = Type.Object({
  epoch: Epoch,
  upTo: CountInteger,
  serverTime: EpochMs,
  retryAfter: Type.Optional(CountInteger),
  expect: absent,
  reject: absent,
})
/** Down: the batch did not begin where the mark ends; with `fault`, the one that began at `expect` can't be read as a whole. */
const AckGap = Type.Object({
  epoch: Epoch,
  expect: Sequence,
  fault: Type.Optional(Text),
  upTo: absent,
  reject: absent,
})
/** Down: this record can't be accepted; it leaves a tombstone and the mark has passed it. */
const AckReject = Type.Object({ epoch: Epoch, sequence: Sequence, reject: Text, upTo: absent, expect: absent })
export const Ack = Type.Union([AckUpTo, AckGap, AckReject])
export type Ack = Static<typeof Ack>

const LocalTime = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' })

/** How bright the box may be, and when it shall be dark but for the answer to a press. */
export const BoxLights = Type.Object({
  /** IANA zone of the touchpoint, in which `quiet` is meant. */
  zone: Type.String({ minLength: 1, maxLength: 60 }),
  brightness: Type.Union([Type.Literal('normal'), Type.Literal('dim')]),
  /** `weekdays`: ISO weekdays on which it begins; `to` ≤ `from` means past midnight. */
  quiet: Type.Array(
    Type.Object({
      weekdays: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { minItems: 1, maxItems: 7 }),
      from: LocalTime,
      to: LocalTime,
    }),
    { maxItems: 14 },
  ),
})
export type BoxLights = Static<typeof BoxLights>

/** Down: what the terminal shall show. Sent after welcome and on change. */
export const Desired = Type.Object({
  rev: Sequence,
  survey: Type.Object({
    question: QuestionId,
    revision: Sequence,
    /** Highest value of the scale; four faces have 3. */
    scaleMax: Type.Integer({ minimum: 1, maximum: maxValue }),
    /** Question text per BCP 47 language, the first being the one shown at first. */
    texts: Type.Array(
      Type.Object({
        language: Type.String({ pattern: '^[A-Za-z0-9-]{2,20}$' }),
        text: Type.String({ minLength: 1, maxLength: 200 }),
      }),
      { minItems: 1, maxItems: 20 },
    ),
  }),
  /** Left out: normal brightness, never quiet. */
  lights: Type.Optional(BoxLights),
})
export type Desired = Static<typeof Desired>

/** Up, every 5 min and on change. */
export const Health = Type.Object({
  nonce: Nonce,
  epoch: Epoch,
  boot: BootId,
  monoMs: MonoMs,
  /** `rev` of the desired configuration in force; 0 when none came yet. */
  rev: CountInteger,
  unacknowledged: CountInteger,
  oldestAgeMs: Type.Union([CountInteger, Type.Null()]),
  box: Type.Union([BoxState, Type.Null()]),
  touchIssued: CountInteger,
  diskFreeBytes: Type.Union([CountInteger, Type.Null()]),
  databaseBytes: CountInteger,
  walBytes: CountInteger,
  cpuTemperatureC: Type.Union([Type.Number(), Type.Null()]),
  /** Whether the Pi has seen its supply sag; null where the machine does not tell. */
  undervoltage: Type.Union([Type.Boolean(), Type.Null()]),
  clock: Type.Union([Type.Literal('unsynchronised'), Type.Literal('kernel'), Type.Literal('exchange')]),
  /** Faults of the serial line by reason. */
  serial: Type.Record(Type.String({ pattern: '^[a-zA-Z0-9-]{1,40}$' }), CountInteger, { additionalProperties: false }),
  boxResets: CountInteger,
  stuckButtons: Type.Array(Type.Integer({ minimum: 1, maximum: 4 }), { maxItems: 4 }),
  versions: Versions,
  waiting: Type.Optional(Waiting),
  unreadable: Type.Optional(Unreadable),
  storage: Type.Optional(Storage),
})
export type Health = Static<typeof Health>

/** Up, and the connection's will. An offline of another connection is stale and ignored. */
export const Status = Type.Object({
  status: Type.Union([Type.Literal('online'), Type.Literal('offline')]),
  connection: Nonce,
})
export type Status = Static<typeof Status>
