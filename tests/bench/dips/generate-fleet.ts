// A made-up fleet: what was planted beside what was pressed. In: a scenario and a seed. Out: per touchpoint its nature, its
// dips (the truth), its raw presses, and the tallies a scan gets to see, which went through the real mash filter.
// Promises: same seed, same fleet, bit for bit; touchpoint i is the same whatever the size of the fleet.
import { burstGapMs } from '../../../src/analysis/burst-gap.ts'
import { labelPresses } from '../../../src/analysis/mash-filter.ts'
import { SLOTS, type TouchpointCells } from '../../../src/analysis/touchpoint-cells.ts'
import { type Draw, makeDraw } from './draw.ts'
import { drawDips, type PlantedDip } from './draw-dip.ts'
import { drawNature, type TouchpointNature } from './draw-nature.ts'
import { drawPresses, HOUR_MS, type Presses } from './draw-presses.ts'
import { type Scenario, WORLD } from './scenarios.ts'

export type MadeTouchpoint = {
  nature: TouchpointNature
  dips: PlantedDip[]
  presses: Presses
  cells: TouchpointCells
}

/** Touchpoints one at a time: raw presses of a whole fleet need a hundred megabytes, and nobody needs them at once. */
export function* generateFleet(
  scenario: Scenario,
  seed: number,
  touchpoints: number = WORLD.touchpoints,
  days: number = WORLD.days,
): Generator<MadeTouchpoint> {
  for (let i = 0; i < touchpoints; i++) {
    const draw = makeDraw(seed * 65_536 + i)
    const nature = drawNature(draw, scenario)
    const dips = drawDips(draw, scenario, nature, days)
    const presses = drawPresses(draw, scenario, nature, dips, days, drawVolume(draw, seed, days))
    yield { nature, dips, presses, cells: tallyPresses(`t${String(i).padStart(4, '0')}`, presses, days) }
  }
}

/** Factor of volume per cell: the clock change, and an outage. */
function drawVolume(draw: Draw, seed: number, days: number): Float64Array {
  const volume = new Float64Array(days * SLOTS).fill(1)
  const isSpring = seed % 2 === 0
  const { spring, autumn } = WORLD.clockChange
  volume[(isSpring ? spring : autumn) * SLOTS + SLOTS - 1] = isSpring ? 0 : 2
  if (draw.chance(WORLD.outages)) {
    const start = draw.whole([0, days * SLOTS - 1])
    volume.fill(0, start, start + Math.round(2 * 48 ** draw.uniform()))
  }
  return volume
}

function tallyPresses(id: string, { atMs, value }: Presses, days: number): TouchpointCells {
  const hourly = new Uint16Array(days * SLOTS)
  for (const at of atMs) hourly[Math.floor(at / HOUR_MS)] = (hourly[Math.floor(at / HOUR_MS)] as number) + 1
  const labels = labelPresses(atMs, value, { gapMs: burstGapMs(hourly) })
  const counts = [0, 1, 2, 3].map(() => new Uint16Array(days * SLOTS))
  labels.forEach(({ label }, i) => {
    if (label !== 'counted') return
    const ofValue = counts[value[i] as number] as Uint16Array
    const cell = Math.floor((atMs[i] as number) / HOUR_MS)
    ofValue[cell] = (ofValue[cell] as number) + 1
  })
  const weekdays = Uint8Array.from({ length: days }, (_, day) => (day % 7) + 1)
  return { id, days, weekdays, openSlots: null, counts }
}
