// Seeded history of counted presses for tests: days that look like a shop's (busy hours, busy weekdays, good and bad days,
// a tired evening, slow trends) with or without one planted dip. Not a model of any real shop; its truth is known, which
// is the point. Same seed, same history.
import type { TouchpointCells } from '../../src/analysis/touchpoint-cells.ts'

/** Uniform numbers in [0, 1). */
export type Random = () => number

export type PlantedDip = {
  /** ISO weekdays */
  weekdays: readonly number[]
  startSlot: number
  /** exclusive */
  endSlot: number
  /** first day with the dip */
  fromDay: number
  /** points of the Happy Index */
  depth: number
}

export type PressHistory = {
  id: string
  days: number
  /** ISO weekday of day 0 */
  firstWeekday: number
  openSlot: number
  /** exclusive */
  closeSlot: number
  pressesPerDay: number
  /** usual Happy Index */
  index: number
  /** points lost towards closing */
  eveningLow: number
  /** points a week */
  trend: number
  dip?: PlantedDip
}

const WEEKDAY_VOLUME = [0, 0.9, 0.85, 0.95, 1, 1.2, 1.4, 0.8]
/** Shares of the four faces, worst first, of a pleased and of a displeased public. */
const PLEASED = [0.02, 0.04, 0.16, 0.78]
const DISPLEASED = [0.5, 0.25, 0.15, 0.1]

/** Small fast generator (mulberry32): 32 bits of state are plenty for a test. */
export function makeRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

export function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** Knuth's product for small means, the normal approximation beyond. */
function drawPoisson(random: Random, mean: number): number {
  if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * drawNormal(random)))
  const limit = Math.exp(-mean)
  let product = random()
  let count = 0
  while (product > limit) {
    product *= random()
    count++
  }
  return count
}

/** One touchpoint's history. Draws from `random`, so the order of calls is part of the seed. */
export function generateCells(random: Random, history: PressHistory): TouchpointCells {
  const size = history.days * 24
  const counts = PLEASED.map(() => new Uint16Array(size))
  const weekdays = Uint8Array.from({ length: history.days }, (_, day) => ((history.firstWeekday - 1 + day) % 7) + 1)
  // Ordinary hours differ from their neighbours a little, always in the same way.
  const ownPattern = Array.from({ length: 24 }, () => 1.2 * drawNormal(random))
  for (let day = 0; day < history.days; day++) {
    const mood = 3 * drawNormal(random)
    const busyness = Math.exp(0.25 * drawNormal(random)) * (WEEKDAY_VOLUME[weekdays[day] as number] as number)
    for (let slot = history.openSlot; slot < history.closeSlot; slot++) {
      const volume = history.pressesPerDay * busyness * slotShare(history, slot) * Math.exp(0.3 * drawNormal(random))
      const index =
        expectedIndex(history, day, weekdays[day] as number, slot) +
        mood +
        (ownPattern[slot] as number) +
        2.5 * drawNormal(random)
      addPresses(random, counts, day * 24 + slot, drawPoisson(random, volume), index)
    }
  }
  return { id: history.id, days: history.days, weekdays, openSlots: null, counts }
}

/** Two humps, before noon and after work, over a floor. */
function slotShare(history: PressHistory, slot: number): number {
  const shape = (at: number): number =>
    0.3 + Math.exp(-(((at - 11) / 2.5) ** 2)) + 1.1 * Math.exp(-(((at - 17) / 2) ** 2))
  let total = 0
  for (let at = history.openSlot; at < history.closeSlot; at++) total += shape(at)
  return shape(slot) / total
}

function expectedIndex(history: PressHistory, day: number, weekday: number, slot: number): number {
  const late = (slot - history.openSlot) / Math.max(1, history.closeSlot - 1 - history.openSlot)
  const usual = history.index - history.eveningLow * late ** 2 + (history.trend * day) / 7
  return isInDip(history.dip, day, weekday, slot) ? usual - (history.dip?.depth ?? 0) : usual
}

function isInDip(dip: PlantedDip | undefined, day: number, weekday: number, slot: number): boolean {
  if (dip === undefined || day < dip.fromDay) return false
  return dip.weekdays.includes(weekday) && slot >= dip.startSlot && slot < dip.endSlot
}

function indexOf(shares: readonly number[]): number {
  return shares.reduce((sum, share, value) => sum + (share * value * 100) / 3, 0)
}

function addPresses(random: Random, counts: Uint16Array[], cell: number, presses: number, index: number): void {
  const best = indexOf(PLEASED)
  const mix = Math.min(1, Math.max(0, (best - index) / (best - indexOf(DISPLEASED))))
  for (let press = 0; press < presses; press++) {
    const shares = random() < mix ? DISPLEASED : PLEASED
    let left = random()
    let value = 0
    while (value < 3 && left >= (shares[value] as number)) left -= shares[value++] as number
    const ofValue = counts[value] as Uint16Array
    ofValue[cell] = (ofValue[cell] as number) + 1
  }
}

/** A fleet of shops of different sizes, hours and moods; `dip` goes to one of them. */
export function generateFleet(
  seed: number,
  size: number,
  days: number,
  planted?: { at: number; dip: PlantedDip },
): TouchpointCells[] {
  const random = makeRandom(seed)
  return Array.from({ length: size }, (_, i) => {
    const history: PressHistory = {
      id: `t${String(i + 1).padStart(3, '0')}`,
      days,
      firstWeekday: 1,
      openSlot: 7 + Math.floor(random() * 3),
      closeSlot: 19 + Math.floor(random() * 3),
      pressesPerDay: Math.round(120 + 380 * random() ** 2),
      index: 72 + 12 * random(),
      eveningLow: 4 + 8 * random(),
      trend: 0.6 * (random() - 0.5),
    }
    return generateCells(random, planted?.at === i ? { ...history, dip: planted.dip } : history)
  })
}
