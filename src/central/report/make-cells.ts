import type { TouchpointCells } from '../../analysis/touchpoint-cells.ts'
import type { Tally } from '../store/port.ts'
import { slotsPerDay } from './business-day.ts'
import { addDays, daysBetween, isoWeekday } from './local-date.ts'
import { openHoursOn } from './opening-hours.ts'
import type { TouchpointPlan } from './touchpoint-plan.ts'

const maxCount = 65_535

/** Local dates whose tallies can fall into the business dates `from` to `to`. */
export function localDatesOf(from: string, to: string, dayStart: number): { from: string; to: string } {
  return { from, to: dayStart > 0 ? addDays(to, 1) : to }
}

/** Opening hours on the grid; null when open throughout. */
function openSlotsOf({ touchpoint, dayStart }: TouchpointPlan, from: string, days: number): Uint8Array | null {
  if (touchpoint.openingHours.length === 0 && touchpoint.exceptions.length === 0) return null
  const hours = Array.from({ length: days + 1 }, (_, day) => openHoursOn(touchpoint, addDays(from, day)))
  const open = new Uint8Array(days * slotsPerDay)
  for (let cell = 0; cell < open.length; cell++) {
    const hour = dayStart + (cell % slotsPerDay)
    const date = Math.floor(cell / slotsPerDay) + (hour < slotsPerDay ? 0 : 1)
    open[cell] = hours[date]?.[hour % slotsPerDay] ?? 0
  }
  return open
}

/**
 * Lays tallies out on the grid of business days and slots.
 *
 * The hour that occurs twice in autumn comes as two tallies with different offsets and becomes one cell; the hour that spring
 * leaves out has none. Presses outside opening hours stay in the counts and are masked by `openSlots`.
 *
 * @param tallies of one class, in any order; those outside `from` … `to` are left out
 */
export function makeCells(plan: TouchpointPlan, from: string, to: string, tallies: readonly Tally[]): TouchpointCells {
  const days = daysBetween(from, to) + 1
  const counts = Array.from({ length: plan.survey.scaleMax + 1 }, () => new Uint16Array(days * slotsPerDay))
  const dates = new Map(Array.from({ length: days + 1 }, (_, day) => [addDays(from, day), day]))
  for (const tally of tallies) {
    const date = dates.get(tally.localDate)
    const cell = date === undefined ? -1 : date * slotsPerDay + tally.hour - plan.dayStart
    if (cell < 0 || cell >= days * slotsPerDay) continue
    counts.forEach((ofValue, value) => {
      ofValue[cell] = Math.min(maxCount, (ofValue[cell] ?? 0) + (tally.counts[value] ?? 0))
    })
  }
  const weekdays = Uint8Array.from({ length: days }, (_, day) => isoWeekday(addDays(from, day)))
  return { id: plan.touchpoint.id, days, weekdays, openSlots: openSlotsOf(plan, from, days), counts }
}

/** All open slots of a day folded into its first, for figures of whole days. */
export function foldDays(cells: TouchpointCells): TouchpointCells {
  const counts = cells.counts.map((ofValue) => {
    const folded = new Uint16Array(ofValue.length)
    ofValue.forEach((count, cell) => {
      if (cells.openSlots?.[cell] === 0) return
      const first = cell - (cell % slotsPerDay)
      folded[first] = Math.min(maxCount, (folded[first] ?? 0) + count)
    })
    return folded
  })
  return { ...cells, openSlots: null, counts }
}
