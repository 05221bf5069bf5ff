import { type DipCatalogue, formatDayRange, isWeekdaySpan, joinWords, nameOf } from './dip-sentence-catalogue.ts'

const months = 'January February March April May June July August September October November December'.split(' ')
const weekdayNames = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ')
const date = (day: number | string, month: number) => `${day} ${nameOf(months, month)}`
const falseAlarms = (share: string) =>
  `at most ${share} dips reported with this certainty is expected to be a false alarm, counting all hours, weekdays, dates and touchpoints we looked at`

/** English. */
export const dipSentenceEn: DipCatalogue = {
  time(began, ended) {
    const until = ended && ` to about ${date(ended.day, ended.month)}`
    if (began.when === 'before') return until ? `From before these data begin${until}` : 'Since before these data begin'
    const about = `${until ? 'From' : 'Since'} about ${date(began.about.day, began.about.month)}`
    if (began.when === 'about') return `${about}${until ?? ''}`
    const range =
      began.when === 'within'
        ? formatDayRange(began.low, began.high, date)
        : `perhaps before these data begin, at the latest ${date(began.high.day, began.high.month)}`
    return `${about} (${range})${until ?? ''}`
  },
  weekdays(weekdays) {
    if (weekdays === null) return 'every open day'
    if (isWeekdaySpan(weekdays, 1, 5)) return 'Monday to Friday'
    return joinWords(
      weekdays.map((weekday) => `${nameOf(weekdayNames, weekday)}s`),
      ' and ',
    )
  },
  hours: (startHour, endHour) => `${startHour}–${endHour}`,
  sentence: ({ time, weekdays, hours, certainty, figures: { index, usual, depth, low, high, daysBelow, days } }) =>
    `${time}, ${weekdays} ${hours}: Happy Index ${index} where the hours around it suggest ${usual}; carefully estimated ` +
    `${depth} ${depth === 1 ? 'point' : 'points'} lower (${low}–${high}), and lower on ${daysBelow} of ${days} days. ${certainty}`,
  certainty: {
    'practically-certain': `Practically certain: ${falseAlarms('1 in 1,000')}.`,
    'very-likely': `Very likely: ${falseAlarms('1 in 100')}.`,
    likely: `Likely: ${falseAlarms('1 in 20')}.`,
    suspected: `Suspected, still watching: ${falseAlarms('1 in 5')}.`,
    weak: 'Weak: of dips reported with this certainty more than 1 in 5 may be a false alarm.',
  },
  insufficient: (moreDays) =>
    moreDays === null
      ? 'Too few presses to tell.'
      : `Too few presses to tell; about ${moreDays} more ${moreDays === 1 ? 'day' : 'days'} at the present rate.`,
}
