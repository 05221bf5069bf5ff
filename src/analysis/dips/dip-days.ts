import type { ContrastSums } from './cell-test.ts'
import { refineWeekdays } from './dip-weekdays.ts'
import { findOnset, type Onset } from './onset.ts'
import { WEEKDAY_SETS, type WeekdaySet } from './scan-plan.ts'
import type { ScanSheet } from './scan-sheet.ts'
import type { BestCell } from './scan-tally.ts'

/** On which days a dip was there: weekdays, onset, and the final list of days. */
export type DipDays = {
  /** ISO weekdays, ascending, those with data only; null = every weekday that has data in this window */
  weekdays: number[] | null
  /** ISO weekdays the dip recurs on, data or not */
  members: number[]
  onsetDay: number | null
  onsetLowDay: number
  onsetHighDay: number
  onsetOpen: boolean
  /** day indices with data, from the onset to the end of the interval */
  days: number[]
  /** one past the interval's last day */
  endDay: number
}

/**
 * Settles weekdays and onset of the scan's best cell: onset for the cell's weekdays, weekdays within the period since,
 * then the onset once more for these.
 */
export function settleDays(sheet: ScanSheet, best: BestCell, blocks: number): DipDays {
  const endDay = sheet.endDay - 7 * (blocks - 1 - best.lastBlock)
  const ofSet = (WEEKDAY_SETS[best.set] as WeekdaySet).weekdays
  const first = onsetOf(sheet, best, ofSet, endDay)
  const byWeekday = sumByWeekday(sheet, best.window, first.days[first.onset.first ?? 0] ?? sheet.firstDay, endDay)
  const members = refineWeekdays(ofSet, byWeekday, best.scale)
  const { onset, days } = onsetOf(sheet, best, members, endDay)
  const present = [1, 2, 3, 4, 5, 6, 7].filter((weekday) => (byWeekday[weekday - 1] as ContrastSums).days > 0)
  return {
    weekdays: present.every((weekday) => members.includes(weekday))
      ? null
      : present.filter((weekday) => members.includes(weekday)),
    members,
    onsetDay: onset.first === null ? null : (days[onset.first] as number),
    onsetLowDay: days[onset.low] as number,
    onsetHighDay: days[onset.high] as number,
    onsetOpen: onset.isOpen,
    days: days.slice(onset.first ?? 0),
    endDay,
  }
}

function onsetOf(
  sheet: ScanSheet,
  best: BestCell,
  weekdays: readonly number[],
  endDay: number,
): { onset: Onset; days: number[] } {
  const days = daysWithData(sheet, best.window, sheet.firstDay, endDay).filter((day) =>
    weekdays.includes(sheet.weekdays[day] as number),
  )
  const at = days.map((day) => best.window * sheet.capacity + day)
  const contrast = at.map((i) => sheet.clipped[i] as number)
  const precision = at.map((i) => sheet.precision[i] as number)
  return { onset: findOnset(contrast, precision, best.scale), days }
}

function daysWithData(sheet: ScanSheet, window: number, from: number, to: number): number[] {
  const days: number[] = []
  for (let day = from; day < to; day++) {
    if ((sheet.precision[window * sheet.capacity + day] as number) > 0) days.push(day)
  }
  return days
}

/** Clipped contrasts of one window over some days. */
export function sumDays(sheet: ScanSheet, window: number, days: readonly number[]): ContrastSums {
  const sums = { precision: 0, contrast: 0, days: days.length }
  for (const day of days) {
    const at = window * sheet.capacity + day
    sums.precision += sheet.precision[at] as number
    sums.contrast += (sheet.precision[at] as number) * (sheet.clipped[at] as number)
  }
  return sums
}

function sumByWeekday(sheet: ScanSheet, window: number, from: number, to: number): ContrastSums[] {
  const days = daysWithData(sheet, window, from, to)
  return [1, 2, 3, 4, 5, 6, 7].map((weekday) =>
    sumDays(
      sheet,
      window,
      days.filter((day) => sheet.weekdays[day] === weekday),
    ),
  )
}
