import type { Draw } from './draw.ts'
import type { PlantedDip } from './draw-dip.ts'
import type { TouchpointNature } from './draw-nature.ts'
import { facesOfIndex, withFurious } from './faces.ts'
import { type Scenario, WORLD } from './scenarios.ts'

const SLOTS = 24
export const HOUR_MS = 3_600_000
const HOUR_CORRELATION = 0.5

/** Presses as a box would record them, in order of time. */
export type Presses = {
  /** ms since the first business day began, on a clock that never changes */
  atMs: Float64Array
  /** 0..3, worst first */
  value: Uint8Array
}

/**
 * Presses of one touchpoint over all its days: honest customers hour by hour, and children who play.
 *
 * @param isLost per cell (day × 24 + slot): an outage, presses lost
 * @param volume factor per cell; an hour that clocks skip has 0, one that they repeat 2
 */
export function drawPresses(
  draw: Draw,
  scenario: Scenario,
  nature: TouchpointNature,
  dips: readonly PlantedDip[],
  days: number,
  volume: Float64Array,
): Presses {
  const drawn: number[] = []
  for (let day = 0; day < days; day++) {
    const weekday = (day % 7) + 1
    if (!nature.openWeekdays.includes(weekday)) continue
    const mood = drawDayMood(draw, scenario) + (nature.trend * (day - days / 2)) / 7
    const busyness = (nature.weekdayFactor[weekday] as number) * Math.exp(WORLD.dayVolume * draw.normal())
    let hourMood = draw.normal()
    for (let slot = nature.openSlot; slot < nature.closeSlot; slot++) {
      hourMood = HOUR_CORRELATION * hourMood + Math.sqrt(1 - HOUR_CORRELATION ** 2) * draw.normal()
      const index = (nature.slotIndex[slot] as number) + mood + scenario.hourMood * hourMood
      const factor = busyness * (volume[day * SLOTS + slot] as number)
      const mean = (nature.slotPresses[slot] as number) * factor * Math.exp(WORLD.hourVolume * draw.normal())
      const startMs = (day * SLOTS + slot) * HOUR_MS
      drawHonest(draw, drawn, startMs, draw.poisson(mean), facesAt(index, dips, day, weekday, slot))
      const isPlayTime = slot >= nature.playSlot && slot < nature.playSlot + 2
      if (factor > 0 && draw.chance(scenario.mash * (isPlayTime ? 4 : 0.6))) drawPlay(draw, drawn, startMs)
    }
  }
  const inOrder = Float64Array.from(drawn).sort()
  return { atMs: inOrder.map((press) => Math.floor(press / 4)), value: Uint8Array.from(inOrder, (press) => press % 4) }
}

function drawDayMood(draw: Draw, { dayMood, badDays, badDayDepth }: Scenario): number {
  const mood = dayMood * draw.normal()
  return draw.chance(badDays) ? mood - draw.within(badDayDepth) : mood
}

function facesAt(
  index: number,
  dips: readonly PlantedDip[],
  day: number,
  weekday: number,
  slot: number,
): readonly number[] {
  const dip = dips.find(
    ({ firstDay, endDay, startSlot, endSlot, weekdays }) =>
      day >= firstDay && day < endDay && slot >= startSlot && slot < endSlot && weekdays.includes(weekday),
  )
  const usual = Math.min(96, Math.max(30, index))
  if (dip === undefined) return facesOfIndex(usual)
  return dip.kind === 'surge' ? withFurious(facesOfIndex(usual), dip.depth) : facesOfIndex(usual - dip.depth)
}

/** Time and value in one number, which typed arrays sort ten times faster than objects. */
const packPress = (atMs: number, value: number): number => 4 * atMs + value

function drawHonest(draw: Draw, drawn: number[], startMs: number, presses: number, faces: readonly number[]): void {
  const [a, b, c] = faces as [number, number, number]
  for (let press = 0; press < presses; press++) {
    const at = draw.uniform()
    const value = at < a ? 0 : at < a + b ? 1 : at < a + b + c ? 2 : 3
    drawn.push(packPress(startMs + Math.floor(draw.uniform() * HOUR_MS), value))
  }
}

/**
 * One child at the box: 6 to 40 presses, quick (a fifth of a second apart on average) or slow (up to 2.5 s), mostly on one
 * favourite button, which is red more often than not.
 */
function drawPlay(draw: Draw, drawn: number[], startMs: number): void {
  const favourite = draw.pick([5, 1, 1, 3])
  const meanGapMs = draw.chance(0.8) ? draw.within([200, 900]) : draw.within([900, 2500])
  let atMs = startMs + Math.floor(draw.uniform() * (HOUR_MS - 120_000))
  for (let left = draw.whole([6, 40]); left > 0; left--) {
    drawn.push(packPress(atMs, draw.chance(0.7) ? favourite : draw.whole([0, 3])))
    atMs += Math.ceil(meanGapMs * draw.within([0.4, 1.6]))
  }
}
