import type { DipFileWords } from './dip-file-en.ts'

export const dipFileFi: DipFileWords = {
  title: (range) => `Happy Indexin notkahdukset, ${range}`,
  noPeriod: 'ei painalluksia',
  none: 'Yhtään notkahdusta ei löytynyt.',
  insufficientTitle: 'Liian vähän tietoa johtopäätökseen',
  insufficientFacts: (presses, days) => `painalluksia: ${presses}, päiviä: ${days}`,
  more: (count, shown) => `… ja ${shown} ${count === 1 ? 'pääte' : 'päätettä'} lisää; --json luettelee kaikki`,
  totals: {
    terminals: 'Päätteitä',
    presses: 'Painalluksia',
    misuse: 'näistä väärinkäyttöä (leikkiä), ei mukana vertailussa',
    misuseCompared: 'näistä väärinkäyttöä (leikkiä), silti mukana vertailussa',
    outsideHours: 'näistä aukioloaikojen ulkopuolella, ei mukana vertailussa',
    outsidePeriod: 'näistä ennen tätä jaksoa tai sen jälkeen, ei mukana vertailussa',
    skipped: 'Pois jätettyjä virheellisiä rivejä',
    repeated: 'Rivejä, joiden tunniste oli jo aiemmin, pois jätettyinä',
  },
  certainty: (share) =>
    `Kuinka varmaa: kaikista näin löydetyistä notkahduksista odotetaan olevan vääriä enintään ${share}, kun kaikki tutkitut tunnit, viikonpäivät, päivämäärät ja päätteet otetaan huomioon.`,
  silence:
    'Vaikka notkahdusta ei löydy, sellainen voi olla liian loiva erottuakseen sattumasta näin monella painalluksella.',
}
