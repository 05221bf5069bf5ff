import { SLOTS } from '../../../analysis/touchpoint-cells.ts'
import { localHourOf } from '../../../shared/local-time.ts'
import { dateOfDay } from './day-number.ts'

export const quarterMs = 900_000
const dayQuarters = 96

/** Which cell of a grid of business days each UTC quarter-hour lies in. */
export type QuarterMap = {
  /** Quarter-hours since 1970 of entry 0. */
  firstQuarter: number
  /** day × 24 + slot, −1 outside of the days. */
  cells: Int32Array
}

/**
 * Maps quarters to cells: no zone's rules change within one, so that an hour that spring leaves out has none, and the one
 * that comes twice in autumn has eight.
 *
 * @param firstDay day number of the grid's first business date
 */
export function mapQuarters(zone: string, dayStart: number, firstDay: number, days: number): QuarterMap {
  // Local time is at most 14 hours from UTC, and a business day ends within the next date.
  const firstQuarter = (firstDay - 1) * dayQuarters
  const dates = new Map(Array.from({ length: days + 1 }, (_, day) => [dateOfDay(firstDay + day), day]))
  const cells = Int32Array.from({ length: (days + 3) * dayQuarters }, (_, i) => {
    const { localDate, hour } = localHourOf((firstQuarter + i) * quarterMs, zone)
    const day = dates.get(localDate)
    const cell = day === undefined ? -1 : day * SLOTS + hour - dayStart
    return cell >= 0 && cell < days * SLOTS ? cell : -1
  })
  return { firstQuarter, cells }
}

/** From where to where the days of a map reach, UTC. */
export function spanOf({ firstQuarter, cells }: QuarterMap): { fromMs: number; toMs: number } {
  const first = cells.findIndex((cell) => cell >= 0)
  const last = cells.findLastIndex((cell) => cell >= 0)
  return { fromMs: (firstQuarter + first) * quarterMs, toMs: (firstQuarter + last + 1) * quarterMs }
}
