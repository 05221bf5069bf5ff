import type { TouchpointCells } from '../../../src/analysis/touchpoint-cells.ts'
import { generateFleet } from '../../bench/dips/generate-fleet.ts'
import { SCENARIOS } from '../../bench/dips/scenarios.ts'

/** Days kept of every sixth touchpoint: a fleet has new ones, and some that are too new for a verdict. */
const KEPT_DAYS = [56, 56, 43, 21, 56, 12]

/**
 * A small fleet with all that the scan meets: dips, play, doors that close, new touchpoints, one with opening hours, one
 * without a press.
 */
export function makeGoldenFleet(): TouchpointCells[] {
  const made = [...generateFleet(SCENARIOS.realistic, 5, 18), ...generateFleet(SCENARIOS.easy, 6, 24)]
  return made.map(({ cells }, i) => {
    const days = KEPT_DAYS[i % KEPT_DAYS.length] as number
    const from = cells.days - days
    const openSlots = i === 1 ? Uint8Array.from({ length: days * 24 }, (_, cell) => Number(cell % 24 < 16)) : null
    const counts = cells.counts.map((ofValue) =>
      i === 8 ? ofValue.slice(from * 24).fill(0) : ofValue.slice(from * 24),
    )
    return { id: `g${String(i).padStart(2, '0')}`, days, weekdays: cells.weekdays.slice(from), openSlots, counts }
  })
}
