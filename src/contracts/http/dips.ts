/** HTTP, `GET /api/v1/dips?state=`: the items of the dip report (positive depth = worse), with where and how it stands. */
import Type, { type Static } from 'typebox'

const LocalDateOrNull = Type.Union([Type.String(), Type.Null()])
export const DipState = Type.Union([
  Type.Literal('suspected'),
  Type.Literal('confirmed'),
  Type.Literal('fixed'),
  Type.Literal('over'),
  Type.Literal('back'),
])
export type DipState = Static<typeof DipState>

export const DipItem = Type.Object({
  id: Type.String(),
  touchpoint: Type.String(),
  touchpointName: Type.String(),
  place: Type.String(),
  placeName: Type.String(),
  zone: Type.String(),
  state: DipState,
  trend: Type.Union([Type.Literal('growing'), Type.Literal('steady'), Type.Literal('fading'), Type.Null()]),
  /** ISO weekdays of the business date; null = every open day. */
  weekdays: Type.Union([Type.Array(Type.Integer({ minimum: 1, maximum: 7 })), Type.Null()]),
  startHour: Type.Integer({ minimum: 0, maximum: 23 }),
  /** Exclusive; ≤ `startHour` means past midnight. */
  endHour: Type.Integer({ minimum: 0, maximum: 24 }),
  onset: LocalDateOrNull,
  onsetLow: LocalDateOrNull,
  onsetHigh: LocalDateOrNull,
  onsetOpen: Type.Boolean(),
  ended: LocalDateOrNull,
  index: Type.Number(),
  usual: Type.Number(),
  rawDepth: Type.Number(),
  depth: Type.Number(),
  ciLow: Type.Number(),
  ciHigh: Type.Number(),
  p: Type.Number(),
  q: Type.Number(),
  rank: Type.Integer(),
  presses: Type.Integer(),
  days: Type.Integer(),
  daysBelow: Type.Integer(),
  /** Presses per button in the window and in the hours around it, best first. */
  inside: Type.Array(Type.Integer()),
  around: Type.Array(Type.Integer()),
  sentence: Type.String(),
})
export type DipItem = Static<typeof DipItem>

export const DipQuery = Type.Object({
  state: Type.Optional(DipState),
  touchpoint: Type.Optional(Type.String({ maxLength: 40 })),
  /** BCP 47 language of the sentences. */
  language: Type.Optional(Type.String({ maxLength: 20 })),
})

export const DipReport = Type.Object({
  from: LocalDateOrNull,
  to: LocalDateOrNull,
  asOf: Type.String(),
  /** False-discovery rate at which a dip counts as found. */
  fdr: Type.Number(),
  touchpoints: Type.Integer(),
  dips: Type.Array(DipItem),
  insufficient: Type.Array(
    Type.Object({ touchpoint: Type.String(), presses: Type.Integer(), days: Type.Integer(), message: Type.String() }),
  ),
})
export type DipReport = Static<typeof DipReport>
