import { burstGapMs } from '../../analysis/burst-gap.ts'
import type { StoredPress, StoreReader } from '../store/port.ts'

const dayMs = 86_400_000
const referenceDays = 56
const maxKept = 100_000

/** The filter's longest gap for a press, from the raw presses of its touchpoint in the 8 weeks before its ISO week. */
export type BurstGaps = {
  /** Undefined when its week was not looked up yet. */
  find(press: StoredPress): number | undefined
  read(press: StoredPress): Promise<number>
}

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
  const weeks = new Map<string, number>()
  /** By date, since a press knows its date and finding the Monday of each of them would cost more than judging it. */
  const dates = new Map<string, number>()
  const keyOf = ({ cell, record }: StoredPress, date: string) => `${cell?.touchpoint} ${record.question} ${date}`

  async function readWeek({ cell, record: { question } }: StoredPress, monday: string): Promise<number> {
    const dates = { from: shiftDate(monday, -referenceDays), to: shiftDate(monday, -1) }
    const tallies = await store.tallies({ touchpoint: cell?.touchpoint ?? '', question, class: 'raw', ...dates })
    return burstGapMs(tallies.map(({ counts }) => counts.reduce((sum, count) => sum + count, 0)))
  }

  function keep(map: Map<string, number>, key: string, gapMs: number): void {
    if (map.size >= maxKept) map.clear()
    map.set(key, gapMs)
  }

  return {
    find: (press) => (press.cell?.class === 'raw' ? dates.get(keyOf(press, press.cell.localDate)) : burstGapMs([])),
    async read(press) {
      if (press.cell?.class !== 'raw') return burstGapMs([])
      const monday = mondayOf(press.cell.localDate)
      const gapMs = weeks.get(keyOf(press, monday)) ?? (await readWeek(press, monday))
      keep(weeks, keyOf(press, monday), gapMs)
      keep(dates, keyOf(press, press.cell.localDate), gapMs)
      return gapMs
    },
  }
}
