import { type DipCatalogue, formatDayRange, isWeekdaySpan, joinWords, nameOf } from './dip-sentence-catalogue.ts'

const months =
  'tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta'.split(
    ' ',
  )
const weekdayNames = 'maanantaisin tiistaisin keskiviikkoisin torstaisin perjantaisin lauantaisin sunnuntaisin'.split(
  ' ',
)
const date = (day: number | string, month: number) => `${day}. ${nameOf(months, month)}`
const falseAlarms = (share: string) =>
  `tällä varmuudella ilmoitetuista notkahduksista odotettavasti enintään ${share} on väärä hälytys, kun kaikki tutkitut tunnit, viikonpäivät, päivämäärät ja kosketuspisteet otetaan huomioon`

/** Finnish. Numbers stay without case endings, which depend on the number. */
export const dipSentenceFi: DipCatalogue = {
  time(began, ended) {
    const until = ended && `, päättyi noin ${date(ended.day, ended.month)}`
    if (began.when === 'before') return `Alkoi ennen tämän aineiston alkua${until ?? ''}`
    const about = `Noin ${date(began.about.day, began.about.month)} alkaen`
    if (began.when === 'about') return `${about}${until ?? ''}`
    const range =
      began.when === 'within'
        ? formatDayRange(began.low, began.high, date, '.')
        : `ehkä jo ennen tämän aineiston alkua, viimeistään ${date(began.high.day, began.high.month)}`
    return `${about} (${range})${until ?? ''}`
  },
  weekdays(weekdays) {
    if (weekdays === null) return 'jokaisena aukiolopäivänä'
    if (isWeekdaySpan(weekdays, 1, 5)) return 'maanantaista perjantaihin'
    return joinWords(
      weekdays.map((weekday) => nameOf(weekdayNames, weekday)),
      ' ja ',
    )
  },
  hours: (startHour, endHour) => `klo ${startHour}–${endHour}`,
  sentence: ({ time, weekdays, hours, certainty, figures: { index, usual, depth, low, high, daysBelow, days } }) =>
    `${time}, ${weekdays} ${hours}: Happy Index on ${index}, kun ympäröivien tuntien perusteella se olisi ${usual}; ` +
    `varovaisesti arvioiden ${depth} ${depth === 1 ? 'piste' : 'pistettä'} matalampi (${low}–${high}), ja matalampi ${daysBelow}/${days} päivänä. ${certainty}`,
  certainty: {
    'practically-certain': `Käytännössä varma: ${falseAlarms('yksi tuhannesta')}.`,
    'very-likely': `Hyvin todennäköinen: ${falseAlarms('yksi sadasta')}.`,
    likely: `Todennäköinen: ${falseAlarms('yksi kahdestakymmenestä')}.`,
    suspected: `Epäily, seurataan vielä: ${falseAlarms('yksi viidestä')}.`,
    weak: 'Heikko: tällä varmuudella ilmoitetuista notkahduksista useampi kuin yksi viidestä voi olla väärä hälytys.',
  },
  insufficient: (moreDays) =>
    moreDays === null
      ? 'Painalluksia on liian vähän johtopäätökseen.'
      : `Painalluksia on liian vähän johtopäätökseen; nykytahdilla tarvitaan noin ${moreDays} ${moreDays === 1 ? 'päivä' : 'päivää'} lisää.`,
}
