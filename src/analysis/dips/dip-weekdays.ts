import type { ContrastSums } from './cell-test.ts'

const ENOUGH_EVIDENCE = 2

/**
 * Log likelihood ratio of "this weekday has the dip" against "it has none": Gaussian contrasts with mean -depth or 0.
 *
 * @param day sums over the days of one weekday within the dip's period
 * @param depth of the weekdays presently in the set, points, positive
 * @param scale residual variance, points²
 */
export function weekdayEvidence(day: ContrastSums, depth: number, scale: number): number {
  return (-depth * day.contrast - (depth * depth * day.precision) / 2) / scale
}

/**
 * The weekdays a dip recurs on: a member leaves only on evidence against it, another joins only on evidence for it
 * (both beyond a log ratio of 2).
 *
 * @param members ISO weekdays of the scan cell
 * @param byWeekday sums per ISO weekday, entry 0 = Monday
 * @param scale residual variance, points²
 * @returns ISO weekdays, ascending; the members themselves when none would be left
 */
export function refineWeekdays(
  members: readonly number[],
  byWeekday: readonly ContrastSums[],
  scale: number,
): number[] {
  const present = members.map((weekday) => byWeekday[weekday - 1] as ContrastSums)
  const precision = present.reduce((sum, day) => sum + day.precision, 0)
  if (precision === 0) return [...members]
  const depth = -present.reduce((sum, day) => sum + day.contrast, 0) / precision
  const kept = [1, 2, 3, 4, 5, 6, 7].filter((weekday) => {
    const evidence = weekdayEvidence(byWeekday[weekday - 1] as ContrastSums, depth, scale)
    return members.includes(weekday) ? evidence >= -ENOUGH_EVIDENCE : evidence > ENOUGH_EVIDENCE
  })
  return kept.length === 0 ? [...members] : kept
}
