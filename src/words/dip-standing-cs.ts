import { choosePlural } from './choose-plural.ts'
import { type DipStandingCatalogue, joinParts } from './dip-standing-catalogue.ts'

/** One, few (2–4) and many, as Czech counts. */
const plural = (count: number, one: string, few: string, other: string) =>
  choosePlural('cs', count, { one, few, other })
const withLeft = (text: string, left: string | null) => `${text}${left === null ? '' : `: ${left}`}.`

/** Czech. Dates come in the genitive, as “od” and “ze dne” want them. */
export const dipStandingCs: DipStandingCatalogue = {
  over: (since) => `Zdá se, že od ${since} pominul.`,
  back: (since) => `Od ${since} je zpět poté, co byl pryč.`,
  trends: {
    growing: 'V posledních dvou týdnech je hlubší než předtím.',
    steady: 'V posledních dvou týdnech je přibližně stejně hluboký jako předtím.',
    fading: 'V posledních dvou týdnech je mělčí než předtím.',
  },
  toldAt: {
    place: (name) => `Je součástí poklesu celého místa (${name}), kde je popsán.`,
    chain: (name) => `Je součástí poklesu celého řetězce (${name}), kde je popsán.`,
  },
  fixNoted: (date) => `Náprava je zadána od ${date}; vyhodnotí se při příštím zpracování stisknutí.`,
  fixTooEarly: (date, left, moreDays) => {
    const more = moreDays === null ? null : `chybí ještě asi ${moreDays} ${plural(moreDays, 'den', 'dny', 'dnů')}`
    const parts = [`Náprava od ${date}: na závěr je příliš brzy`, left === null ? null : `zatím ${left}`, more]
    return `${joinParts(parts, '; ')}.`
  },
  fixGone: (date, left) => withLeft(`Náprava od ${date} zabrala`, left),
  fixStillThere: (date, left) => withLeft(`Náprava od ${date} nestačila`, left),
  left: ({ points, shown, low, high }) => {
    const range = `(90% interval ${low} až ${high})`
    if (points <= 0) return `z poklesu nezbývá nic ${range}`
    const verb = plural(points, 'zbývá', 'zbývají', 'zbývá')
    return `z poklesu ${verb} ${shown} ${plural(points, 'bod', 'body', 'bodů')} ${range}`
  },
  noticeable: (points) =>
    `Při vašem počtu stisknutí bychom si každodenního hodinového poklesu o ${points} ${plural(points, 'bod', 'body', 'bodů')} všimli do čtyř týdnů.`,
  noticeableUnknown: 'Zatím nelze říci, jak hluboký by pokles musel být, abychom si ho všimli.',
  peak: ({ time, weekdays, hours, certainty, figures: { index, usual, height, low, high, daysAbove, days } }) =>
    `${time}, ${weekdays} ${hours}: Happy Index ${index}, zatímco okolní hodiny naznačují ${usual}; při opatrném odhadu ` +
    `o ${height} ${plural(height, 'bod', 'body', 'bodů')} vyšší (${low}–${high}) a vyšší po ${daysAbove} z ${days} dnů. ${certainty}.`,
  certainty: {
    'practically-certain': 'Prakticky jisté',
    'very-likely': 'Velmi pravděpodobné',
    likely: 'Pravděpodobné',
    suspected: 'Podezření, dále sledujeme',
  },
  silence: ({ date, hours, expected, certainty }) =>
    `${date}, ${hours}: ani jedno stisknutí, ačkoli obvykle jich bývá asi ${expected} a terminál fungoval. ${certainty}`,
  silenceCertainty: {
    'practically-certain': 'Prakticky jistě nejde o náhodu.',
    'very-likely': 'Velmi pravděpodobně nejde o náhodu.',
    likely: 'Pravděpodobně nejde o náhodu.',
    suspected: 'Může jít o náhodu.',
  },
  sameValue: ({ date, from, to, presses, terminal }) =>
    `${date}, ${from}–${to}: ${presses} stisknutí téhož tlačítka za sebou na terminálu ${terminal}.`,
  closedHour: ({ date, hours, presses }) => `${date}, ${hours}: ${presses} stisknutí mimo otevírací dobu.`,
}
