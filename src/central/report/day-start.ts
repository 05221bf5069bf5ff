import type { Touchpoint } from '../store/catalogue.ts'
import { timetableOn } from './opening-hours.ts'

const alwaysOpenStart = 4
const dayMinutes = 1440

/** Minutes of the day, over the whole week: 1 where some weekday is open. */
function openMinutesOfWeek(intervals: readonly { openMinute: number; closeMinute: number }[]): Uint8Array {
  const open = new Uint8Array(dayMinutes)
  for (const { openMinute, closeMinute } of intervals) {
    const end = closeMinute > openMinute ? closeMinute : closeMinute + dayMinutes
    for (let minute = openMinute; minute < end; minute++) open[minute % dayMinutes] = 1
  }
  return open
}

/** The longest stretch of closed minutes, which may run over midnight; null when never closed. */
function longestGap(open: Uint8Array): { from: number; length: number } | null {
  let longest: { from: number; length: number } | null = null
  let length = 0
  for (let minute = 0; minute < 2 * dayMinutes; minute++) {
    length = open[minute % dayMinutes] ? 0 : Math.min(length + 1, dayMinutes)
    if (length > (longest?.length ?? 0)) longest = { from: minute + 1 - length, length }
  }
  return longest
}

/** A fleet's timetables stand for months, and are asked for with each request; a catalogue's objects never change. */
const known = new WeakMap<object, { date: string; dayStart: number }>()

/**
 * Local hour at which a touchpoint's business day begins (architecture.md, "Time"): 4 when always open, 0 when closed at
 * midnight, else the middle of the longest gap that is closed on every weekday.
 *
 * @param date decides which timetable is in force
 */
export function dayStartOf(touchpoint: Pick<Touchpoint, 'openingHours' | 'exceptions'>, date: string): number {
  const found = known.get(touchpoint)
  if (found?.date === date) return found.dayStart
  const dayStart = findDayStart(touchpoint, date)
  known.set(touchpoint, { date, dayStart })
  return dayStart
}

function findDayStart(touchpoint: Pick<Touchpoint, 'openingHours' | 'exceptions'>, date: string): number {
  const timetable = timetableOn(touchpoint, date)
  if (timetable === null) return alwaysOpenStart
  const open = openMinutesOfWeek(timetable.intervals)
  if (!open[0]) return 0
  const gap = longestGap(open)
  return gap === null ? alwaysOpenStart : Math.floor((gap.from + gap.length / 2) / 60) % 24
}
