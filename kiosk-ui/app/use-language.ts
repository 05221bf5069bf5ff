import { useEffect, useState } from 'preact/hooks'

const idleMs = 20_000

/**
 * The language being shown. After 20 s without a touch or a key it is the survey's first one again, for the next person.
 *
 * @param offered BCP 47 tags of the survey's texts, at least one
 */
export function useLanguage(offered: readonly string[]) {
  const first = offered[0] ?? 'en'
  // Null until a person chooses: the first language of one survey is no choice when the next one comes.
  const [chosen, setChosen] = useState<string | null>(null)
  const language = chosen !== null && offered.includes(chosen) ? chosen : first

  useEffect(() => {
    document.documentElement.lang = language
  }, [language])

  useEffect(() => {
    if (language === first) return
    let timer = setTimeout(() => setChosen(null), idleMs)
    const stay = () => {
      clearTimeout(timer)
      timer = setTimeout(() => setChosen(null), idleMs)
    }
    addEventListener('pointerdown', stay)
    addEventListener('keydown', stay)
    return () => {
      clearTimeout(timer)
      removeEventListener('pointerdown', stay)
      removeEventListener('keydown', stay)
    }
  }, [language, first])

  return { language, choose: setChosen }
}
