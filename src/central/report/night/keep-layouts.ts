import type { RememberedDip } from '../../../analysis/remember-dips.ts'
import type { CurveKind, CurveLayout, CurveName, DipDetails } from './night-report.ts'

const nameOf = ({ kind, id, question }: CurveName): string => `${kind} ${id} ${question}`

/**
 * Layouts that slots of remembered dips are of, though nobody asks their question there any more: only with them can their
 * hours still be told, and found again should it be asked once more.
 *
 * @param before layouts of the night before
 * @param curves of tonight
 * @returns those of dips without a curve tonight
 */
export function keepLayouts(
  before: readonly CurveLayout[],
  curves: Record<CurveKind, readonly CurveName[]>,
  dips: Record<CurveKind, readonly RememberedDip<DipDetails>[]>,
): CurveLayout[] {
  const isAsked = new Set(Object.values(curves).flatMap((ofKind) => ofKind.map(nameOf)))
  const remembered = new Set(
    (['touchpoint', 'place', 'chain'] as const).flatMap((kind) =>
      dips[kind].map(({ touchpoint, question }) => nameOf({ kind, id: touchpoint, question })),
    ),
  )
  return before
    .filter((layout) => !isAsked.has(nameOf(layout)) && remembered.has(nameOf(layout)))
    .map(({ kind, id, question, dayStart, zone }) => ({ kind, id, question, dayStart, zone }))
}
