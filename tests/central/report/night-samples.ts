import { dateOfDay, dayOfDate } from '../../../src/central/report/night/day-number.ts'
import type { NightReport } from '../../../src/central/report/night/night-report.ts'

const nothing = () => ({ night: null, dips: [] })

/** A night on which nothing was found. */
export function makeNight(date: string): NightReport {
  const night = dayOfDate(date)
  return {
    ...{ from: dateOfDay(night - 55), to: date, night },
    memories: { touchpoint: nothing(), place: nothing(), chain: nothing() },
    notes: {},
    curves: [],
  }
}
