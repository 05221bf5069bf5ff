/** The layout of an installation as people write it: places, questions, touchpoints with their hours. Keys that are not named here are refused. */
import Type, { type Static } from 'typebox'
import { QuestionId, Sequence } from '../../contracts/identities.ts'
import { maxValue } from '../../contracts/limits.ts'
import { isZone } from '../../shared/local-time.ts'

const strict = { additionalProperties: false }
const Slug = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' })
const Name = Type.String({ minLength: 1, maxLength: 80 })
const LocalDate = Type.String({ pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$' })
const TimeOfDay = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$|^24:00$' })
const Zone = Type.Refine(Type.String(), isZone, () => 'expected an IANA time zone such as Europe/Prague')
const span = { open: TimeOfDay, close: TimeOfDay }

export const LayoutFile = Type.Object(
  {
    places: Type.Array(
      Type.Object(
        {
          id: Slug,
          name: Name,
          kind: Type.Union([Type.Literal('chain'), Type.Literal('region'), Type.Literal('store')]),
          parent: Type.Optional(Slug),
        },
        strict,
      ),
      { default: [] },
    ),
    surveys: Type.Array(
      Type.Object(
        {
          question: QuestionId,
          revision: Sequence,
          scaleMax: Type.Integer({ minimum: 1, maximum: maxValue }),
          texts: Type.Array(
            Type.Object(
              {
                language: Type.String({ pattern: '^[A-Za-z0-9-]{2,20}$' }),
                text: Type.String({ minLength: 1, maxLength: 200 }),
              },
              strict,
            ),
            { minItems: 1, maxItems: 20 },
          ),
        },
        strict,
      ),
      { default: [] },
    ),
    touchpoints: Type.Array(
      Type.Object(
        {
          id: Slug,
          place: Slug,
          name: Name,
          zone: Zone,
          question: QuestionId,
          /** Left out: always open. */
          hours: Type.Optional(
            Type.Array(
              Type.Object(
                {
                  validFrom: LocalDate,
                  intervals: Type.Array(
                    Type.Object({ weekday: Type.Integer({ minimum: 1, maximum: 7 }), ...span }, strict),
                  ),
                },
                strict,
              ),
            ),
          ),
          exceptions: Type.Optional(
            Type.Array(Type.Object({ date: LocalDate, intervals: Type.Array(Type.Object(span, strict)) }, strict)),
          ),
        },
        strict,
      ),
      { default: [] },
    ),
  },
  strict,
)
export type LayoutFile = Static<typeof LayoutFile>
