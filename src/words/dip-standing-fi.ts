import { choosePlural } from './choose-plural.ts'
import { type DipStandingCatalogue, joinParts } from './dip-standing-catalogue.ts'

const plural = (count: number, one: string, other: string) => choosePlural('fi', count, { one, other })
const withLeft = (text: string, left: string | null) => `${text}${left === null ? '' : `: ${left}`}.`

/** Finnish. Numbers are followed by the partitive; names stand in brackets, since they can't be inflected here. */
export const dipStandingFi: DipStandingCatalogue = {
  over: (since) => `Näyttää olevan ohi ${since} alkaen.`,
  back: (since) => `Palannut ${since} oltuaan välillä poissa.`,
  trends: {
    growing: 'Viimeisten kahden viikon aikana se on ollut syvempi kuin sitä ennen.',
    steady: 'Viimeisten kahden viikon aikana se on ollut suunnilleen yhtä syvä kuin sitä ennen.',
    fading: 'Viimeisten kahden viikon aikana se on ollut loivempi kuin sitä ennen.',
  },
  toldAt: {
    place: (name) => `Osa notkahdusta, joka koskee koko paikkaa (${name}) ja kerrotaan siellä.`,
    chain: (name) => `Osa notkahdusta, joka koskee koko ketjua (${name}) ja kerrotaan siellä.`,
  },
  fixNoted: (date) =>
    `Korjaus merkitty alkaneeksi ${date}; sitä arvioidaan, kun painalluksia seuraavan kerran tarkastellaan.`,
  fixTooEarly: (date, left, moreDays) => {
    const more = moreDays === null ? null : `tarvitaan vielä noin ${moreDays} ${plural(moreDays, 'päivä', 'päivää')}`
    const parts = [`Korjaus ${date}: vielä liian aikaista sanoa`, left === null ? null : `toistaiseksi ${left}`, more]
    return `${joinParts(parts, '; ')}.`
  },
  fixGone: (date, left) => withLeft(`Korjaus ${date} tehosi`, left),
  fixStillThere: (date, left) => withLeft(`Korjaus ${date} ei tehonnut riittävästi`, left),
  left: ({ points, shown, low, high }) => {
    const range = `(90 %:n väli ${low} … ${high})`
    if (points <= 0) return `notkahduksesta ei ole jäljellä mitään ${range}`
    return `notkahduksesta on jäljellä ${shown} ${plural(points, 'piste', 'pistettä')} ${range}`
  },
  noticeable: (points) =>
    `Näillä painallusmäärillä huomaisimme neljässä viikossa päivittäisen tunnin notkahduksen, jonka syvyys on ${points} ${plural(points, 'piste', 'pistettä')}.`,
  noticeableUnknown: 'Vielä ei voida sanoa, kuinka syvä notkahduksen pitäisi olla, jotta huomaisimme sen.',
  peak: ({ time, weekdays, hours, certainty, figures: { index, usual, height, low, high, daysAbove, days } }) =>
    `${time}, ${weekdays} ${hours}: Happy Index on ${index}, kun ympäröivien tuntien perusteella se olisi ${usual}; ` +
    `varovaisesti arvioiden ${height} ${plural(height, 'piste', 'pistettä')} korkeampi (${low}–${high}), ja korkeampi ${daysAbove}/${days} päivänä. ${certainty}.`,
  certainty: {
    'practically-certain': 'Käytännössä varma',
    'very-likely': 'Hyvin todennäköinen',
    likely: 'Todennäköinen',
    suspected: 'Epäily, seurataan vielä',
  },
  silence: ({ date, hours, expected, certainty }) =>
    `${date} ${hours}: ei yhtään painallusta, vaikka tavallisesti niitä on noin ${expected} ja pääte toimi. ${certainty}`,
  silenceCertainty: {
    'practically-certain': 'Käytännössä varmasti muuta kuin sattumaa.',
    'very-likely': 'Hyvin todennäköisesti muuta kuin sattumaa.',
    likely: 'Todennäköisesti muuta kuin sattumaa.',
    suspected: 'Tämä voi olla sattumaa.',
  },
  sameValue: ({ date, from, to, presses, terminal }) =>
    `${date} klo ${from}–${to}: ${presses} painallusta peräkkäin samalla painikkeella päätteessä ${terminal}.`,
  closedHour: ({ date, hours, count, presses }) =>
    `${date} ${hours}: ${presses} ${plural(count, 'painallus', 'painallusta')} aukioloaikojen ulkopuolella.`,
}
