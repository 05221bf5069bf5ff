/**
 * How a remembered dip stands, in sentences: whether it seems over or is back, its trend, what became of a fix, and where it
 * is told. Beside the dip's own sentence (`dip-sentence.ts`), which says when, where in the week, how deep and how sure.
 */
import type { DipStandingCatalogue } from './dip-standing-catalogue.ts'
import { dipStandingCs } from './dip-standing-cs.ts'
import { dipStandingEn } from './dip-standing-en.ts'
import { dipStandingFi } from './dip-standing-fi.ts'
import { dipStandingId } from './dip-standing-id.ts'
import { dipStandingZhHant } from './dip-standing-zh-hant.ts'
import { chooseLocale, type Language } from './languages.ts'
import { sentenceLanguage } from './sentence-language.ts'

/** Dates are `YYYY-MM-DD`, points unrounded. */
export type StandingFacts = {
  state: 'suspected' | 'confirmed' | 'fixed' | 'over' | 'back'
  trend: 'growing' | 'steady' | 'fading' | null
  onset: string | null
  /** first date without it, where it is fixed or over */
  endedOn: string | null
  fix: {
    fixDate: string
    /** null = no night has looked at it yet */
    verdict: 'too-early' | 'gone' | 'still-there' | null
    remaining: { depth: number; lower: number; upper: number } | null
    moreDays: number | null
  } | null
  toldAt: { kind: 'place' | 'chain'; name: string } | null
}

const catalogues: Readonly<Record<Language, DipStandingCatalogue>> = {
  en: dipStandingEn,
  fi: dipStandingFi,
  cs: dipStandingCs,
  id: dipStandingId,
  'zh-Hant': dipStandingZhHant,
}
const yearMs = 300 * 86_400_000

function makeWords(language: Language) {
  const locale = chooseLocale(language, [])
  const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 0, signDisplay: 'negative' })
  const monthDay = { day: 'numeric', month: 'long', timeZone: 'UTC' } as const
  const dates = new Intl.DateTimeFormat(locale, monthDay)
  const years = new Intl.DateTimeFormat(locale, { ...monthDay, year: 'numeric' })
  return {
    words: catalogues[language],
    whole: (value: number) => numbers.format(Math.round(value)),
    /** `3 April`; with its year where it is about one or more back, as seen from `today`. */
    date(date: string, today: string) {
      const [at, now] = [new Date(`${date}T00:00:00Z`), new Date(`${today}T00:00:00Z`)]
      return (now.getTime() - at.getTime() > yearMs ? years : dates).format(at)
    },
    /** Time of day of an instant in a zone, on a 24-hour clock. */
    time: (instantMs: number, zone: string) =>
      new Intl.DateTimeFormat(locale, {
        ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone },
      }).format(instantMs),
    mark: language === 'zh-Hant' ? '' : ' ',
  }
}

type Words = ReturnType<typeof makeWords>
/** They take long to make, and a report asks for them hundreds of times. */
const wordsOf = new Map<Language, Words>()

/** The texts of a BCP 47 tag's language, and how it writes dates, times and numbers. */
export function standingWords(tag: string): Words {
  const language = sentenceLanguage(tag)
  const words = wordsOf.get(language) ?? makeWords(language)
  wordsOf.set(language, words)
  return words
}

function sayFix({ words, whole, date }: Words, fix: NonNullable<StandingFacts['fix']>, today: string): string {
  const at = date(fix.fixDate, today)
  const left =
    fix.remaining &&
    words.left({
      points: Math.round(fix.remaining.depth),
      shown: whole(fix.remaining.depth),
      low: whole(fix.remaining.lower),
      high: whole(fix.remaining.upper),
    })
  switch (fix.verdict) {
    case null:
      return words.fixNoted(at)
    case 'gone':
      return words.fixGone(at, left)
    case 'still-there':
      return words.fixStillThere(at, left)
    case 'too-early':
      return words.fixTooEarly(at, left, fix.moreDays)
  }
}

/**
 * @param today business date up to which things are known
 * @param language BCP 47 tag; English where we do not speak it
 * @returns none, one or some sentences
 */
export function formatStanding(facts: StandingFacts, today: string, language: string): string {
  const said = standingWords(language)
  const { words, date, mark } = said
  const { state, trend, onset, endedOn, fix, toldAt } = facts
  const isClosed = state === 'over' || state === 'fixed'
  return [
    toldAt && words.toldAt[toldAt.kind](toldAt.name),
    state === 'over' && endedOn !== null ? words.over(date(endedOn, today)) : null,
    state === 'back' && onset !== null ? words.back(date(onset, today)) : null,
    isClosed || trend === null ? null : words.trends[trend],
    fix && sayFix(said, fix, today),
  ]
    .filter((sentence) => sentence !== null)
    .join(mark)
}

/** What would be noticed at a touchpoint. @param depth points; null where that can't be said */
export function formatNoticeable(depth: number | null, language: string): string {
  const { words } = standingWords(language)
  return depth === null ? words.noticeableUnknown : words.noticeable(Math.ceil(depth))
}
