import { type DipCatalogue, formatDayRange, isWeekdaySpan, joinWords, nameOf } from './dip-sentence-catalogue.ts'

const months = 'ledna února března dubna května června července srpna září října listopadu prosince'.split(' ')
const weekdayNames = 'pondělí úterý středa čtvrtek pátek sobota neděle'.split(' ')
const date = (day: number | string, month: number) => `${day}. ${nameOf(months, month)}`
const falseAlarms = (share: string) =>
  `z poklesů hlášených s touto jistotou je očekávaně planým poplachem nejvýše ${share}, se započtením všech zkoumaných hodin, dnů v týdnu, dat a kontaktních míst`

/** One, few (2–4) and many, as Czech counts. */
function plural(n: number, one: string, few: string, many: string): string {
  if (n === 1) return one
  return n >= 2 && n <= 4 ? few : many
}

/** Czech. */
export const dipSentenceCs: DipCatalogue = {
  time(began, ended) {
    const until = ended && ` přibližně do ${date(ended.day, ended.month)}`
    if (began.when === 'before') return `Již od doby před začátkem těchto dat${until ?? ''}`
    const about = `Přibližně od ${date(began.about.day, began.about.month)}`
    if (began.when === 'about') return `${about}${until ?? ''}`
    const range =
      began.when === 'within'
        ? formatDayRange(began.low, began.high, date, '.')
        : `možná již před začátkem těchto dat, nejpozději ${date(began.high.day, began.high.month)}`
    return `${about} (${range})${until ?? ''}`
  },
  weekdays(weekdays) {
    if (weekdays === null) return 'každý otevřený den'
    if (isWeekdaySpan(weekdays, 1, 5)) return 'pondělí až pátek'
    return joinWords(
      weekdays.map((weekday) => nameOf(weekdayNames, weekday)),
      ' a ',
    )
  },
  hours: (startHour, endHour) => `${startHour}–${endHour} h`,
  sentence: ({ time, weekdays, hours, certainty, figures: { index, usual, depth, low, high, daysBelow, days } }) =>
    `${time}, ${weekdays} ${hours}: Happy Index ${index}, zatímco okolní hodiny naznačují ${usual}; při opatrném odhadu ` +
    `o ${depth} ${plural(depth, 'bod', 'body', 'bodů')} nižší (${low}–${high}) a nižší po ${daysBelow} z ${days} dnů. ${certainty}`,
  certainty: {
    'practically-certain': `Prakticky jisté: ${falseAlarms('1 z 1 000')}.`,
    'very-likely': `Velmi pravděpodobné: ${falseAlarms('1 ze 100')}.`,
    likely: `Pravděpodobné: ${falseAlarms('1 z 20')}.`,
    suspected: `Podezření, dále sledujeme: ${falseAlarms('1 z 5')}.`,
    weak: 'Slabé: z poklesů hlášených s touto jistotou může být planým poplachem více než 1 z 5.',
  },
  insufficient: (moreDays) =>
    moreDays === null
      ? 'Příliš málo stisknutí na závěr.'
      : `Příliš málo stisknutí na závěr; při současném tempu ještě asi ${moreDays} ${plural(moreDays, 'den', 'dny', 'dnů')}.`,
}
