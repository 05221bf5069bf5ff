import { useEffect, useState } from 'preact/hooks'
import { loadPreference, storePreference } from './preferences.ts'

export type Theme = 'light' | 'dark'

const parseTheme = (text: string | null): Theme | null => (text === 'light' || text === 'dark' ? text : null)

/** The colours in force: the reader's choice, else the system's, also while the system changes. */
export function useTheme(): { theme: Theme; toggle: () => void } {
  const [chosen, setChosen] = useState(() => parseTheme(loadPreference('theme')))
  const [isSystemDark, setSystemDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches)

  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)')
    const update = () => setSystemDark(query.matches)
    query.addEventListener('change', update)
    return () => query.removeEventListener('change', update)
  }, [])

  useEffect(() => {
    if (chosen) document.documentElement.dataset.theme = chosen
  }, [chosen])

  const theme = chosen ?? (isSystemDark ? 'dark' : 'light')
  const toggle = () => {
    const next = theme === 'dark' ? 'light' : 'dark'
    storePreference('theme', next)
    setChosen(next)
  }
  return { theme, toggle }
}
