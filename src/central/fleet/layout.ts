/** The file of `smilepost places apply`: the tree of places, touchpoints with their hours, questions, and where terminals stand. */
import Type, { type Static } from 'typebox'
import { QuestionId, TerminalId } from '../../contracts/identities.ts'
import { BoxLights, Desired } from '../../contracts/messages.ts'

const strict = { additionalProperties: false }
const Id = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' })
const Name = Type.String({ minLength: 1, maxLength: 100 })
const LocalDate = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })
/** `24:00` ends a day. */
const TimeOfDay = Type.String({ pattern: '^(([01]\\d|2[0-3]):[0-5]\\d|24:00)$' })
const Weekday = Type.Integer({ minimum: 1, maximum: 7 })
const Revision = Type.Integer({ minimum: 1 })
const { scaleMax, texts } = Desired.properties.survey.properties

const LayoutPlace = Type.Object(
  {
    id: Id,
    name: Name,
    kind: Type.Union([Type.Literal('chain'), Type.Literal('region'), Type.Literal('store')]),
    parent: Type.Optional(Id),
  },
  strict,
)
const LayoutSurvey = Type.Object({ question: QuestionId, revision: Revision, scaleMax, texts }, strict)
const WeekInterval = Type.Object({ weekday: Weekday, open: TimeOfDay, close: TimeOfDay }, strict)
const DayInterval = Type.Object({ open: TimeOfDay, close: TimeOfDay }, strict)
const { brightness, quiet } = BoxLights.properties
const LayoutLights = Type.Object(
  {
    brightness: Type.Union(brightness.anyOf, { default: 'normal' }),
    quiet: Type.Array(Type.Object(quiet.items.properties, strict), { maxItems: 14, default: [] }),
  },
  strict,
)
const LayoutTouchpoint = Type.Object(
  {
    id: Id,
    place: Id,
    name: Name,
    /** IANA zone. */
    zone: Type.String({ maxLength: 60 }),
    question: QuestionId,
    /** None: always open. */
    hours: Type.Array(Type.Object({ validFrom: LocalDate, intervals: Type.Array(WeekInterval) }, strict), {
      default: [],
    }),
    exceptions: Type.Array(Type.Object({ date: LocalDate, intervals: Type.Array(DayInterval) }, strict), {
      default: [],
    }),
    /** Left out: normal brightness, never quiet. */
    lights: Type.Optional(LayoutLights),
  },
  strict,
)
const LayoutPlacement = Type.Object(
  {
    terminal: TerminalId,
    touchpoint: Id,
    /** ISO 8601 with `Z` or an offset; left out: since ever. */
    from: Type.Optional(Type.String({ maxLength: 40 })),
    /** Left out: until further notice. */
    to: Type.Optional(Type.String({ maxLength: 40 })),
  },
  strict,
)

export type LayoutPlacement = Static<typeof LayoutPlacement>

export const LayoutFile = Type.Object(
  {
    places: Type.Array(LayoutPlace, { default: [] }),
    surveys: Type.Array(LayoutSurvey, { default: [] }),
    touchpoints: Type.Array(LayoutTouchpoint, { default: [] }),
    placements: Type.Optional(Type.Array(LayoutPlacement)),
  },
  strict,
)
export type LayoutFile = Static<typeof LayoutFile>
