/** What happens at one simulated terminal, seeded: a shop's presses by weekday and hour, mashing, nights with a clock change, a slump, and faults. */
import { TZDate } from '@date-fns/tz'
import { randomLcg, randomPoisson } from 'd3-random'
import { listOpenDays } from '../demo/open-days.ts'
import { drawPressHistory, type HistoryPress, type Slump } from '../demo/press-history.ts'
import { type FaultWishes, type PlannedFault, planFaults } from './plan-faults.ts'

export type PlannedPress = HistoryPress & {
  source: 'box' | 'touch'
  /** The terminal's answer got lost, so the press is handed on twice. */
  isHandedTwice: boolean
}
export type WrongClock = {
  /** `epoch`: after each start of the machine the wall clock counts from 1970. */
  wrongBy: number | 'epoch'
  /** From each start of the machine to the first anchor; until then nobody knows the time. */
  anchorAfterMs: number
}
export type TerminalPlan = {
  zone: string
  fromMs: number
  untilMs: number
  /** Ascending in time. */
  presses: PlannedPress[]
  faults: PlannedFault[]
  clock: WrongClock | null
  /** How much the machine's crystal is wrong. */
  driftPpm: number
}
export type PlanWishes = FaultWishes & {
  seed: number
  /** Local date of the first day. */
  from: string
  days: number
  pressesPerDay: number
  touchShare: number
  wrongClockShare: number
}

/** Whole, half and three-quarter hours from UTC; one that never changes, and one that changes by 30 minutes. */
const zones = [
  ...['Europe/Helsinki', 'Europe/Prague', 'Asia/Jakarta', 'Asia/Taipei'],
  ...['America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'America/St_Johns'],
]
const hourMs = 3_600_000
const dayMs = 24 * hourMs
const closestMs = 150
/** A Pi's data sheet promises 40 to 50. */
const worstDriftPpm = 50

function zoneOf(index: number): string {
  return zones[index % zones.length] as string
}

/** @returns the instant at which a local date begins, days later */
function midnightOf(date: string, daysLater: number, zone: string): number {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number)
  return new TZDate(year, month - 1, day + daysLater, 0, 0, 0, zone).getTime()
}

/** People at all hours of a day on which the clocks change: hours that occur twice, or never, are met for sure. */
function drawChangeDays(wishes: PlanWishes, zone: string, uniform: () => number): HistoryPress[] {
  const poisson = randomPoisson.source(uniform)(3)
  const presses: HistoryPress[] = []
  for (let day = 0; day < wishes.days; day += 1) {
    const [from, to] = [midnightOf(wishes.from, day, zone), midnightOf(wishes.from, day + 1, zone)]
    if (to - from === dayMs) continue
    for (let hour = from; hour < to; hour += hourMs)
      for (let left = poisson(); left > 0; left -= 1)
        presses.push({ utcMs: Math.floor(hour + uniform() * (Math.min(hour + hourMs, to) - hour)), value: 1 })
  }
  return presses
}

function spread(presses: HistoryPress[]): HistoryPress[] {
  let earliest = Number.NEGATIVE_INFINITY
  return presses
    .sort((a, b) => a.utcMs - b.utcMs)
    .map(({ utcMs, value }) => {
      const at = Math.max(utcMs, earliest)
      earliest = at + closestMs
      return { utcMs: at, value }
    })
}

function drawClock(wishes: PlanWishes, uniform: () => number): WrongClock | null {
  if (uniform() >= wishes.wrongClockShare) return null
  const kinds = [dayMs, -dayMs, 'epoch'] as const
  return {
    wrongBy: kinds[Math.floor(uniform() * 3)] as number | 'epoch',
    anchorAfterMs: Math.round((2 + uniform() * 4) * hourMs),
  }
}

/** @param index of the terminal; every tenth has the slump */
export function planTerminal(wishes: PlanWishes, index: number): TerminalPlan {
  const zone = zoneOf(index)
  const seed = (wishes.seed * 10_007 + index) % 2 ** 32
  const uniform = randomLcg(seed / 2 ** 32 + 1e-10)
  const fromMs = midnightOf(wishes.from, 0, zone)
  const untilMs = midnightOf(wishes.from, wishes.days, zone)
  const slump: Slump | null =
    index % 10 === 0 ? { fromDay: Math.floor(wishes.days / 2), hour: 10, weekdays: [1, 2, 3, 4, 5], shift: -1.3 } : null
  const habits = { seed, pressesPerDay: wishes.pressesPerDay, mood: uniform(), slump }
  const usual = drawPressHistory(habits, listOpenDays(zone, wishes.days, untilMs))
  const all = spread([...usual, ...drawChangeDays(wishes, zone, uniform)])
  return {
    ...{ zone, fromMs, untilMs },
    presses: all.map((press) => ({
      ...press,
      source: uniform() < wishes.touchShare ? 'touch' : 'box',
      isHandedTwice: uniform() < 0.03,
    })),
    faults: planFaults(wishes, fromMs, untilMs, uniform),
    clock: drawClock(wishes, uniform),
    driftPpm: (uniform() * 2 - 1) * worstDriftPpm,
  }
}
