import { findSilence } from '../../../analysis/find-silence.ts'
import type { CoveredPresses } from '../../../analysis/silence/covered-presses.ts'
import { SLOTS, type TouchpointCells } from '../../../analysis/touchpoint-cells.ts'
import type { Catalogue, Placement } from '../../store/catalogue.ts'
import type { StoreReader } from '../../store/port.ts'
import { periodDays } from '../touchpoint-plan.ts'
import type { CellSource } from './cell-source.ts'
import { coverPresses } from './cover-presses.ts'
import { hoursOfSlots } from './hours-of-slots.ts'
import { makeQuarterMaps } from './make-quarter-maps.ts'
import type { NightCurve } from './night-report.ts'
import { pauseEvery } from './pause-every.ts'
import { type DayPresses, readDayPresses } from './read-day-presses.ts'
import { readSameValueRuns } from './read-same-value-runs.ts'
import { type FamilyScan, nightFdr } from './scan-family.ts'
import type { WatchContext, WatchedTouchpoint } from './watched-touchpoint.ts'

/** What the night's own day tells of a touchpoint. */
export type Notices = Pick<NightCurve, 'silence' | 'sameValueRuns' | 'closedHours'>

const noPresses: DayPresses = { slots: new Uint32Array(SLOTS), uncertain: 0 }

/**
 * Silence, runs of one value and presses in closed hours of a night's day.
 *
 * @returns by touchpoint
 * @see dips.md §3.11
 */
export async function readNotices(
  store: StoreReader,
  { placements }: Catalogue,
  { curves, cells }: FamilyScan,
  raw: CellSource,
  night: number,
): Promise<Map<string, Notices>> {
  const days = await readDayPresses(store, curves, night)
  const stays = placementsByTouchpoint(placements)
  const context: WatchContext = { store, raw, night, mapOf: makeQuarterMaps() }
  const pause = pauseEvery(16)
  const notices = new Map<string, Notices>()
  const covered: CoveredPresses[] = []
  for (const [i, curve] of curves.entries()) {
    const day = days.get(curve.id) ?? noPresses
    const watched = { curve, cells: cells[i] as TouchpointCells, day, placements: stays.get(curve.id) ?? [] }
    const presses = await coverPresses(context, watched)
    if (presses) covered.push(presses)
    const sameValueRuns = await readSameValueRuns(context, watched)
    notices.set(curve.id, { silence: [], sameValueRuns, closedHours: closedHoursOf(watched) })
    await pause()
  }
  const dayStarts = new Map(curves.map(({ key, dayStart }) => [key, dayStart]))
  for (const { id, startSlot, endSlot, coveredHours, expected, p, q } of findSilence(covered, { fdr: nightFdr })
    .silent) {
    const hours = hoursOfSlots({ startSlot, endSlot }, dayStarts.get(id) as number)
    notices.get(id)?.silence.push({ ...hours, coveredHours, expected, p, q })
  }
  return notices
}

function placementsByTouchpoint(placements: Catalogue['placements']): Map<string, Placement[]> {
  const stays = new Map<string, Placement[]>()
  for (const placement of [...placements.values()].flat()) {
    const found = stays.get(placement.touchpoint)
    if (found) found.push(placement)
    else stays.set(placement.touchpoint, [placement])
  }
  return stays
}

function closedHoursOf({ curve, cells, day }: WatchedTouchpoint): NightCurve['closedHours'] {
  const last = (periodDays - 1) * SLOTS
  return [...day.slots].flatMap((presses, slot) =>
    presses > 0 && cells.openSlots?.[last + slot] === 0 ? [{ hour: (curve.dayStart + slot) % 24, presses }] : [],
  )
}
