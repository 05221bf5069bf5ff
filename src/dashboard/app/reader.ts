/** Who reads: language, texts, formats. Handed down by context. */
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { DashboardWords } from '../../words/dashboard/dashboard-en.ts'
import { dashboardWords } from '../../words/dashboard/dashboard-words.ts'
import { type Formats, makeFormats } from '../../words/formats.ts'
import { chooseLanguage, chooseLocale, type Language } from '../../words/languages.ts'
import { loadPreference } from './preferences.ts'

export type Reader = { language: Language; words: DashboardWords; formats: Formats }

export function makeReader(language: Language): Reader {
  return {
    language,
    words: dashboardWords[language],
    formats: makeFormats(chooseLocale(language, navigator.languages)),
  }
}

/** The stored choice, else what the browser asks for. */
export function chooseFirstLanguage(): Language {
  const stored = loadPreference('language')
  return chooseLanguage(stored === null ? navigator.languages : [stored, ...navigator.languages])
}

export const ReaderContext = createContext<Reader>(makeReader('en'))

export const useReader = (): Reader => useContext(ReaderContext)
