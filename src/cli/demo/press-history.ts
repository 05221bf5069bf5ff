/**
 * Weeks of presses as a shop would give them, seeded: volumes by hour and weekday, days that differ, an evening that is naturally
 * lower, bad days, children who mash, and where it is asked for a slump in one hour of the working days.
 */
import { randomGamma, randomLcg, randomNormal, randomPoisson } from 'd3-random'

export type Slump = {
  fromDay: number
  hour: number
  weekdays: readonly number[] /** Shift of the latent mood; −1.3 is about 20 index points. */
  shift: number
}
export type ShopHabits = { seed: number; pressesPerDay: number; mood: number; slump: Slump | null }
/** One open day: its number from the start of the history, ISO weekday, and the UTC at which each open local hour begins. */
export type OpenDay = { day: number; weekday: number; hours: { hour: number; startMs: number }[] }
/** value 0 (very unhappy) … 3 (very happy). */
export type HistoryPress = { utcMs: number; value: number }

/** Share of a day's presses by local hour; a quiet morning, lunch, and the way home. */
const hourShare = [0, 0, 0, 0, 0, 0, 1, 3, 5, 6, 7, 9, 11, 9, 8, 8, 10, 12, 10, 7, 5, 3, 1, 0]
const weekdayShare = [0, 0.92, 0.9, 0.95, 1, 1.18, 1.25, 0.8]
/** Mood at which half of the shoppers press at least value 1, 2, 3. */
const thresholds = [-2.4, -1.7, -0.35]
const hourMs = 3_600_000
/** A box debounces; two honest presses are never closer than this. */
const closestMs = 150

const logistic = (x: number) => 1 / (1 + Math.exp(-x))

/** People are a little less content the longer the day was. */
const naturalMood = (hour: number) => (hour < 12 ? 0.05 * (12 - hour) : hour >= 18 ? -0.12 * (hour - 17) : 0)

type Dice = {
  uniform: () => number
  normal: (mean: number, deviation: number) => number
  poisson: (mean: number) => number
  gamma: (shape: number) => number
}

function makeDice(seed: number): Dice {
  const uniform = randomLcg(seed / 2 ** 32)
  const normal = randomNormal.source(uniform)
  const poisson = randomPoisson.source(uniform)
  const gamma = randomGamma.source(uniform)
  return {
    uniform,
    normal: (mean, deviation) => normal(mean, deviation)(),
    poisson: (mean) => poisson(mean)(),
    gamma: (shape) => gamma(shape, 1 / shape)(),
  }
}

function drawValue(dice: Dice, mood: number): number {
  const u = dice.uniform()
  return thresholds.filter((threshold) => u < logistic(mood - threshold)).length
}

function drawMashing(dice: Dice, startMs: number): HistoryPress[] {
  const presses = 5 + Math.floor(dice.uniform() * 20)
  const gapMs = 180 + dice.uniform() * 500
  const onlyOne = dice.uniform() < 0.5 ? Math.floor(dice.uniform() * 4) : null
  return Array.from({ length: presses }, (_, i) => ({
    utcMs: Math.round(startMs + i * gapMs),
    value: onlyOne ?? Math.floor(dice.uniform() * 4),
  }))
}

function drawDay(dice: Dice, habits: ShopHabits, { day, weekday, hours }: OpenDay): HistoryPress[] {
  const volume = habits.pressesPerDay * (weekdayShare[weekday] ?? 1) * dice.gamma(25)
  const shareSum = hours.reduce((sum, { hour }) => sum + (hourShare[hour] ?? 0), 0)
  const dayMood = habits.mood + dice.normal(0, 0.2) - (dice.uniform() < 0.05 ? 0.6 : 0)
  const presses = hours.flatMap(({ hour, startMs }) => {
    const slump = habits.slump
    const isSlump = slump && day >= slump.fromDay && hour === slump.hour && slump.weekdays.includes(weekday)
    const mood = dayMood + naturalMood(hour) + dice.normal(0, 0.1) + (isSlump ? slump.shift : 0)
    const count = dice.poisson((volume * (hourShare[hour] ?? 0)) / shareSum)
    return Array.from({ length: count }, () => ({
      utcMs: Math.floor(startMs + dice.uniform() * hourMs),
      value: drawValue(dice, mood),
    }))
  })
  for (let burst = dice.poisson(0.5); burst > 0; burst -= 1) {
    const hour = hours[Math.floor(dice.uniform() * hours.length)]
    if (hour) presses.push(...drawMashing(dice, hour.startMs + dice.uniform() * (hourMs - 30_000)))
  }
  return presses
}

/** @returns all presses of the open days, ascending in time, never closer than a box can tell apart */
export function drawPressHistory(habits: ShopHabits, days: readonly OpenDay[]): HistoryPress[] {
  const dice = makeDice(habits.seed)
  const presses = days.flatMap((day) => drawDay(dice, habits, day)).sort((a, b) => a.utcMs - b.utcMs)
  let earliest = Number.NEGATIVE_INFINITY
  return presses.map((press) => {
    const utcMs = Math.max(press.utcMs, earliest)
    earliest = utcMs + closestMs
    return { ...press, utcMs }
  })
}
