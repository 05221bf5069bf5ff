const hourMs = 3_600_000
export const dayMs = 24 * hourMs
/** Local time is at most 14 hours ahead of UTC (Kiritimati) and 12 behind (Baker Island). */
const aheadMs = 14 * hourMs
const behindMs = 12 * hourMs

/** Local dates, both inclusive, `YYYY-MM-DD`. */
export type DateSpan = { from: string; to: string }

const startOf = (date: string) => Date.parse(`${date}T00:00:00Z`)
const dateOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)

export const addDays = (date: string, days: number): string => dateOf(startOf(date) + days * dayMs)

/** Every instant that lies on one of some local dates in any zone: `fromMs` ≤ utc < `toMs`. */
export function windowOf({ from, to }: DateSpan): { fromMs: number; toMs: number } {
  return { fromMs: startOf(from) - aheadMs, toMs: startOf(to) + dayMs + behindMs }
}

/** Every local date that instants from `firstMs` to `lastMs` may lie on in any zone. */
export function datesOf(firstMs: number, lastMs: number): DateSpan {
  return { from: dateOf(firstMs - behindMs), to: dateOf(lastMs + aheadMs) }
}

/** The first local date of which, in any zone, nothing lies before `retainedFromMs`. */
export function firstWholeDate(retainedFromMs: number): string {
  return dateOf(Math.ceil((retainedFromMs + aheadMs) / dayMs) * dayMs)
}
