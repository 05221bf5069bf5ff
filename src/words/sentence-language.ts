import { type Language, languages } from './languages.ts'

/** The language of a sentence for a BCP 47 tag, by its first part; English for languages we do not speak. */
export function sentenceLanguage(tag: string): Language {
  const first = tag.toLowerCase().split('-')[0]
  return languages.find((language) => language.split('-')[0] === first) ?? 'en'
}
