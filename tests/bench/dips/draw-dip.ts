import type { Draw } from './draw.ts'
import type { TouchpointNature } from './draw-nature.ts'
import { type Scenario, WORLD } from './scenarios.ts'

/** A dip that was planted: what a method should find. Days are indices into the touchpoint's days. */
export type PlantedDip = {
  kind: 'surge' | 'shift'
  /** ISO weekdays on which the touchpoint is open */
  weekdays: number[]
  startSlot: number
  /** exclusive */
  endSlot: number
  /** 0 = there when the data begin */
  firstDay: number
  /** exclusive; the number of days for a dip that goes on */
  endDay: number
  /** points of the Happy Index */
  depth: number
}

/**
 * None, one dip, or two on different halves of the day, somewhere in the touchpoint's open hours. A dip on days on which it
 * is closed is none.
 */
export function drawDips(draw: Draw, scenario: Scenario, nature: TouchpointNature, days: number): PlantedDip[] {
  if (!draw.chance(scenario.dipShare)) return []
  const { openSlot, closeSlot } = nature
  const middle = Math.floor((openSlot + closeSlot) / 2)
  const dips = draw.chance(WORLD.second)
    ? [
        drawDip(draw, scenario, nature, days, openSlot, middle - 1),
        drawDip(draw, scenario, nature, days, middle + 1, closeSlot),
      ]
    : [drawDip(draw, scenario, nature, days, openSlot, closeSlot)]
  return dips.filter(({ weekdays }) => weekdays.length > 0)
}

function drawDip(
  draw: Draw,
  { depth, recurrence, leastDays }: Scenario,
  { openWeekdays }: TouchpointNature,
  days: number,
  fromSlot: number,
  toSlot: number,
): PlantedDip {
  const length = draw.pick(WORLD.lengths) + 1
  const startSlot = draw.whole([fromSlot, toSlot - length])
  const hasEnded = draw.chance(WORLD.ended)
  // Ended ones are over for a week at least, so that weeks without them can tell.
  const latest = days - leastDays - (hasEnded ? 7 : 0)
  const weekdays = drawWeekdays(draw, recurrence).filter((weekday) => openWeekdays.includes(weekday))
  let firstDay = draw.chance(WORLD.standing) ? 0 : draw.whole([1, latest])
  // A dip begins on a day that has it: nothing in the data could tell an earlier day.
  while (firstDay > 0 && weekdays.length > 0 && !weekdays.includes((firstDay % 7) + 1)) firstDay++
  return {
    kind: draw.chance(WORLD.surges) ? 'surge' : 'shift',
    weekdays,
    startSlot,
    endSlot: startSlot + length,
    firstDay,
    endDay: hasEnded ? draw.whole([Math.min(firstDay + leastDays, days - 7), days - 7]) : days,
    depth: draw.within(depth),
  }
}

function drawWeekdays(draw: Draw, { all, monToFri, weekend, single, two }: Scenario['recurrence']): number[] {
  switch (draw.pick([all, monToFri, weekend, single, two])) {
    case 0:
      return [1, 2, 3, 4, 5, 6, 7]
    case 1:
      return [1, 2, 3, 4, 5]
    case 2:
      return [6, 7]
    case 3:
      return [draw.whole([1, 7])]
    default: {
      const first = draw.whole([1, 5])
      return [first, draw.whole([first + 1, Math.min(6, first + 3)])]
    }
  }
}
