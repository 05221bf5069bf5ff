import { SLOTS } from '../touchpoint-cells.ts'
import type { CoveredPresses } from './covered-presses.ts'
import { hourOfWeek, type UsualPresses } from './usual-presses.ts'

/** How much more than by chance a touchpoint's hours and days differ; relative variances. */
export type PressSpread = {
  /** of an hour around what its weekday, slot and day lead to expect */
  ofHours: number
  /** of a day's factor around 1 */
  ofDays: number
}

/** Presses of one day in hours whose mean is known, with what the means alone lead to expect. */
export type DaySum = {
  presses: number
  expected: number
  /** Σ expected² over its hours */
  squares: number
}

/** No public is as even as chance alone; a lucky history must not make silence look impossible. */
const LEAST_SPREAD = 0.01
const WEEKDAYS = 7

/**
 * Estimates both spreads from the days before the last by the method of moments: squares beyond what chance (and, for
 * days, their hours) explain, after dividing by the share of degrees of freedom that the fitted means and factors leave.
 *
 * @returns at least .01 each
 * @see Breslow 1984, Extra-Poisson variation in log-linear models; R: MASS::theta.mm (its theta is 1 / ofHours)
 */
export function pressSpread(past: CoveredPresses, usual: UsualPresses): PressSpread {
  const days = Array.from({ length: past.days - 1 }, (_, day) => sumDay(past, usual, day)).filter(
    ({ expected }) => expected > 0,
  )
  const ofHours = Math.max(LEAST_SPREAD, spreadOfHours(past, usual))
  return { ofHours, ofDays: Math.max(LEAST_SPREAD, spreadOfDays(days, ofHours)) }
}

/** @param isLeftOut slots of that day to pass over; absent = none */
export function sumDay(
  { weekdays, covered, presses }: CoveredPresses,
  { mean }: UsualPresses,
  day: number,
  isLeftOut: (slot: number) => boolean = () => false,
): DaySum {
  const sum = { presses: 0, expected: 0, squares: 0 }
  for (let slot = 0; slot < SLOTS; slot++) {
    const cell = day * SLOTS + slot
    const expected = mean[hourOfWeek(weekdays, cell)] as number
    if (covered[cell] !== 1 || expected === 0 || isLeftOut(slot)) continue
    sum.presses += presses[cell] as number
    sum.expected += expected
    sum.squares += expected ** 2
  }
  return sum
}

function spreadOfHours(past: CoveredPresses, usual: UsualPresses): number {
  let residuals = 0
  let expectedSum = 0
  let weight = 0
  let hours = 0
  let fitted = usual.mean.filter((mean) => mean > 0).length
  for (let day = 0; day < past.days - 1; day++) {
    const ofDay = sumDay(past, usual, day)
    if (ofDay.presses === 0) continue
    fitted++
    const factor = ofDay.presses / ofDay.expected
    for (let cell = day * SLOTS; cell < (day + 1) * SLOTS; cell++) {
      const expected = factor * (usual.mean[hourOfWeek(past.weekdays, cell)] as number)
      if (past.covered[cell] !== 1 || expected === 0) continue
      residuals += ((past.presses[cell] as number) - expected) ** 2
      expectedSum += expected
      weight += expected ** 2
      hours++
    }
  }
  if (weight === 0) return 0
  return ((residuals * hours) / Math.max(1, hours - fitted) - expectedSum) / weight
}

function spreadOfDays(days: readonly DaySum[], ofHours: number): number {
  if (days.length <= WEEKDAYS) return 1
  const free = days.length / (days.length - WEEKDAYS)
  const beyond = days.map(({ presses, expected, squares }) => {
    const noise = 1 / expected + (ofHours * squares) / expected ** 2
    return free * (presses / expected - 1) ** 2 - noise
  })
  return beyond.reduce((sum, value) => sum + value, 0) / days.length
}
