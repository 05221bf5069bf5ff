import type { Clock } from '../../shared/clock.ts'
import type { Catalogue } from '../store/catalogue.ts'
import { dayOfDate } from './night/day-number.ts'
import { planTouchpoint } from './touchpoint-plan.ts'

/** All offsets of local time change, and all local hours begin, at whole quarters of an hour UTC. */
const quarterMs = 15 * 60_000

/**
 * The newest night that can be run: the business date that is over at every touchpoint, in days since 1970-01-01.
 *
 * It is worked out once a quarter of an hour and catalogue, since thousands of timetables take a while.
 *
 * @returns null from it where no touchpoint has a question
 */
export function makeDueNight(clock: Clock): (catalogue: Catalogue) => number | null {
  let known: { catalogue: Catalogue; quarter: number; night: number | null } | null = null
  return (catalogue) => {
    const quarter = Math.floor(clock.wallMs() / quarterMs)
    if (known?.catalogue !== catalogue || known.quarter !== quarter) {
      let night: number | null = null
      for (const touchpoint of catalogue.touchpoints.values()) {
        const plan = planTouchpoint(catalogue, touchpoint, clock)
        if (plan) night = Math.min(night ?? Number.POSITIVE_INFINITY, dayOfDate(plan.to))
      }
      known = { catalogue, quarter, night }
    }
    return known.night
  }
}
