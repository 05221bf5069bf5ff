/**
 * The demo's chain: twelve shops in four countries, one of which has a slump on working days at ten since week five, and had one
 * every day at five until week eight. That shop's service desk is new, too new for a verdict.
 */
import type { Slump } from './press-history.ts'

export type DemoShop = {
  touchpoint: string
  name: string
  /** The first part of its terminals' names. */
  terminal: string
  store: string
  storeName: string
  region: string
  zone: string
  pressesPerDay: number
  mood: number
  /** Complete days of history. */
  days: number
}

export const demoWeeks = 10
export const demoQuestion = 'service'
export const demoRegions = [
  { id: 'fi', name: 'Finland' },
  { id: 'cz', name: 'Czechia' },
  { id: 'id', name: 'Indonesia' },
  { id: 'tw', name: 'Taiwan' },
]
export const demoTexts = [
  { language: 'en', text: 'How was our service today?' },
  { language: 'fi', text: 'Millaista palvelu oli tänään?' },
  { language: 'cs', text: 'Jak jste byli dnes spokojeni s obsluhou?' },
  { language: 'id', text: 'Bagaimana pelayanan kami hari ini?' },
  { language: 'zh-Hant', text: '您覺得今天的服務如何？' },
]

const shop = (
  region: string,
  zone: string,
  store: string,
  storeName: string,
  pressesPerDay: number,
  mood: number,
): DemoShop => ({
  touchpoint: `${store}-exit`,
  name: 'Exit',
  terminal: store,
  store,
  storeName,
  region,
  zone,
  pressesPerDay,
  mood,
  days: demoWeeks * 7,
})

const helsinki = 'Europe/Helsinki'
const prague = 'Europe/Prague'
const jakarta = 'Asia/Jakarta'
const taipei = 'Asia/Taipei'

export const demoShops: readonly DemoShop[] = [
  shop('fi', helsinki, 'kamppi', 'Helsinki Kamppi', 420, 0.55),
  shop('fi', helsinki, 'kallio', 'Helsinki Kallio', 300, 0.7),
  shop('fi', helsinki, 'tapiola', 'Espoo Tapiola', 260, 0.5),
  shop('fi', helsinki, 'tampere', 'Tampere Keskusta', 340, 0.6),
  shop('cz', prague, 'smichov', 'Praha Smíchov', 380, 0.3),
  shop('cz', prague, 'letna', 'Praha Letná', 240, 0.45),
  shop('cz', prague, 'brno', 'Brno Veveří', 310, 0.4),
  shop('id', jakarta, 'kemang', 'Jakarta Kemang', 450, 0.9),
  shop('id', jakarta, 'menteng', 'Jakarta Menteng', 360, 0.8),
  shop('id', jakarta, 'bandung', 'Bandung Dago', 280, 0.85),
  shop('tw', taipei, 'daan', 'Taipei Daan', 400, 0.5),
  shop('tw', taipei, 'xinyi', 'Taipei Xinyi', 330, 0.65),
]

/** Where the slumps are planted and the live terminal stands. */
export const slumpShop = 'kamppi-exit'
/** Day 0 is the first of 70 complete days; week five begins with day 28. */
export const slump: Slump = { fromDay: 28, toDay: null, hour: 10, weekdays: [1, 2, 3, 4, 5], shift: -1.2 }
const everyDay = [1, 2, 3, 4, 5, 6, 7]
/** From week two until week eight, so that nights find it and see it go. */
const pastSlump: Slump = { fromDay: 7, toDay: 49, hour: 17, weekdays: everyDay, shift: -1.1 }

export const slumpsAt = (touchpoint: string): readonly Slump[] => (touchpoint === slumpShop ? [slump, pastSlump] : [])

/** A touchpoint that is too young for a verdict, in the store of the slump. */
const youngShop: DemoShop = {
  ...{
    touchpoint: 'kamppi-desk',
    name: 'Service desk',
    terminal: 'kamppi-desk',
    store: 'kamppi',
    storeName: 'Helsinki Kamppi',
  },
  ...{ region: 'fi', zone: helsinki, pressesPerDay: 40, mood: 0.5, days: 9 },
}

/** Everything that has a terminal. */
export const demoTouchpoints: readonly DemoShop[] = [...demoShops, youngShop]
