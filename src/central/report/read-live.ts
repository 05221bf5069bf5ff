import type { LiveCount } from '../../contracts/http/touchpoints.ts'
import { localHourOf } from '../../shared/local-time.ts'
import type { Catalogue } from '../store/catalogue.ts'
import type { StoreReader } from '../store/port.ts'
import { lastPressAt } from './build-touchpoint-item.ts'
import type { TouchpointPlan } from './touchpoint-plan.ts'

/** Presses of a touchpoint's local date, whatever their label will be, also those of which only the date is sure. */
export async function readLive(
  store: StoreReader,
  catalogue: Catalogue,
  { touchpoint, survey }: TouchpointPlan,
  nowMs: number,
): Promise<LiveCount> {
  const { id, question, zone } = touchpoint
  const date = localHourOf(nowMs, zone).localDate
  const ofDate = { touchpoint: id, question, from: date, to: date }
  const [raw, uncertain, states] = await Promise.all([
    store.tallies({ ...ofDate, class: 'raw' }),
    store.tallies({ ...ofDate, class: 'uncertain' }),
    store.terminalStates(),
  ])
  const tallies = [...raw, ...uncertain]
  const counts = Array.from({ length: survey.scaleMax + 1 }, (_, i) =>
    tallies.reduce((sum, tally) => sum + (tally.counts[survey.scaleMax - i] ?? 0), 0),
  )
  return {
    touchpoint: id,
    date,
    presses: counts.reduce((sum, count) => sum + count, 0),
    counts,
    lastPressAt: lastPressAt(catalogue, id, states),
    asOf: new Date(nowMs).toISOString(),
  }
}
