import { choosePlural } from './choose-plural.ts'
import { type DipStandingCatalogue, joinParts } from './dip-standing-catalogue.ts'

const plural = (count: number, one: string, other: string) => choosePlural('en', count, { one, other })
const withLeft = (text: string, left: string | null) => `${text}${left === null ? '' : `: ${left}`}.`

/** English. */
export const dipStandingEn: DipStandingCatalogue = {
  over: (since) => `It seems over since ${since}.`,
  back: (since) => `It is back since ${since}, after it had gone.`,
  trends: {
    growing: 'In the last two weeks it has been deeper than before.',
    steady: 'In the last two weeks it has been about as deep as before.',
    fading: 'In the last two weeks it has been less deep than before.',
  },
  toldAt: {
    place: (name) => `It is part of a dip of all of ${name}, and is told there.`,
    chain: (name) => `It is part of a dip of the whole chain ${name}, and is told there.`,
  },
  fixNoted: (date) => `A fix was entered as of ${date}; it is judged with the next look at the presses.`,
  fixTooEarly: (date, left, moreDays) => {
    const more = moreDays === null ? null : `about ${moreDays} more ${plural(moreDays, 'day is', 'days are')} needed`
    return `${joinParts([`Fix of ${date}: too early to say`, left === null ? null : `so far ${left}`, more], '; ')}.`
  },
  fixGone: (date, left) => withLeft(`The fix of ${date} worked`, left),
  fixStillThere: (date, left) => withLeft(`The fix of ${date} did not do it`, left),
  left: ({ points, shown, low, high }) => {
    const range = `(90% interval ${low} to ${high})`
    if (points <= 0) return `nothing of the dip is left ${range}`
    return `${shown} ${plural(points, 'point of the dip is', 'points of the dip are')} left ${range}`
  },
  noticeable: (points) =>
    `With your traffic we would notice a daily one-hour dip of ${points} ${plural(points, 'point', 'points')} within four weeks.`,
  noticeableUnknown: 'How deep a dip would have to be for us to notice it can’t be said yet.',
  peak: ({ time, weekdays, hours, certainty, figures: { index, usual, height, low, high, daysAbove, days } }) =>
    `${time}, ${weekdays} ${hours}: Happy Index ${index} where the hours around it suggest ${usual}; carefully estimated ` +
    `${height} ${plural(height, 'point', 'points')} higher (${low}–${high}), and higher on ${daysAbove} of ${days} days. ${certainty}.`,
  certainty: {
    'practically-certain': 'Practically certain',
    'very-likely': 'Very likely',
    likely: 'Likely',
    suspected: 'Suspected, still watching',
  },
  silence: ({ date, hours, expected, certainty }) =>
    `${date}, ${hours}: not one press where about ${expected} are usual, though the terminal worked. ${certainty}`,
  silenceCertainty: {
    'practically-certain': 'It is practically certain that this is no coincidence.',
    'very-likely': 'This is very likely no coincidence.',
    likely: 'This is likely no coincidence.',
    suspected: 'This may be coincidence.',
  },
  sameValue: ({ date, from, to, presses, terminal }) =>
    `${date}, ${from}–${to}: ${presses} presses in a row on the same button of terminal ${terminal}.`,
  closedHour: ({ date, hours, count, presses }) =>
    `${date}, ${hours}: ${presses} ${plural(count, 'press', 'presses')} outside opening hours.`,
}
