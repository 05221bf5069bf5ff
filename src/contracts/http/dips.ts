/**
 * HTTP, `GET /api/v1/dips?state=`: the items of the dip report (positive depth = worse), with where and how they stand.
 *
 * Dips are remembered over nights: window, weekdays, onset and trend change only after several equal nights, and an id never
 * does. Dates are business dates of the touchpoint; hours are local. Everything is as of the last `night`, which is null
 * as long as the first one was not computed: then nothing is listed, and nothing is known.
 */
import Type, { type Static, type TSchema } from 'typebox'

const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const LocalDateOrNull = orNull(Type.String())
const Hour = Type.Integer({ minimum: 0, maximum: 23 })
/** Exclusive; ≤ the start hour means past midnight. */
const EndHour = Type.Integer({ minimum: 0, maximum: 24 })

const DipState = Type.Union([
  Type.Literal('suspected'),
  Type.Literal('confirmed'),
  Type.Literal('fixed'),
  Type.Literal('over'),
  Type.Literal('back'),
])

const Trend = orNull(Type.Union([Type.Literal('growing'), Type.Literal('steady'), Type.Literal('fading')]))
const PlaceKind = Type.Union([Type.Literal('place'), Type.Literal('chain')])
/** The words of a q-value: up to .001, .01, .05 and .2. */
const Certainty = Type.Union([
  Type.Literal('practically-certain'),
  Type.Literal('very-likely'),
  Type.Literal('likely'),
  Type.Literal('suspected'),
])

/** What was said of a fix that people entered. */
const DipFix = Type.Object({
  /** First local date on which it was in force. */
  fixDate: Type.String(),
  /** Null until the next night has looked at it. */
  verdict: orNull(Type.Union([Type.Literal('too-early'), Type.Literal('gone'), Type.Literal('still-there')])),
  decidedOn: LocalDateOrNull,
  /** Days with presses since. */
  days: Type.Integer({ minimum: 0 }),
  /** Points of the dip that are left, with their 90 % interval; below 0 = better than before the dip. */
  remaining: orNull(Type.Object({ depth: Type.Number(), lower: Type.Number(), upper: Type.Number() })),
  /** About how many more days of its weekdays until a verdict; 0 once reached, null where that can't be said yet. */
  moreDays: orNull(Type.Integer({ minimum: 0 })),
})
export type DipFix = Static<typeof DipFix>

/** What is told of a dip wherever it is. */
const TimedDip = {
  state: DipState,
  trend: Trend,
  /** ISO weekdays of the business date; null = every open day. */
  weekdays: orNull(Type.Array(Type.Integer({ minimum: 1, maximum: 7 }))),
  startHour: Hour,
  /** Exclusive; ≤ `startHour` means past midnight. */
  endHour: EndHour,
  onset: LocalDateOrNull,
  onsetLow: LocalDateOrNull,
  onsetHigh: LocalDateOrNull,
  onsetOpen: Type.Boolean(),
  /** Last date of a dip that has ended; null while it runs. */
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
  question: Type.String(),
  certainty: Certainty,
  /** Business dates of the nights on which it was first found, last found, and first found with q ≤ .01. */
  firstFound: Type.String(),
  lastFound: Type.String(),
  confirmedOn: LocalDateOrNull,
  /** First date without it, where it is fixed or over. */
  endedOn: LocalDateOrNull,
  /** The same hours and days with presses flagged as misuse counted too. */
  withMisuse: Type.Object({ presses: Type.Integer(), index: Type.Number(), usual: Type.Number() }),
  fix: orNull(DipFix),
  /** The dip of a place or chain of which this one is a part; it is told there. */
  toldAt: orNull(Type.Object({ kind: PlaceKind, id: Type.String(), name: Type.String(), dip: Type.String() })),
  /** How it stands, in sentences: state, trend, what became of a fix, where it is told; may be empty. */
  standing: Type.String(),
}

export const DipItem = Type.Object({
  id: Type.String(),
  touchpoint: Type.String(),
  touchpointName: Type.String(),
  place: Type.String(),
  placeName: Type.String(),
  zone: Type.String(),
  ...TimedDip,
})
export type DipItem = Static<typeof DipItem>

/** A dip in the presses of all touchpoints of a place, or of a chain, taken together. */
export const PlaceDipItem = Type.Object({
  id: Type.String(),
  kind: PlaceKind,
  place: Type.String(),
  placeName: Type.String(),
  ...TimedDip,
})
export type PlaceDipItem = Static<typeof PlaceDipItem>

/** Hours that are better than those around them. */
export const PeakItem = Type.Object({
  kind: Type.Union([Type.Literal('touchpoint'), Type.Literal('place'), Type.Literal('chain')]),
  /** Of the touchpoint or place. */
  at: Type.String(),
  name: Type.String(),
  placeName: Type.String(),
  question: Type.String(),
  trend: Trend,
  weekdays: orNull(Type.Array(Type.Integer({ minimum: 1, maximum: 7 }))),
  startHour: Hour,
  endHour: EndHour,
  onset: LocalDateOrNull,
  index: Type.Number(),
  usual: Type.Number(),
  rawHeight: Type.Number(),
  height: Type.Number(),
  ciLow: Type.Number(),
  ciHigh: Type.Number(),
  p: Type.Number(),
  q: Type.Number(),
  certainty: Certainty,
  presses: Type.Integer(),
  days: Type.Integer(),
  daysAbove: Type.Integer(),
  sentence: Type.String(),
})
export type PeakItem = Static<typeof PeakItem>

const NoticeOf = {
  touchpoint: Type.String(),
  touchpointName: Type.String(),
  placeName: Type.String(),
  /** The business date that was looked at. */
  date: Type.String(),
  sentence: Type.String(),
}

/** What was odd on the night's day, with counts; only silence is judged. */
export const NoticeItem = Type.Union([
  Type.Object({
    kind: Type.Literal('silence'),
    ...NoticeOf,
    startHour: Hour,
    endHour: EndHour,
    /** Of these hours, in how many the terminal worked. */
    coveredHours: Type.Number(),
    /** Presses that such hours usually have. */
    expected: Type.Number(),
    p: Type.Number(),
    q: Type.Number(),
  }),
  Type.Object({
    kind: Type.Literal('same-value'),
    ...NoticeOf,
    terminal: Type.String(),
    value: Type.Integer({ minimum: 0 }),
    presses: Type.Integer({ minimum: 1 }),
    from: Type.String(),
    to: Type.String(),
  }),
  Type.Object({
    kind: Type.Literal('closed-hour'),
    ...NoticeOf,
    startHour: Hour,
    endHour: EndHour,
    presses: Type.Integer({ minimum: 1 }),
  }),
])
export type NoticeItem = Static<typeof NoticeItem>

/** BCP 47 language of the sentences. */
const Language = Type.Optional(Type.String({ maxLength: 20 }))

export const DipQuery = Type.Object({
  state: Type.Optional(DipState),
  touchpoint: Type.Optional(Type.String({ maxLength: 40 })),
  language: Language,
})

/** What every report says of itself. */
const AsOf = {
  /** First and last business date looked at. */
  from: LocalDateOrNull,
  to: LocalDateOrNull,
  /** Last business date taken in; null = still looking: no night was computed yet. */
  night: LocalDateOrNull,
  asOf: Type.String(),
  /** False-discovery rate at which a dip counts as found. */
  fdr: Type.Number(),
}

export const DipReport = Type.Object({
  ...AsOf,
  touchpoints: Type.Integer(),
  dips: Type.Array(DipItem),
  /** Of places and chains. With `touchpoint`, of those above it. */
  places: Type.Array(PlaceDipItem),
  peaks: Type.Array(PeakItem),
  notices: Type.Array(NoticeItem),
  insufficient: Type.Array(
    Type.Object({
      touchpoint: Type.String(),
      presses: Type.Integer(),
      days: Type.Integer(),
      message: Type.String(),
      moreDays: orNull(Type.Integer()),
    }),
  ),
})
export type DipReport = Static<typeof DipReport>

export const LanguageQuery = Type.Object({ language: Language })

/** `GET /api/v1/touchpoints/:id/report`: all that is known of one touchpoint, its place and its chain. */
export const TouchpointReport = Type.Object({
  touchpoint: Type.String(),
  ...AsOf,
  /** Null where no night has looked at it yet. */
  verdict: orNull(
    Type.Union([
      Type.Object({
        kind: Type.Literal('scanned'),
        /** Smallest daily one-hour dip that would be noticed within four weeks, points; null where it can't be said. */
        noticeableDepth: orNull(Type.Number()),
        message: Type.String(),
      }),
      Type.Object({
        kind: Type.Literal('insufficient'),
        presses: Type.Integer(),
        days: Type.Integer(),
        moreDays: orNull(Type.Integer()),
        message: Type.String(),
      }),
    ]),
  ),
  dips: Type.Array(DipItem),
  places: Type.Array(PlaceDipItem),
  peaks: Type.Array(PeakItem),
  notices: Type.Array(NoticeItem),
})
export type TouchpointReport = Static<typeof TouchpointReport>

/** `PUT /api/v1/dips/:id/fix`: the first local date on which a fix was in force. `DELETE` takes it back. */
export const FixEntry = Type.Object(
  { date: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }) },
  { additionalProperties: false },
)
export type FixEntry = Static<typeof FixEntry>
