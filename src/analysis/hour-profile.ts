import type { Interval } from './interval.ts'
import { tQuantile } from './t-quantile.ts'
import { SLOTS, type TouchpointCells } from './touchpoint-cells.ts'
import { wilsonInterval } from './wilson-interval.ts'

/** One slot of the profile. */
export type SlotProfile = {
  slot: number
  /** presses per value, worst first, over the days asked for */
  counts: number[]
  presses: number
  /** days with at least one press in this slot */
  days: number
  /** Happy Index of all these presses together, 0..100; null without presses */
  index: number | null
  interval: Interval | null
  /**
   * 'days': the day is the unit of replication, so good and bad days widen it. 'presses': fewer than 8 days, or days
   * that do not differ at all; presses taken as independent, by the Wilson interval, never narrower than the normal one
   * of independent presses. null where there is no interval.
   */
  intervalFrom: 'days' | 'presses' | null
}

const LEAST_DAYS = 8

/**
 * Happy Index per slot of the business day, with intervals. Presses outside opening hours are left out.
 *
 * The day-level interval is that of a ratio estimator over clusters: index ± t × sqrt(D/(D-1) Σ n²(y - index)²)/Σ n
 * over the D days of the slot, n presses with mean y on a day.
 *
 * @param cells one touchpoint
 * @param confidence in (0, 1)
 * @param weekdays ISO weekdays to include; absent = all. One weekday gives one column of the hour × weekday map
 * @returns 24 slots in order
 * @see Cochran 1977, Sampling Techniques, §6.3 and §9A
 */
export function hourProfile(cells: TouchpointCells, confidence: number, weekdays?: readonly number[]): SlotProfile[] {
  const isAsked = (day: number): boolean => weekdays === undefined || weekdays.includes(cells.weekdays[day] as number)
  const days = Array.from({ length: cells.days }, (_, day) => day).filter(isAsked)
  return Array.from({ length: SLOTS }, (_, slot) => slotProfile(cells, days, slot, confidence))
}

function slotProfile(cells: TouchpointCells, days: readonly number[], slot: number, confidence: number): SlotProfile {
  const point = 100 / (cells.counts.length - 1)
  const open = days.map((day) => day * SLOTS + slot).filter((cell) => cells.openSlots?.[cell] !== 0)
  const counts = cells.counts.map((ofValue) => open.reduce((sum, cell) => sum + (ofValue[cell] as number), 0))
  const presses = counts.reduce((sum, count) => sum + count, 0)
  const daySums = open.map((cell) => sumDay(cells, cell, point)).filter((day) => day.presses > 0)
  const profile = { slot, counts, presses, days: daySums.length }
  if (presses === 0) return { ...profile, index: null, interval: null, intervalFrom: null }
  const index = daySums.reduce((sum, day) => sum + day.score, 0) / presses
  return { ...profile, index, ...slotInterval(daySums, index, presses, confidence) }
}

type DaySum = { presses: number; score: number }

function sumDay(cells: TouchpointCells, cell: number, point: number): DaySum {
  const day = { presses: 0, score: 0 }
  cells.counts.forEach((counts, value) => {
    day.presses += counts[cell] as number
    day.score += (counts[cell] as number) * value * point
  })
  return day
}

function slotInterval(
  days: readonly DaySum[],
  index: number,
  presses: number,
  confidence: number,
): Pick<SlotProfile, 'interval' | 'intervalFrom'> {
  const squares = days.reduce((sum, day) => sum + (day.score - day.presses * index) ** 2, 0)
  if (days.length >= LEAST_DAYS && squares > 0) {
    const standardError = Math.sqrt((squares * days.length) / (days.length - 1)) / presses
    const half = tQuantile((1 + confidence) / 2, days.length - 1) * standardError
    return {
      interval: { lower: Math.max(0, index - half), upper: Math.min(100, index + half) },
      intervalFrom: 'days',
    }
  }
  const share = wilsonInterval(Math.min(presses, (index * presses) / 100), presses, confidence)
  if (share === null) return { interval: null, intervalFrom: null }
  return { interval: { lower: 100 * share.lower, upper: 100 * share.upper }, intervalFrom: 'presses' }
}
