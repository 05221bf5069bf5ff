/**
 * HTTP, `/api/v1/touchpoints…`. Hours are local hours 0–23 of the touchpoint's zone; weekdays ISO 1–7 of the business date.
 * `counts` are presses per value, best first (four faces: very happy, happy, unhappy, very unhappy).
 * Indexes run 0–100. A figure that the data can't give is null, never 0.
 */
import Type, { type Static } from 'typebox'

const LocalDate = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })
const Index = Type.Union([Type.Number({ minimum: 0, maximum: 100 }), Type.Null()])
const Counts = Type.Array(Type.Integer({ minimum: 0 }))
const InstantOrNull = Type.Union([Type.String(), Type.Null()])

/** An index with its interval; `low` and `high` are null where there are too few days to say. */
const Score = {
  presses: Type.Integer({ minimum: 0 }),
  counts: Counts,
  index: Index,
  low: Index,
  high: Index,
}

export const TouchpointItem = Type.Object({
  id: Type.String(),
  name: Type.String(),
  /** Names from the top of the tree down to the store. */
  path: Type.Array(Type.String()),
  place: Type.String(),
  zone: Type.String(),
  question: Type.Object({
    id: Type.String(),
    revision: Type.Integer(),
    scaleMax: Type.Integer(),
    texts: Type.Array(Type.Object({ language: Type.String(), text: Type.String() })),
  }),
  terminals: Type.Array(Type.String()),
  lastPressAt: InstantOrNull,
  /** The last 56 complete business days, counted presses. */
  summary: Type.Object({
    from: LocalDate,
    to: LocalDate,
    ...Score,
    shareHappy: Type.Union([Type.Number(), Type.Null()]),
  }),
})
export type TouchpointItem = Static<typeof TouchpointItem>
export const TouchpointList = Type.Object({ touchpoints: Type.Array(TouchpointItem) })
export type TouchpointList = Static<typeof TouchpointList>

export const PeriodQuery = Type.Object({
  from: Type.Optional(LocalDate),
  to: Type.Optional(LocalDate),
  /** `counted` leaves presses flagged as misuse out, `raw` has them all. */
  class: Type.Optional(Type.Union([Type.Literal('counted'), Type.Literal('raw')])),
})
export type PeriodQuery = Static<typeof PeriodQuery>

export const HourProfile = Type.Object({
  touchpoint: Type.String(),
  from: LocalDate,
  to: LocalDate,
  class: Type.Union([Type.Literal('counted'), Type.Literal('raw')]),
  zone: Type.String(),
  /** Local hour at which the business day begins; hours are listed from there. */
  dayStart: Type.Integer({ minimum: 0, maximum: 23 }),
  /** Confidence of the intervals. */
  confidence: Type.Number(),
  total: Type.Object(Score),
  /** Presses of the period that were flagged as misuse. */
  misuse: Type.Integer({ minimum: 0 }),
  /** Presses of these local dates of which only the date is known (a boot that never learnt the time): in no hour, no index and no total. */
  uncertain: Type.Optional(Type.Integer({ minimum: 0 })),
  hours: Type.Array(
    Type.Object({ hour: Type.Integer({ minimum: 0, maximum: 23 }), days: Type.Integer({ minimum: 0 }), ...Score }),
  ),
  /** Hour × weekday; cells without a press are left out. */
  week: Type.Array(
    Type.Object({
      weekday: Type.Integer({ minimum: 1, maximum: 7 }),
      hour: Type.Integer({ minimum: 0, maximum: 23 }),
      ...Score,
    }),
  ),
})
export type HourProfile = Static<typeof HourProfile>

/** Server-sent event `live` of `GET /api/v1/touchpoints/:id/live`, at once and after each change. */
export const LiveCount = Type.Object({
  touchpoint: Type.String(),
  /** Local date the counts belong to. */
  date: LocalDate,
  /** All presses of that date, whatever their label, also those of which no hour is known. */
  presses: Type.Integer({ minimum: 0 }),
  counts: Counts,
  lastPressAt: InstantOrNull,
  asOf: Type.String(),
})
export type LiveCount = Static<typeof LiveCount>
