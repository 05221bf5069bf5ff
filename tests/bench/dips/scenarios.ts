// What the made-up world of the dip benchmark looks like. Every number stands here once, with its reason; a range is drawn
// from per touchpoint. Days differ, hours differ by nature, children play, and ranges are wide where nobody knows.
// Volumes, depths, weekdays and ages of dips, the press distribution and the noise of `realistic` and `hard` were set with the
// scan's results in view, so that power is neither 0 nor 1: compare methods and versions by these figures; they are no
// independent proof of a level of power or of false findings.

/** Lower and upper bound. */
export type Range = readonly [low: number, high: number]

export type Scenario = {
  /** presses per ordinary day, drawn evenly on a log scale: a lobby and a corridor differ tenfold */
  pressesPerDay: Range
  /** share of touchpoints that get a dip; the others are where false findings come from */
  dipShare: number
  /** points of the Happy Index that a dip takes, drawn evenly */
  depth: Range
  /** share of dips per pattern of weekdays */
  recurrence: { all: number; monToFri: number; weekend: number; single: number; two: number }
  /** days that a dip lasted at least: younger ones nobody can tell */
  leastDays: number
  /** points from best to worst hour of the smooth daily curve: tired evenings, cheerful mornings */
  curve: Range
  /** points that the last hours before closing lose on top */
  eveningLow: Range
  /** SD in points of each hour's own lasting deviation from the smooth curve: shifts change, lunch comes */
  hourDeviation: number
  /** SD in points of a day's mood: weather, staff, queues. Moves all hours of a day */
  dayMood: number
  /** SD in points of an hour's mood on one day, correlated from hour to hour by .5 */
  hourMood: number
  /** share of days that are bad all day, and how many points they lose */
  badDays: number
  badDayDepth: Range
  /** points a week of slow change of the level */
  trend: number
  /** bursts of play per open hour, before they gather where children come */
  mash: number
}

const REALISTIC: Scenario = {
  // A shop's exit has tens to several hundred presses a day.
  pressesPerDay: [80, 600],
  // One in six: most touchpoints of a fleet are well, and false findings need room to happen.
  dipShare: 0.16,
  // 8 points is one more furious customer in ten; 18 nobody needs statistics for at a busy door.
  depth: [8, 18],
  // Staffing and deliveries go by weekdays; hopeless dips (a Saturday only, two weeks old) are among them.
  recurrence: { all: 0.4, monToFri: 0.3, weekend: 0.1, single: 0.12, two: 0.08 },
  leastDays: 14,
  curve: [2, 7],
  eveningLow: [0, 6],
  hourDeviation: 0.8,
  dayMood: 3,
  hourMood: 2,
  badDays: 0.03,
  badDayDepth: [6, 15],
  trend: 0.5,
  // A child plays about once in eight open days.
  mash: 0.01,
}

const EASY: Scenario = {
  ...REALISTIC,
  pressesPerDay: [300, 900],
  depth: [12, 20],
  recurrence: { all: 0.5, monToFri: 0.5, weekend: 0, single: 0, two: 0 },
  leastDays: 28,
  curve: [1, 4],
  eveningLow: [0, 3],
  hourDeviation: 0.4,
  dayMood: 2,
  hourMood: 1.5,
  badDays: 0.01,
  trend: 0.2,
  mash: 0.002,
}

const HARD: Scenario = {
  ...REALISTIC,
  pressesPerDay: [150, 900],
  depth: [4, 10],
  // As large as the dips themselves: nothing but the past can tell them apart.
  curve: [6, 14],
  eveningLow: [2, 10],
  hourDeviation: 1.5,
  dayMood: 4.5,
  hourMood: 3,
  badDays: 0.06,
  trend: 1,
  mash: 0.03,
}

/** Play more than once a day, at the same hours every day, mostly on red: a dip for whoever doesn't filter. */
const MASH_HEAVY: Scenario = { ...REALISTIC, mash: 0.15 }

/** Few presses, so deeper and longer dips; others drown in 30 presses a day for anyone. */
const SPARSE: Scenario = {
  ...REALISTIC,
  pressesPerDay: [18, 50],
  depth: [12, 20],
  recurrence: { all: 0.6, monToFri: 0.4, weekend: 0, single: 0, two: 0 },
  leastDays: 28,
}

const withoutDips = (scenario: Scenario): Scenario => ({ ...scenario, dipShare: 0 })

export const SCENARIOS = {
  easy: EASY,
  realistic: REALISTIC,
  hard: HARD,
  'mash-heavy': MASH_HEAVY,
  sparse: SPARSE,
  'null-easy': withoutDips(EASY),
  'null-realistic': withoutDips(REALISTIC),
  'null-hard': withoutDips(HARD),
  'null-mash-heavy': withoutDips(MASH_HEAVY),
  'null-sparse': withoutDips(SPARSE),
  /** No hour differs from another: what is left is chance and days. */
  'null-flat': { ...withoutDips(REALISTIC), curve: [0, 0], eveningLow: [0, 0], hourDeviation: 0, mash: 0 },
} as const satisfies Record<string, Scenario>

export type ScenarioName = keyof typeof SCENARIOS

/** What all scenarios share. */
export const WORLD = {
  days: 56,
  touchpoints: 200,
  /** usual Happy Index of a touchpoint */
  level: [68, 88] as Range,
  opens: [6, 10] as Range,
  closes: [18, 23] as Range,
  /** share of touchpoints open around the clock, whose business day begins at 4 in the morning */
  roundTheClock: 0.04,
  /** days on whose last slot (3 o'clock at night) clocks change: forward in spring, back in autumn; by the seed's parity */
  clockChange: { spring: 26, autumn: 19 },
  /** share closed on Sundays, and closed all weekend: offices */
  closedSundays: 0.15,
  closedWeekends: 0.1,
  /** SD of the logarithm of volume: by weekday, by day, by hour of a day */
  weekdayVolume: 0.2,
  dayVolume: 0.25,
  hourVolume: 0.25,
  /** share of touchpoints with an outage of 2 hours to 4 days, all presses lost */
  outages: 0.15,
  /** share of dips where a few become furious, instead of all a little less happy */
  surges: 0.4,
  /** share that ended before the last week, `leastDays` or more after they began */
  ended: 0.2,
  /** share that was there when the data begin; others begin on any day that leaves `leastDays` */
  standing: 0.1,
  /** hours of a dip: share with one, two and three */
  lengths: [0.45, 0.35, 0.2],
  /** share of dips with a second one on the same touchpoint, on the other half of its day */
  second: 0.08,
} as const
