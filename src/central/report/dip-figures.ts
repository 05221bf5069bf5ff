import type { FoundDip } from '../../analysis/find-dips.ts'
import { addDays } from './local-date.ts'
import { hoursOfSlots } from './night/hours-of-slots.ts'

/**
 * The figures of a found dip as every report tells them (contracts.md §1): slots become hours, days become dates, counts
 * best first.
 *
 * @param from business date of the scan's first day
 * @param dayStart local hour at which the touchpoint's business day begins
 */
export function dipFigures(dip: FoundDip, from: string, dayStart: number) {
  const date = (day: number) => addDays(from, day)
  return {
    weekdays: dip.weekdays,
    ...hoursOfSlots(dip, dayStart),
    onset: dip.onsetDay === null ? null : date(dip.onsetDay),
    onsetLow: dip.onsetOpen ? null : date(dip.onsetLowDay),
    onsetHigh: date(dip.onsetHighDay),
    onsetOpen: dip.onsetOpen,
    ended: dip.endedDay === null ? null : date(dip.endedDay),
    index: dip.index,
    usual: dip.usual,
    rawDepth: dip.rawDepth,
    depth: dip.depth,
    ciLow: dip.ciLow,
    ciHigh: dip.ciHigh,
    p: dip.p,
    q: dip.q,
    rank: dip.rank,
    presses: dip.presses,
    days: dip.days,
    daysBelow: dip.daysBelow,
    inside: dip.inside.toReversed(),
    around: dip.around.toReversed(),
  }
}
