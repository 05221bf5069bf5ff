import type { Language } from '../languages.ts'
import { dipFileCs } from './dip-file-cs.ts'
import { type DipFileWords, dipFileEn } from './dip-file-en.ts'
import { dipFileFi } from './dip-file-fi.ts'
import { dipFileId } from './dip-file-id.ts'
import { dipFileZhHant } from './dip-file-zh-hant.ts'

/** Texts of the dip report of a press file, per language. */
export const dipFileWords: Readonly<Record<Language, DipFileWords>> = {
  en: dipFileEn,
  fi: dipFileFi,
  cs: dipFileCs,
  id: dipFileId,
  'zh-Hant': dipFileZhHant,
}
