import type { Clock } from '../../shared/clock.ts'
import type { Catalogue, Survey, Touchpoint } from '../store/catalogue.ts'
import { lastCompleteDate } from './business-day.ts'
import { dayStartOf } from './day-start.ts'
import { addDays } from './local-date.ts'

/** Days of the standard period (dips.md §3.2). */
export const periodDays = 56

/** How a touchpoint's hours are laid out and which business dates make up its standard period at this moment. */
export type TouchpointPlan = {
  touchpoint: Touchpoint
  /** Newest revision of its question. */
  survey: Survey
  dayStart: number
  from: string
  to: string
}

/**
 * @returns null for a touchpoint whose question nobody has defined yet; there is nothing to tell of it
 */
export function planTouchpoint(catalogue: Catalogue, touchpoint: Touchpoint, clock: Clock): TouchpointPlan | null {
  const survey = catalogue.surveys.get(touchpoint.question)?.at(-1)
  if (!survey) return null
  const today = new Date(clock.wallMs()).toISOString().slice(0, 10)
  const dayStart = dayStartOf(touchpoint, today)
  const to = lastCompleteDate(clock, touchpoint.zone, dayStart)
  return { touchpoint, survey, dayStart, from: addDays(to, 1 - periodDays), to }
}
