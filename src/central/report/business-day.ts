import type { Clock } from '../../shared/clock.ts'
import { localHourOf } from '../../shared/local-time.ts'
import { addDays } from './local-date.ts'

export const slotsPerDay = 24

/** Business date and slot of a local hour: hours before the day's start belong to the day before. */
export function businessSlot(localDate: string, hour: number, dayStart: number): { date: string; slot: number } {
  const date = hour >= dayStart ? localDate : addDays(localDate, -1)
  return { date, slot: (hour - dayStart + slotsPerDay) % slotsPerDay }
}

/** The local date and hour of a slot; the inverse of `businessSlot`. */
export function hourOfSlot(date: string, slot: number, dayStart: number): { localDate: string; hour: number } {
  const hour = dayStart + slot
  return hour < slotsPerDay ? { localDate: date, hour } : { localDate: addDays(date, 1), hour: hour - slotsPerDay }
}

/** The last business date that is over at a touchpoint: today counts only once its business day is done. */
export function lastCompleteDate(clock: Clock, zone: string, dayStart: number): string {
  const now = localHourOf(clock.wallMs(), zone)
  return addDays(businessSlot(now.localDate, now.hour, dayStart).date, -1)
}
