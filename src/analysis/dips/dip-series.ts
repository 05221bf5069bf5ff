import type { ScanSheet } from './scan-sheet.ts'
import { SCAN_WINDOWS } from './scan-windows.ts'

/** The days of one window and set of weekdays that have data, oldest first; arrays of equal length. */
export type DipSeries = {
  /** day index within the touchpoint's cells */
  day: Int32Array
  /** points, as measured: not clipped */
  contrast: Float64Array
  /** > 0 */
  precision: Float64Array
}

/** Where and on which weekdays a dip is looked at. */
export type DipWindow = {
  startSlot: number
  /** exclusive; at most 3 slots after the start */
  endSlot: number
  /** ISO weekdays; null = every day */
  weekdays: readonly number[] | null
}

/**
 * Reads the contrasts of one dip's window and weekdays off a prepared sheet.
 *
 * @throws RangeError when the window is not one that is scanned
 */
export function readSeries(sheet: ScanSheet, { startSlot, endSlot, weekdays }: DipWindow): DipSeries {
  const window = SCAN_WINDOWS.findIndex((scanned) => scanned.startSlot === startSlot && scanned.endSlot === endSlot)
  if (window < 0) throw new RangeError(`slots ${startSlot} to ${endSlot} are no window of 1 to 3 slots`)
  const days: number[] = []
  for (let day = sheet.firstDay; day < sheet.endDay; day++) {
    const isAsked = weekdays === null || weekdays.includes(sheet.weekdays[day] as number)
    if (isAsked && (sheet.precision[window * sheet.capacity + day] as number) > 0) days.push(day)
  }
  const at = (day: number): number => window * sheet.capacity + day
  return {
    day: Int32Array.from(days),
    contrast: Float64Array.from(days, (day) => sheet.contrast[at(day)] as number),
    precision: Float64Array.from(days, (day) => sheet.precision[at(day)] as number),
  }
}

/** The part of a series from day `from` up to, but without, day `to`. */
export function sliceSeries({ day, contrast, precision }: DipSeries, from: number, to: number): DipSeries {
  let start = 0
  while (start < day.length && (day[start] as number) < from) start++
  let end = start
  while (end < day.length && (day[end] as number) < to) end++
  return {
    day: day.subarray(start, end),
    contrast: contrast.subarray(start, end),
    precision: precision.subarray(start, end),
  }
}

/** Weighted mean of a series in points with its summed precision; mean 0 for an empty one. */
export function meanOfSeries({ contrast, precision }: DipSeries): { mean: number; precision: number } {
  let sum = 0
  let weight = 0
  for (let i = 0; i < contrast.length; i++) {
    weight += precision[i] as number
    sum += (precision[i] as number) * (contrast[i] as number)
  }
  return { mean: weight === 0 ? 0 : sum / weight, precision: weight }
}
