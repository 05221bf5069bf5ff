import type { DipWords } from './dips-en.ts'

const days = (count: number) => (count === 1 ? 'päivä' : 'päivää')

export const dipsFi: DipWords = {
  asOf: (date) => `Tilanne ${date} päättyessä`,
  lookingTitle: 'Vielä etsitään',
  looking:
    'Kaikkia painalluksia verrataan ensimmäistä kertaa. Mitään ei vielä tiedetä; sivu kertoo heti, kun tiedetään.',
  insufficientTitle: 'Tietoa ei ole vielä tarpeeksi',
  insufficientFacts: (count, presses, dayCount, shownDays) =>
    `Tähän mennessä ${presses} ${count === 1 ? 'painallus' : 'painallusta'}, ${shownDays} ${days(dayCount)}`,
  moreDays: (count, shown) => `noin ${shown} ${days(count)} lisää`,
  pastTitle: 'Poissa, muttei unohdettu',
  firstFound: 'Löydetty',
  confirmedOn: (date) => `vahvistettu ${date}`,
  endedOn: 'Poissa alkaen',
  where: { place: 'Koko paikassa', chain: 'Koko ketjussa' },
  misuse: {
    title: 'Väärinkäytön kanssa ja ilman',
    without: 'Väärinkäyttö pois',
    with: 'Väärinkäyttö mukana',
    usual: 'Tavallisesti',
    lower: 'Alempana',
  },
  fix: {
    title: 'Tehtiinkö asialle jotain?',
    label: 'Korjasimme sen',
    help: 'Ensimmäinen päivä, jona korjaus oli voimassa. Siitä alkaen seuraamme, häviääkö notkahdus.',
    save: 'Merkitse',
    undo: 'Peru merkintä',
    failed: 'Tallennus ei onnistunut',
    invalid: 'Valitse päivä, joka on viimeistään tänään.',
    entered: 'Korjaus merkitty',
    verdict: 'Tehosiko se?',
    verdicts: {
      waiting: 'Ei vielä arvioitu',
      'too-early': 'Liian aikaista sanoa',
      gone: 'Kyllä, notkahdus on poissa',
      'still-there': 'Ei, notkahdus on yhä olemassa',
    },
    decidedOn: (date) => `ratkennut ${date}`,
    remaining: 'Notkahdusta jäljellä',
    interval: (low, high) => `90 %:n väli: ${low} … ${high}`,
  },
  peaks: {
    title: 'Mikä on tavallista parempaa',
    help: 'Sama vertailu toisin päin: tunnit, jotka ovat ympäröiviä tunteja parempia. Kannattaa katsoa, mitä silloin tehdään toisin.',
  },
  notices: {
    title: 'Tavallisesta poikkeavaa',
    help: 'Mitä outoa viimeisenä kokonaisena päivänä oli. Vain hiljaisuutta verrataan sattumaan, ja vain tunteina, joina pääte toimi; muu luetellaan lukumäärineen, ja sille voi olla hyvät syyt.',
    kinds: { silence: 'Hiljaisuus', 'same-value': 'Sama painike', 'closed-hour': 'Suljettuna' },
  },
}
