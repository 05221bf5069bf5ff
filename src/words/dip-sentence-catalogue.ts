/** How sure a finding is, by its q-value (Benjamini–Hochberg): at most 1 in 1,000, 100, 20 or 5 such findings is expected to be false. */
export type DipCertainty = 'practically-certain' | 'very-likely' | 'likely' | 'suspected'

/** Day 1–31 and month 1–12; the years of a report's eight weeks go without saying. */
export type MonthDay = { day: number; month: number }

/** When a dip began: about a date, with an interval that may reach before the data; about a date alone; or before the data altogether. */
export type DipBegan =
  | { when: 'within'; about: MonthDay; low: MonthDay; high: MonthDay }
  | { when: 'perhaps-before'; about: MonthDay; high: MonthDay }
  | { when: 'about'; about: MonthDay }
  | { when: 'before' }

/** The figures of a dip's sentence, rounded for people. */
type DipFigures = {
  index: number
  usual: number
  depth: number
  low: number
  high: number
  daysBelow: number
  days: number
}

/** What one language needs to tell a dip. */
export type DipCatalogue = {
  /** When it began and, for a dip that is over, about when it ended. */
  time(began: DipBegan, ended: MonthDay | null): string
  /** ISO weekdays in ascending order; null = every open day. */
  weekdays(weekdays: readonly number[] | null): string
  hours(startHour: number, endHour: number): string
  /** `where` is the weekdays and hours, joined as the language does. */
  sentence(parts: { time: string; weekdays: string; hours: string; figures: DipFigures; certainty: string }): string
  /** `weak` is for q above .2, which only a reader gets who asked for it (`smilepost dips --fdr`). */
  certainty: Record<DipCertainty | 'weak', string>
  /** Too few presses; with how many more days at the present rate would do, where that can be said. */
  insufficient(moreDays: number | null): string
}

/** `7–12 March`, or `28 February – 3 March` over a month's end; one day alone when both are the same. */
export function formatDayRange(
  low: MonthDay,
  high: MonthDay,
  date: (day: number | string, month: number) => string,
  dayMark = '',
): string {
  if (low.month !== high.month) return `${date(low.day, low.month)} – ${date(high.day, high.month)}`
  return low.day === high.day ? date(low.day, low.month) : date(`${low.day}${dayMark}–${high.day}`, low.month)
}

/** Whether these are exactly the ISO weekdays `first` to `last`. */
export function isWeekdaySpan(weekdays: readonly number[], first: number, last: number): boolean {
  return weekdays.length === last - first + 1 && weekdays.every((weekday, i) => weekday === first + i)
}

/** `a`, `a and b`, `a, b and c`. */
export function joinWords(words: readonly string[], last: string, comma = ', '): string {
  if (words.length < 2) return words.join('')
  return `${words.slice(0, -1).join(comma)}${last}${words.at(-1)}`
}

/** The name of an ISO weekday or a month, both counted from 1. */
export function nameOf(names: readonly string[], number: number): string {
  return names[number - 1] ?? String(number)
}
