import { burstGapMs } from '../../analysis/burst-gap.ts'
import type { StoredPress, StoreReader } from '../store/port.ts'

const dayMs = 86_400_000
const referenceDays = 56
const maxKept = 100_000

/** The filter's longest gap for a press, from the raw presses of its touchpoint in the 8 weeks before its ISO week. */
export type BurstGaps = (press: StoredPress) => Promise<number>

/** Monday of the ISO week of a local date. */
function mondayOf(date: string): string {
  const atMs = Date.parse(`${date}T00:00:00Z`)
  return shiftDate(date, -((new Date(atMs).getUTCDay() + 6) % 7))
}

function shiftDate(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)
}

/**
 * Looks each week's gap up once and keeps it, so that presses arriving late do not change how their neighbours of the same week
 * are judged. A press without an hour at a touchpoint gets the slowest gap, as do touchpoints nothing is known of.
 */
export function makeBurstGaps(store: StoreReader): BurstGaps {
  const kept = new Map<string, number>()
  return async ({ cell, record: { question } }) => {
    if (cell?.class !== 'raw') return burstGapMs([])
    const monday = mondayOf(cell.localDate)
    const key = `${cell.touchpoint} ${question} ${monday}`
    const found = kept.get(key)
    if (found !== undefined) return found
    const tallies = await store.tallies({
      touchpoint: cell.touchpoint,
      question,
      class: 'raw',
      from: shiftDate(monday, -referenceDays),
      to: shiftDate(monday, -1),
    })
    const gapMs = burstGapMs(tallies.map(({ counts }) => counts.reduce((sum, count) => sum + count, 0)))
    if (kept.size >= maxKept) kept.clear()
    kept.set(key, gapMs)
    return gapMs
  }
}
