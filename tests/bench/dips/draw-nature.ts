import type { Draw } from './draw.ts'
import { type Scenario, WORLD } from './scenarios.ts'

const SLOTS = 24

/** What a touchpoint is like when nothing is wrong. */
export type TouchpointNature = {
  pressesPerDay: number
  openSlot: number
  /** exclusive */
  closeSlot: number
  /** ISO */
  openWeekdays: number[]
  /** expected presses per slot of an ordinary day */
  slotPresses: Float64Array
  /** factor of volume per ISO weekday, index 1..7 */
  weekdayFactor: number[]
  /** expected Happy Index per slot of an ordinary day */
  slotIndex: Float64Array
  /** points a week */
  trend: number
  /** hour after which children come to play */
  playSlot: number
}

export function drawNature(draw: Draw, scenario: Scenario): TouchpointNature {
  const isAlwaysOpen = draw.chance(WORLD.roundTheClock)
  const openSlot = isAlwaysOpen ? 0 : draw.whole(WORLD.opens)
  const closeSlot = isAlwaysOpen ? SLOTS : draw.whole(WORLD.closes)
  const [least, most] = scenario.pressesPerDay
  const pressesPerDay = least * (most / least) ** draw.uniform()
  return {
    pressesPerDay,
    openSlot,
    closeSlot,
    openWeekdays: drawOpenWeekdays(draw, isAlwaysOpen),
    slotPresses: drawSlotPresses(draw, openSlot, closeSlot, pressesPerDay),
    weekdayFactor: Array.from({ length: 8 }, () => Math.exp(WORLD.weekdayVolume * draw.normal())),
    slotIndex: drawSlotIndex(draw, scenario, openSlot, closeSlot),
    trend: scenario.trend * (2 * draw.uniform() - 1),
    playSlot: draw.whole([openSlot + 2, closeSlot - 4]),
  }
}

function drawOpenWeekdays(draw: Draw, isAlwaysOpen: boolean): number[] {
  const sort = draw.uniform()
  if (isAlwaysOpen || sort > WORLD.closedSundays + WORLD.closedWeekends) return [1, 2, 3, 4, 5, 6, 7]
  return sort < WORLD.closedWeekends ? [1, 2, 3, 4, 5] : [1, 2, 3, 4, 5, 6]
}

/** Two humps, about noon and after work, over a floor; which is the higher, and where, differs from door to door. */
function drawSlotPresses(draw: Draw, openSlot: number, closeSlot: number, pressesPerDay: number): Float64Array {
  const noon = { at: draw.within([10.5, 13.5]), width: draw.within([1.5, 3]), height: draw.within([0.4, 1.4]) }
  const evening = { at: draw.within([15.5, 18.5]), width: draw.within([1.2, 3]), height: draw.within([0.2, 1.4]) }
  const presses = new Float64Array(SLOTS)
  for (let slot = openSlot; slot < closeSlot; slot++) {
    const humps = [noon, evening].map(({ at, width, height }) => height * Math.exp(-(((slot - at) / width) ** 2)))
    presses[slot] = 0.25 + humps.reduce((sum, hump) => sum + hump, 0)
  }
  const total = presses.reduce((sum, share) => sum + share, 0)
  return presses.map((share) => (share * pressesPerDay) / total)
}

/** A smooth curve over the day (one wave and half of another), an evening low, and each hour's own small deviation. */
function drawSlotIndex(draw: Draw, scenario: Scenario, openSlot: number, closeSlot: number): Float64Array {
  const level = draw.within(WORLD.level)
  const swing = draw.within(scenario.curve) / 2
  const phase = draw.uniform()
  const evening = draw.within(scenario.eveningLow)
  return Float64Array.from({ length: SLOTS }, (_, slot) => {
    const at = (slot - openSlot) / (closeSlot - 1 - openSlot)
    const wave = 0.7 * Math.cos(2 * Math.PI * (at - phase)) + 0.3 * Math.cos(4 * Math.PI * (at + phase))
    return level + swing * wave - evening * Math.max(0, at) ** 3 + scenario.hourDeviation * draw.normal()
  })
}
