import { addDays, daysBetween } from '../local-date.ts'

const firstDate = '1970-01-01'

/** The date with a number of days since 1970-01-01. */
export function dateOfDay(day: number): string {
  return addDays(firstDate, day)
}

/** Days since 1970-01-01. */
export function dayOfDate(date: string): number {
  return daysBetween(firstDate, date)
}
