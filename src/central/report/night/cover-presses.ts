import type { CoveredPresses } from '../../../analysis/silence/covered-presses.ts'
import { SLOTS, type TouchpointCells } from '../../../analysis/touchpoint-cells.ts'
import { periodDays } from '../touchpoint-plan.ts'
import { coverCells, type WatchedStay } from './cover-cells.ts'
import { spanOf } from './quarter-map.ts'
import type { WatchContext, WatchedTouchpoint } from './watched-touchpoint.ts'

/**
 * A touchpoint for the search of silence; null where nothing covers its day, or presses of that day have no hour.
 *
 * Where no covered hour of the day was silent its p is 1, and all that matters is that it takes part: its past is not read
 * again for that.
 */
export async function coverPresses(context: WatchContext, watched: WatchedTouchpoint): Promise<CoveredPresses | null> {
  const { curve, cells, day } = watched
  const { raw, night, mapOf } = context
  const last = (periodDays - 1) * SLOTS
  if (day.uncertain > 0 || watched.placements.length === 0) return null
  const today = coverCells(mapOf(curve, night, 1), SLOTS, await watchStays(context, watched, night, 1))
  for (let slot = 0; slot < SLOTS; slot++) if (cells.openSlots?.[last + slot] === 0) today[slot] = 0
  if (!today.includes(1)) return null
  const firstDay = night - periodDays + 1
  const { key: id } = curve
  const { days, weekdays } = cells
  const isSilent = today.some((isCovered, slot) => isCovered === 1 && day.slots[slot] === 0)
  const presses = totalsOf(isSilent ? await raw.read(curve, firstDay, night) : cells)
  presses.set(day.slots, last)
  const covered = isSilent
    ? coverCells(mapOf(curve, firstDay, days), days * SLOTS, await watchStays(context, watched, firstDay, days))
    : Uint8Array.from(presses, (count) => (count > 0 ? 1 : 0))
  for (let cell = 0; cell < last; cell++) if (cells.openSlots?.[cell] === 0) covered[cell] = 0
  covered.set(today, last)
  return { id, days, weekdays, covered, presses }
}

/** A terminal that worked at no time of the period is one that somebody took away without a word. */
async function watchStays(
  { store, mapOf, night }: WatchContext,
  { curve, placements }: WatchedTouchpoint,
  firstDay: number,
  days: number,
): Promise<WatchedStay[]> {
  const period = spanOf(mapOf(curve, night - periodDays + 1, periodDays))
  const { fromMs, toMs } = spanOf(mapOf(curve, firstDay, days))
  const stays: WatchedStay[] = []
  for (const placement of placements) {
    if (placement.fromMs >= toMs || (placement.toMs ?? toMs) <= fromMs) continue
    const worked = await store.aliveStretches(placement.terminal, fromMs, toMs)
    const everWorked =
      worked.length > 0 || (await store.aliveStretches(placement.terminal, period.fromMs, period.toMs)).length > 0
    if (everWorked) stays.push({ fromMs: placement.fromMs, toMs: placement.toMs, worked })
  }
  return stays
}

function totalsOf({ counts, days }: TouchpointCells): Uint16Array {
  const totals = new Uint16Array(days * SLOTS)
  for (let cell = 0; cell < totals.length; cell++) {
    let sum = 0
    for (const ofValue of counts) sum += ofValue[cell] as number
    totals[cell] = Math.min(65_535, sum)
  }
  return totals
}
