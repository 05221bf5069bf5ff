import type { FoundDip } from '../../analysis/find-dips.ts'
import type { DipItem, DipState } from '../../contracts/http/dips.ts'
import { formatDipSentence } from '../../words/dip-sentence.ts'
import { addDays } from './local-date.ts'
import type { TouchpointPlan } from './touchpoint-plan.ts'

/** A dip of one scan: it has no memory, so that `fixed` and `back` can't be told yet. */
function stateOf({ state, endedDay }: FoundDip): DipState {
  return state === 'confirmed' && endedDay !== null ? 'over' : state
}

function hoursOf({ startSlot, endSlot }: FoundDip, dayStart: number): { startHour: number; endHour: number } {
  const end = dayStart + endSlot
  return { startHour: (dayStart + startSlot) % 24, endHour: end > 24 ? end - 24 : end }
}

/**
 * A found dip as the report tells it: slots become hours, days become dates, counts best first.
 *
 * The id names touchpoint, question, hours and weekdays, so that it stays while those are found again.
 *
 * @param language BCP 47, of the sentence
 */
export function buildDipItem(dip: FoundDip, plan: TouchpointPlan, placeName: string, language: string): DipItem {
  const { touchpoint, from, dayStart } = plan
  const date = (day: number) => addDays(from, day)
  const hours = hoursOf(dip, dayStart)
  const figures = {
    weekdays: dip.weekdays,
    ...hours,
    onset: dip.onsetDay === null ? null : date(dip.onsetDay),
    onsetLow: dip.onsetOpen ? null : date(dip.onsetLowDay),
    onsetHigh: date(dip.onsetHighDay),
    onsetOpen: dip.onsetOpen,
    ended: dip.endedDay === null ? null : date(dip.endedDay),
    index: dip.index,
    usual: dip.usual,
    rawDepth: dip.rawDepth,
    depth: dip.depth,
    ciLow: dip.ciLow,
    ciHigh: dip.ciHigh,
    p: dip.p,
    q: dip.q,
    rank: dip.rank,
    presses: dip.presses,
    days: dip.days,
    daysBelow: dip.daysBelow,
    inside: dip.inside.toReversed(),
    around: dip.around.toReversed(),
  }
  const weekdays = dip.weekdays?.join('') ?? 'all'
  return {
    id: `${touchpoint.id}.${touchpoint.question}.${hours.startHour}-${hours.endHour}.${weekdays}`,
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
