import type { KioskState } from '../../src/contracts/http/kiosk.ts'
import { languageNames, languages } from '../../src/words/languages.ts'

type Props = {
  survey: NonNullable<KioskState['survey']>
  language: string
  label: string
  choose: (language: string) => void
}

/** A language by its own name, also one our catalogues do not have. */
function nameLanguage(tag: string): string {
  const own = languages.find((language) => language === tag)
  return own
    ? languageNames[own]
    : (new Intl.DisplayNames([tag], { type: 'language', fallback: 'code' }).of(tag) ?? tag)
}

/** One button a language, when there are several. */
export function LanguageButtons({ survey, language, label, choose }: Props) {
  if (survey.texts.length < 2) return null
  return (
    <nav class="languages" aria-label={label}>
      {survey.texts.map((text) => (
        <button
          type="button"
          key={text.language}
          lang={text.language}
          aria-pressed={text.language === language}
          onClick={() => choose(text.language)}
        >
          {nameLanguage(text.language)}
        </button>
      ))}
    </nav>
  )
}
