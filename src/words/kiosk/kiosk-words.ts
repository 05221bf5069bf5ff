import type { Language } from '../languages.ts'
import { kioskCs } from './kiosk-cs.ts'
import { type KioskWords, kioskEn } from './kiosk-en.ts'
import { kioskFi } from './kiosk-fi.ts'
import { kioskId } from './kiosk-id.ts'
import { kioskZhHant } from './kiosk-zh-hant.ts'

/** Texts of the terminal's touch page, per language. */
export const kioskWords: Readonly<Record<Language, KioskWords>> = {
  en: kioskEn,
  fi: kioskFi,
  cs: kioskCs,
  id: kioskId,
  'zh-Hant': kioskZhHant,
}
