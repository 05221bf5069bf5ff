/** HTTP between `kiosk-ui` and `kiosk-api`, on the terminal's loopback only. */
import Type, { type Static } from 'typebox'
import { TouchId } from '../identities.ts'
import { Desired } from '../messages.ts'

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
