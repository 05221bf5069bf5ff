/** The demo's chain: twelve shops in four countries, one of which has a slump on working days at ten since week five. */
import type { Slump } from './press-history.ts'

export type DemoShop = {
  touchpoint: string
  store: string
  storeName: string
  region: string
  zone: string
  pressesPerDay: number
  mood: number
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
  store,
  storeName,
  region,
  zone,
  pressesPerDay,
  mood,
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

/** Where the slump is planted and the live terminal stands. */
export const slumpShop = 'kamppi-exit'
/** Day 0 is the first of 70 complete days; week five begins with day 28. */
export const slump: Slump = { fromDay: 28, hour: 10, weekdays: [1, 2, 3, 4, 5], shift: -1.2 }
