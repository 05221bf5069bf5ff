import type { FoundDip } from '../../analysis/find-dips.ts'
import type { DipItem, DipState } from '../../contracts/http/dips.ts'
import { formatDipSentence } from '../../words/dip-sentence.ts'
import { dipFigures } from './dip-figures.ts'
import type { TouchpointPlan } from './touchpoint-plan.ts'

/** A dip of one scan: it has no memory, so that `fixed` and `back` can't be told yet. */
function stateOf({ state, endedDay }: FoundDip): DipState {
  return state === 'confirmed' && endedDay !== null ? 'over' : state
}

/**
 * A found dip as the report tells it, with where it is and how it stands.
 *
 * The id names touchpoint, question, hours and weekdays, so that it stays while those are found again.
 *
 * @param language BCP 47, of the sentence
 */
export function buildDipItem(dip: FoundDip, plan: TouchpointPlan, placeName: string, language: string): DipItem {
  const { touchpoint, from, dayStart } = plan
  const figures = dipFigures(dip, from, dayStart)
  const weekdays = dip.weekdays?.join('') ?? 'all'
  return {
    id: `${touchpoint.id}.${touchpoint.question}.${figures.startHour}-${figures.endHour}.${weekdays}`,
    touchpoint: touchpoint.id,
    touchpointName: touchpoint.name,
    place: touchpoint.place,
    placeName,
    zone: touchpoint.zone,
    state: stateOf(dip),
    trend: dip.trend,
    ...figures,
    sentence: formatDipSentence(figures, language),
  }
}
