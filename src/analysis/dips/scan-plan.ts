/** A set of weekdays that a dip may recur on, with its share of the prior and the least data for a claim. */
export type WeekdaySet = {
  /** ISO weekdays */
  weekdays: readonly number[]
  prior: number
  leastBlocks: number
  leastDays: number
  /** days of the set outside the interval from which the window's own past can be told */
  leastHistory: number
}

const SEVERAL = { leastBlocks: 2, leastDays: 6, leastHistory: 6 }
const SINGLE = { leastBlocks: 4, leastDays: 4, leastHistory: 3 }

const ALL_WEEKDAYS: WeekdaySet = { weekdays: [1, 2, 3, 4, 5, 6, 7], prior: 0.35, ...SEVERAL }
export const MON_TO_FRI: WeekdaySet = { weekdays: [1, 2, 3, 4, 5], prior: 0.25, ...SEVERAL }
export const SAT_SUN: WeekdaySet = { weekdays: [6, 7], prior: 0.1, ...SEVERAL }

/** All days, Monday to Friday, the weekend, and each weekday alone. */
export const WEEKDAY_SETS: readonly WeekdaySet[] = [
  ALL_WEEKDAYS,
  MON_TO_FRI,
  SAT_SUN,
  ...[1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekdays: [weekday], prior: 0.3 / 7, ...SINGLE })),
]

/** The seven single days come last, Monday first. */
export const FIRST_SINGLE = WEEKDAY_SETS.length - 7

/** How likely each interval (run of blocks) of a set is beforehand. All intervals of at least `leastBlocks` are scanned. */
export type ScanPlan = {
  /** blocks of 7 days, counted back from the last day */
  blocks: number
  /** prior of one interval that reaches the last block, per set */
  ongoingWeight: Float64Array
  /** prior of one interval that ended before it, per set; 0 where there is none */
  endedWeight: Float64Array
}

const ONGOING_SHARE = 0.7

/**
 * Weighs the intervals of a scan: within a weekday set those that reach the last block share .7 of the set's prior, those
 * that ended share .3.
 *
 * @param blocks whole weeks of data, floor(days / 7)
 */
export function makeScanPlan(blocks: number): ScanPlan {
  const plan = {
    blocks,
    ongoingWeight: new Float64Array(WEEKDAY_SETS.length),
    endedWeight: new Float64Array(WEEKDAY_SETS.length),
  }
  WEEKDAY_SETS.forEach(({ prior, leastBlocks }, set) => {
    const ongoing = Math.max(0, blocks - leastBlocks + 1)
    const ended = (ongoing * (ongoing - 1)) / 2
    if (ongoing > 0) plan.ongoingWeight[set] = (prior * ONGOING_SHARE) / ongoing
    if (ended > 0) plan.endedWeight[set] = (prior * (1 - ONGOING_SHARE)) / ended
  })
  return plan
}

/** Block of a day: 7 days each, counted back from the end; the first takes what is left over. */
export function blockOfDay(day: number, endDay: number, blocks: number): number {
  return Math.max(0, blocks - 1 - Math.floor((endDay - 1 - day) / 7))
}
