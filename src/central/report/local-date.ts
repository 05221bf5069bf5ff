/** Arithmetic on local dates, texts `YYYY-MM-DD`. A date is a label of a day here, so no zone takes part. */
const dayMs = 86_400_000

const toDayNumber = (date: string): number => Date.parse(`${date}T00:00:00Z`) / dayMs

export function addDays(date: string, days: number): string {
  return new Date((toDayNumber(date) + days) * dayMs).toISOString().slice(0, 10)
}

/** Days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return toDayNumber(to) - toDayNumber(from)
}

/** ISO weekday, 1 = Monday … 7 = Sunday. */
export function isoWeekday(date: string): number {
  return ((toDayNumber(date) + 3) % 7) + 1
}

/** Whether a text of the right shape names a day that exists. */
export function isRealDate(date: string): boolean {
  const day = toDayNumber(date)
  return Number.isInteger(day) && addDays(date, 0) === date
}
