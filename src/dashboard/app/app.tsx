import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { type Language, languageNames, languages } from '../../words/languages.ts'
import { Face } from './drawing.tsx'
import { HomePage } from './home-page.tsx'
import { Link } from './link.tsx'
import { NotFound } from './page-states.tsx'
import { storePreference } from './preferences.ts'
import { chooseFirstLanguage, makeReader, ReaderContext, useReader } from './reader.ts'
import { type Route, useRoute } from './route.ts'
import { TerminalPage } from './terminal-page.tsx'
import { TerminalsPage } from './terminals-page.tsx'
import { TouchpointPage } from './touchpoint-page.tsx'
import { useTheme } from './use-theme.ts'

function LanguageChoice({ choose }: { choose: (language: Language) => void }) {
  const { words, language } = useReader()
  const change = (event: Event & { currentTarget: HTMLSelectElement }) => {
    const chosen = languages.find((name) => name === event.currentTarget.value)
    if (chosen) choose(chosen)
  }
  return (
    <label class="language">
      <span class="visually-hidden">{words.language}</span>
      <select value={language} onChange={change}>
        {languages.map((name) => (
          <option key={name} value={name} lang={name}>
            {languageNames[name]}
          </option>
        ))}
      </select>
    </label>
  )
}

function ThemeButton() {
  const { words } = useReader()
  const { theme, toggle } = useTheme()
  return (
    <button type="button" class={`theme theme-${theme}`} onClick={toggle}>
      <span class="theme-name">{words.theme[theme === 'dark' ? 'light' : 'dark']}</span>
    </button>
  )
}

function Pages({ route }: { route: Route }) {
  const { words } = useReader()
  const { label, touchpoints, terminals } = words.terminals.nav
  const isTerminals = route.page === 'terminals' || route.page === 'terminal'
  const isTouchpoints = route.page === 'home' || route.page === 'touchpoint'
  return (
    <nav class="pages" aria-label={label}>
      <Link href="/" current={isTouchpoints}>
        {touchpoints}
      </Link>
      <Link href="/terminals" current={isTerminals}>
        {terminals}
      </Link>
    </nav>
  )
}

function Page({ route }: { route: Route }) {
  switch (route.page) {
    case 'home':
      return <HomePage />
    case 'touchpoint':
      return <TouchpointPage id={route.id} period={route.period} isRaw={route.isRaw} />
    case 'terminals':
      return <TerminalsPage />
    case 'terminal':
      return <TerminalPage id={route.id} />
    case 'unknown':
      return <NotFound />
  }
}

/** Moves the focus to the new page, as a browser does when a link loads one; not at the first, nor within a page. */
function useFocusAtNewPage(key: string) {
  const main = useRef<HTMLElement>(null)
  const last = useRef(key)
  useEffect(() => {
    if (last.current === key) return
    last.current = key
    main.current?.focus({ preventScroll: true })
  }, [key])
  return main
}

export function App() {
  const [language, setLanguage] = useState(chooseFirstLanguage)
  const reader = useMemo(() => makeReader(language), [language])
  const route = useRoute()
  const main = useFocusAtNewPage('id' in route ? `${route.page} ${route.id}` : route.page)
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  const choose = (chosen: Language) => {
    storePreference('language', chosen)
    setLanguage(chosen)
  }

  return (
    <ReaderContext.Provider value={reader}>
      <a class="skip" href="#main">
        {reader.words.skip}
      </a>
      <header class="bar">
        <Link href="/" class="brand">
          <Face mood="very-happy" />
          Smilepost
        </Link>
        <Pages route={route} />
        <div class="bar-choices">
          <LanguageChoice choose={choose} />
          <ThemeButton />
        </div>
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        <Page route={route} />
      </main>
    </ReaderContext.Provider>
  )
}
