/** One local hour as charts need it. Indexes 0–100; null where the data can't say. */
export type HourPoint = {
  hour: number
  presses: number
  index: number | null
  low: number | null
  high: number | null
  /** Shown over the hour, whole sentence. */
  title: string
}

/**
 * Leaves out the hours without a press before the first and after the last hour with one, so that a closed night
 * takes no room. Hours stay in the order given, the order of the business day.
 */
export function trimHours<P extends { presses: number }>(points: readonly P[]): readonly P[] {
  const used = points.map((point) => point.presses > 0)
  const first = used.indexOf(true)
  return first === -1 ? [] : points.slice(first, used.lastIndexOf(true) + 1)
}

/**
 * The hours from `startHour` up to `endHour`, exclusive, both 0–24; an end at or before the start is past midnight.
 *
 * @example listHours(22, 2) // [22, 23, 0, 1]
 */
export function listHours(startHour: number, endHour: number): number[] {
  const length = (endHour - startHour + 24) % 24 || 24
  return Array.from({ length }, (_, i) => (startHour + i) % 24)
}
