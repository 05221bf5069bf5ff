import type { OpeningHours, Touchpoint } from '../store/catalogue.ts'
import { addDays, isoWeekday } from './local-date.ts'

type Minutes = { openMinute: number; closeMinute: number }
type Opening = Pick<Touchpoint, 'openingHours' | 'exceptions'>

const dayMinutes = 1440

/** The timetable in force on a date; null where none is yet, which means always open. */
export function timetableOn({ openingHours }: Opening, date: string): OpeningHours | null {
  const begun = openingHours.filter((timetable) => timetable.validFrom <= date)
  return begun.reduce<OpeningHours | null>(
    (latest, next) => (latest && latest.validFrom > next.validFrom ? latest : next),
    null,
  )
}

/** Intervals that begin on a date; null = open all day. */
function intervalsOn(opening: Opening, date: string): readonly Minutes[] | null {
  const exception = opening.exceptions.find((one) => one.date === date)
  if (exception) return exception.intervals
  const intervals = timetableOn(opening, date)?.intervals
  return intervals?.filter((interval) => interval.weekday === isoWeekday(date)) ?? null
}

/** Whether an interval touches the minutes from `from` to `to` of the date it begins on; those past 1440 lie on the next date. */
function covers({ openMinute, closeMinute }: Minutes, from: number, to: number): boolean {
  const end = closeMinute > openMinute ? closeMinute : closeMinute + dayMinutes
  return openMinute < to && end > from
}

/**
 * Hours of a local date during any part of which a touchpoint is open: 24 entries, 1 = open. Half an hour counts as the hour:
 * tallies are by the hour, and presses of an opening at 8:30 belong to customers.
 */
export function openHoursOn(opening: Opening, date: string): Uint8Array {
  const hours = new Uint8Array(24)
  const today = intervalsOn(opening, date)
  if (today === null) return hours.fill(1)
  // An all-day date needs no look back at here: it ends at midnight, where the next date's own timetable begins.
  const yesterday = intervalsOn(opening, addDays(date, -1)) ?? []
  for (let hour = 0; hour < hours.length; hour++) {
    const from = hour * 60
    const isOpen =
      today.some((interval) => covers(interval, from, from + 60)) ||
      yesterday.some((interval) => covers(interval, from + dayMinutes, from + dayMinutes + 60))
    hours[hour] = isOpen ? 1 : 0
  }
  return hours
}

/** Whether a touchpoint is open during any part of a local hour. */
export function isOpenInHour(opening: Opening, date: string, hour: number): boolean {
  return openHoursOn(opening, date)[hour] === 1
}
