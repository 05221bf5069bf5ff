/** A peak in one sentence: hours that are better than those around them. */
import { certaintyOf, monthDay, sayWhen } from './dip-sentence.ts'
import { standingWords } from './dip-standing.ts'

/** Dates are `YYYY-MM-DD`; points and indexes unrounded. */
export type PeakFacts = {
  weekdays: readonly number[] | null
  startHour: number
  endHour: number
  onset: string | null
  index: number
  usual: number
  height: number
  ciLow: number
  ciHigh: number
  q: number
  daysAbove: number
  days: number
}

/** @param language BCP 47 tag; English where we do not speak it */
export function formatPeak(facts: PeakFacts, language: string): string {
  const { words } = standingWords(language)
  const { onset } = facts
  const began = onset === null ? ({ when: 'before' } as const) : ({ when: 'about', about: monthDay(onset) } as const)
  return words.peak({
    ...sayWhen({ ...facts, ended: null }, began, language),
    figures: {
      index: Math.round(facts.index),
      usual: Math.round(facts.usual),
      height: Math.round(facts.height),
      low: Math.round(facts.ciLow),
      high: Math.round(facts.ciHigh),
      daysAbove: facts.daysAbove,
      days: facts.days,
    },
    certainty: words.certainty[certaintyOf(facts.q)],
  })
}
