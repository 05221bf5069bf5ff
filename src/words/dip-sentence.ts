/**
 * A dip in one sentence, in the language asked for. Comes in: the figures of a dip (contracts.md §1). Goes out: text for a person.
 * It claims no more than the method supports: the shrunk depth with its interval, an onset with its interval, and a certainty
 * that is a false-discovery rate (how many of such reports are false), not a probability of this one dip.
 */
import type { DipBegan, DipCatalogue, DipCertainty, MonthDay } from './dip-sentence-catalogue.ts'
import { dipSentenceCs } from './dip-sentence-cs.ts'
import { dipSentenceEn } from './dip-sentence-en.ts'
import { dipSentenceFi } from './dip-sentence-fi.ts'
import { dipSentenceId } from './dip-sentence-id.ts'
import { dipSentenceZhHant } from './dip-sentence-zh-hant.ts'
import type { Language } from './languages.ts'
import { sentenceLanguage } from './sentence-language.ts'

/** Dates are `YYYY-MM-DD`; points and indexes are those of the dip report, unrounded. */
export type DipFacts = {
  weekdays: readonly number[] | null
  startHour: number
  endHour: number
  onset: string | null
  onsetLow: string | null
  onsetHigh: string | null
  onsetOpen: boolean
  ended: string | null
  index: number
  usual: number
  depth: number
  ciLow: number
  ciHigh: number
  q: number
  daysBelow: number
  days: number
}

const catalogues: Readonly<Record<Language, DipCatalogue>> = {
  en: dipSentenceEn,
  fi: dipSentenceFi,
  cs: dipSentenceCs,
  id: dipSentenceId,
  'zh-Hant': dipSentenceZhHant,
}

const catalogueOf = (tag: string): DipCatalogue => catalogues[sentenceLanguage(tag)]

/** The words that go with a q-value up to .2 (dips.md step 18). */
export function certaintyOf(q: number): DipCertainty {
  if (q <= 0.001) return 'practically-certain'
  if (q <= 0.01) return 'very-likely'
  return q <= 0.05 ? 'likely' : 'suspected'
}

/** @param date `YYYY-MM-DD` */
export function monthDay(date: string): MonthDay {
  return { month: Number(date.slice(5, 7)), day: Number(date.slice(8, 10)) }
}

function beganOf({ onset, onsetLow, onsetHigh, onsetOpen }: DipFacts): DipBegan {
  if (onset === null) return { when: 'before' }
  const high = monthDay(onsetHigh ?? onset)
  if (onsetOpen) return { when: 'perhaps-before', about: monthDay(onset), high }
  return { when: 'within', about: monthDay(onset), low: monthDay(onsetLow ?? onset), high }
}

type When = Pick<DipFacts, 'weekdays' | 'startHour' | 'endHour' | 'ended'>

/** When it began and ended, its weekdays and its hours, each as the language says them. */
export function sayWhen(when: When, began: DipBegan, language: string) {
  const catalogue = catalogueOf(language)
  return {
    time: catalogue.time(began, when.ended === null ? null : monthDay(when.ended)),
    weekdays: catalogue.weekdays(when.weekdays && [...when.weekdays].sort((a, b) => a - b)),
    hours: catalogue.hours(when.startHour, when.endHour),
  }
}

/**
 * @param language BCP 47 tag; English where we do not speak it
 * @returns one paragraph: when, which days and hours, how deep, how sure
 */
export function formatDipSentence(facts: DipFacts, language: string): string {
  const catalogue = catalogueOf(language)
  return catalogue.sentence({
    ...sayWhen(facts, beganOf(facts), language),
    figures: {
      index: Math.round(facts.index),
      usual: Math.round(facts.usual),
      depth: Math.round(facts.depth),
      low: Math.round(facts.ciLow),
      high: Math.round(facts.ciHigh),
      daysBelow: facts.daysBelow,
      days: facts.days,
    },
    certainty: catalogue.certainty[facts.q > 0.2 ? 'weak' : certaintyOf(facts.q)],
  })
}

/**
 * What to say of a touchpoint that has too few presses for a verdict.
 *
 * @param moreDays days still needed at the present rate; null when that can't be said
 */
export function formatInsufficient(moreDays: number | null, language: string): string {
  return catalogueOf(language).insufficient(moreDays)
}
