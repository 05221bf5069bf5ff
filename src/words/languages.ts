/** Languages the pages speak, the first being the one for everyone else. */
export const languages = ['en', 'fi', 'cs', 'id', 'zh-Hant'] as const
export type Language = (typeof languages)[number]

/** Each language by its own name. */
export const languageNames: Readonly<Record<Language, string>> = {
  en: 'English',
  fi: 'Suomi',
  cs: 'Čeština',
  id: 'Bahasa Indonesia',
  'zh-Hant': '繁體中文',
}

const traditionalChinese = /^zh-(hant|tw|hk|mo)\b/i

function matchLanguage(tag: string): Language | undefined {
  if (traditionalChinese.test(tag)) return 'zh-Hant'
  const [primary = ''] = tag.toLowerCase().split('-')
  return languages.find((language) => language === primary)
}

/**
 * The first of the wanted languages that the pages speak.
 *
 * @param wanted BCP 47 tags, most wanted first, as `navigator.languages` gives them; anything unknown is passed over
 * @example chooseLanguage(['sv', 'fi-FI', 'en']) // 'fi'
 */
export function chooseLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const language = matchLanguage(tag)
    if (language) return language
  }
  return languages[0]
}

/**
 * The tag to format numbers and dates by: the reader's own region where it is of this language.
 *
 * Bare English becomes British, which like the sentences puts the day before the month and begins weeks on Monday.
 */
export function chooseLocale(language: Language, wanted: readonly string[]): string {
  const own = wanted.find((tag) => tag.includes('-') && matchLanguage(tag) === language)
  const fallback: Readonly<Record<Language, string>> = {
    en: 'en-GB',
    fi: 'fi-FI',
    cs: 'cs-CZ',
    id: 'id-ID',
    'zh-Hant': 'zh-Hant-TW',
  }
  return own ?? fallback[language]
}
