/** HTTP between `kiosk-ui` and `kiosk-api`, on the terminal's loopback only. */
import Type, { type Static } from 'typebox'
import { CountInteger, Epoch, EpochMs, TerminalId, TouchId } from '../identities.ts'
import { Desired, Health, Storage } from '../messages.ts'

/** `POST /api/presses`. Sending the same id again is safe: it counts once. */
export const TouchPress = Type.Object(
  {
    id: TouchId,
    question: Type.String({ maxLength: 40 }),
    surveyRevision: Type.Integer({ minimum: 1 }),
    value: Type.Integer({ minimum: 0, maximum: 10 }),
    /** Milliseconds between the press on the glass and this request, for presses that waited to be retried. */
    ageMs: Type.Integer({ minimum: 0, maximum: 604_800_000 }),
  },
  { additionalProperties: false },
)
export type TouchPress = Static<typeof TouchPress>
export const TouchReceipt = Type.Object({ id: TouchId, stored: Type.Boolean() })
export type TouchReceipt = Static<typeof TouchReceipt>

/** `GET /api/kiosk`: what to show; survey null until the first configuration came. */
export const KioskState = Type.Object({
  survey: Type.Union([Desired.properties.survey, Type.Null()]),
  connected: Type.Boolean(),
})
export type KioskState = Static<typeof KioskState>
/** Server-sent event `press` of `GET /api/kiosk/events`: a press of the box was stored, so the page says thanks too. `state`: a new KioskState. */
export const KioskPressEvent = Type.Object({ value: Type.Integer() })
export type KioskPressEvent = Static<typeof KioskPressEvent>

/** What the box last said of itself (firmware-bridge/PROTOCOL.md §5.1); times in ms. */
const LineHello = Type.Object({
  box: Type.String(),
  boot: CountInteger,
  cause: Type.String(),
  next: CountInteger,
  pending: CountInteger,
  dropped: CountInteger,
  bad: CountInteger,
  boxNowMs: CountInteger,
  firmware: Type.String(),
  ageMs: CountInteger,
})
/**
 * `GET /api/line`: what the daemon knows of the serial line, for `smilepost doctor`: a second program that opened the device would disturb
 * the one that has it.
 */
export const LineState = Type.Object({
  /** As configured; null for a terminal without a box, or with one in the same process. */
  device: Type.Union([Type.String(), Type.Null()]),
  /** `none`: this terminal has no box. */
  state: Type.Enum(['none', 'searching', 'opening', 'handshake', 'up', 'down']),
  reason: Type.String(),
  inStateMs: CountInteger,
  /** The last time the line was lost or could not be had; null when that never happened. */
  trouble: Type.Union([
    Type.Object({ state: Type.Enum(['searching', 'down']), reason: Type.String(), agoMs: CountInteger }),
    Type.Null(),
  ]),
  /** How long the counters have been counting. */
  watchedMs: CountInteger,
  counters: Type.Record(Type.String(), CountInteger),
  lastHello: Type.Union([LineHello, Type.Null()]),
  stuckButtons: Type.Array(Type.Integer({ minimum: 1, maximum: 4 })),
})
export type LineState = Static<typeof LineState>

/** `GET /api/daemon`: what only the running daemon can tell, for `smilepost doctor`. Whoever said hello in its stead would push it off the broker. */
export const DaemonState = Type.Object({
  terminal: TerminalId,
  /** Absolute path of the folder with the outbox. */
  data: Type.String(),
  upMs: CountInteger,
  epoch: Epoch,
  broker: Type.Object({
    /** Connected, or tried next. */
    url: Type.String(),
    /** The central has greeted it on the present connection. */
    welcomed: Type.Boolean(),
    /** Since the central last answered; null before its first answer. */
    answeredAgoMs: Type.Union([CountInteger, Type.Null()]),
    /** The last connection that failed or ended; null when none did. `reason` as in the uplink's counters. */
    failure: Type.Union([
      Type.Object({ url: Type.String(), reason: Type.String(), text: Type.String(), agoMs: CountInteger }),
      Type.Null(),
    ]),
  }),
  clock: Type.Object({
    state: Health.properties.clock,
    /** The central's time as told last: this machine's wall clock was `offsetMs` ahead of it; null before the first. */
    exchange: Type.Union([
      Type.Object({ utcMs: EpochMs, offsetMs: EpochMs, errorMs: CountInteger, agoMs: CountInteger }),
      Type.Null(),
    ]),
  }),
  storage: Storage,
})
export type DaemonState = Static<typeof DaemonState>
