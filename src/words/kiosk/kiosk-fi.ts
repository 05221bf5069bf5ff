import type { KioskWords } from './kiosk-en.ts'

export const kioskFi: KioskWords = {
  moods: {
    'very-happy': 'Erittäin tyytyväinen',
    happy: 'Tyytyväinen',
    neutral: 'Siltä väliltä',
    unhappy: 'Tyytymätön',
    'very-unhappy': 'Erittäin tyytymätön',
  },
  answers: 'Vastauksesi',
  languages: 'Kieli',
  thanks: 'Kiitos!',
  settingUp: 'Päätettä otetaan käyttöön',
  settingUpDetail: 'Kysymys ilmestyy tähän, kun kaikki on valmista.',
  waiting: (count) => (count === 1 ? '1 vastaus odottaa tallennusta' : `${count} vastausta odottaa tallennusta`),
  full: 'Vastauksia ei voi juuri nyt ottaa vastaan',
}
