import { burstGapMs } from '../../analysis/burst-gap.ts'
import { labelPresses } from '../../analysis/mash-filter.ts'
import { SLOTS, type TouchpointCells } from '../../analysis/touchpoint-cells.ts'
import { businessSlot } from '../../central/report/business-day.ts'
import { daysBetween } from '../../central/report/local-date.ts'
import { type LocalHour, localHourOf } from '../../shared/local-time.ts'
import type { OpenDay } from './open-day.ts'
import type { Hours, ListedTerminal } from './read-terminals.ts'

/** One terminal's presses, oldest first. */
export type Presses = { utcMs: Float64Array; buttons: Uint8Array }

/** The business days of a report: first and last, how many, and the ISO weekday of each. */
export type Period = { from: string; to: string; days: number; weekdays: Uint8Array }

export type Tally = {
  /** what is compared: presses that are none of the three below, of which each counts in the first that fits; misuse too where asked for */
  cells: TouchpointCells
  presses: number
  /** taken for play */
  misuse: number
  /** before or after the period */
  outsidePeriod: number
  /** outside opening hours */
  outsideHours: number
}

const quarterMs = 900_000
const minuteMs = 60_000
const dayMinutes = 1440
const buttons = 4
const mostCount = 65_535
/** Presses further apart are of no one run, whatever the gap is (dips.md §3.1): the filter may work on pieces cut there. */
const slowestGapMs = 4000
const leastPiece = 10_000

const isSameHour = (a: LocalHour, b: LocalHour): boolean =>
  a === b || (a.hour === b.hour && a.localDate === b.localDate && a.offsetMinutes === b.offsetMinutes)

/** Runs of presses in one local hour; the hour that occurs twice in autumn is two. It can't change within a UTC quarter-hour. */
function forEachHour(
  utcMs: Float64Array,
  zone: string,
  take: (local: LocalHour, from: number, to: number) => void,
): void {
  for (let from = 0, to = 0; from < utcMs.length; from = to) {
    const local = localHourOf(utcMs[from] as number, zone)
    do {
      const endMs = (Math.floor((utcMs[to] as number) / quarterMs) + 1) * quarterMs
      while (to < utcMs.length && (utcMs[to] as number) < endMs) to++
    } while (to < utcMs.length && isSameHour(local, localHourOf(utcMs[to] as number, zone)))
    take(local, from, to)
  }
}

/** 1 for each press that is misuse. The gap comes from the whole file (dips.md §3.11). */
function findMisuse({ utcMs, buttons: pressed }: Presses, zone: string): Uint8Array {
  const misuse = new Uint8Array(utcMs.length)
  const hourlyPresses: number[] = []
  forEachHour(utcMs, zone, (_, from, to) => hourlyPresses.push(to - from))
  const gapMs = burstGapMs(hourlyPresses)
  for (let from = 0, to = 0; from < utcMs.length; from = to) {
    to = Math.min(utcMs.length, from + leastPiece)
    while (to < utcMs.length && (utcMs[to] as number) - (utcMs[to - 1] as number) <= slowestGapMs) to++
    const labels = labelPresses(utcMs.subarray(from, to), pressed.subarray(from, to), { gapMs })
    for (let i = from; i < to; i++) if (labels[i - from]?.label === 'misuse') misuse[i] = 1
  }
  return misuse
}

function isOpenAt({ openMinute, closeMinute }: Hours, minute: number): boolean {
  if (closeMinute > openMinute) return minute >= openMinute && minute < closeMinute
  return minute >= openMinute || minute < closeMinute
}

/**
 * Filters and counts the presses of one terminal.
 *
 * Opening hours are kept to the minute here, where every press has its time.
 *
 * @param withMisuse compares presses that were taken for play, too
 */
export function tallyTerminal(
  terminal: ListedTerminal,
  presses: Presses,
  openDay: OpenDay,
  period: Period,
  withMisuse = false,
): Tally {
  const { utcMs, buttons: pressed } = presses
  const { zone, hours } = terminal
  const misuse = findMisuse(presses, zone)
  const counts = Array.from({ length: buttons }, () => new Uint16Array(period.days * SLOTS))
  const dayOf = new Map<string, number>()
  const tally = { presses: utcMs.length, misuse: 0, outsidePeriod: 0, outsideHours: 0 }

  forEachHour(utcMs, zone, (local, from, to) => {
    const { date, slot } = businessSlot(local.localDate, local.hour, openDay.dayStart)
    const day = dayOf.get(date) ?? daysBetween(period.from, date)
    dayOf.set(date, day)
    const isInPeriod = day >= 0 && day < period.days
    const cell = day * SLOTS + slot
    for (let i = from; i < to; i++) {
      const minute = (Math.floor((utcMs[i] as number) / minuteMs) + local.offsetMinutes) % dayMinutes
      if (misuse[i] === 1) tally.misuse++
      if (misuse[i] === 1 && !withMisuse) continue
      if (!isInPeriod) tally.outsidePeriod++
      else if (hours !== null && !isOpenAt(hours, minute)) tally.outsideHours++
      else {
        // Worst first: button 4 is value 0.
        const ofValue = counts[buttons - (pressed[i] as number)] as Uint16Array
        ofValue[cell] = Math.min(mostCount, (ofValue[cell] as number) + 1)
      }
    }
  })
  const { openSlots } = openDay
  return { ...tally, cells: { id: terminal.name, days: period.days, weekdays: period.weekdays, openSlots, counts } }
}
