import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { type Language, languageNames, languages } from '../../words/languages.ts'
import { LinkPage } from './accounts/link-page.tsx'
import { sendJson } from './accounts/send-json.ts'
import { mayDo, SessionContext, useLoadedSession, useSession } from './accounts/session.ts'
import { SignInPage } from './accounts/sign-in-page.tsx'
import { UsersPage } from './accounts/users-page.tsx'
import { Face } from './drawing.tsx'
import { HomePage } from './home-page.tsx'
import { Link } from './link.tsx'
import { Loading, NotFound } from './page-states.tsx'
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
  const usedBy = useSession()
  const { label, touchpoints, terminals } = words.terminals.nav
  const isTerminals = route.page === 'terminals' || route.page === 'terminal'
  const isTouchpoints = route.page === 'home' || route.page === 'touchpoint'
  return (
    <nav class="pages" aria-label={label}>
      <Link href="/" current={isTouchpoints}>
        {touchpoints}
      </Link>
      {mayDo(usedBy, 'see-terminals') && (
        <Link href="/terminals" current={isTerminals}>
          {terminals}
        </Link>
      )}
      {usedBy.session?.may.includes('manage-users') && (
        <Link href="/users" current={route.page === 'users'}>
          {words.accounts.nav}
        </Link>
      )}
      <SignOutButton />
    </nav>
  )
}

function SignOutButton() {
  const { words } = useReader()
  const { session, reload } = useSession()
  if (session?.state !== 'signed-in') return null
  const signOut = () => void sendJson('DELETE', '/api/v1/session').then(reload)
  return (
    <button type="button" class="button sign-out" title={session.user?.email ?? ''} onClick={signOut}>
      {words.accounts.signOut}
    </button>
  )
}

function Page({ route }: { route: Route }) {
  const { session, isLoading } = useSession()
  const isLink = route.page === 'setup' || route.page === 'invite' || route.page === 'reset'
  if (isLink) return <LinkPage key={route.page} kind={route.page} />
  if (isLoading && session === null) return <Loading tall />
  return session?.state === 'signed-out' ? <SignInPage /> : <OwnPage route={route} />
}

function OwnPage({ route }: { route: Route }) {
  switch (route.page) {
    case 'home':
      return <HomePage />
    case 'touchpoint':
      return <TouchpointPage id={route.id} period={route.period} isRaw={route.isRaw} />
    case 'terminals':
      return <TerminalsPage />
    case 'terminal':
      return <TerminalPage id={route.id} />
    case 'users':
      return <UsersPage />
    case 'sign-in':
      return <HomePage />
    default:
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
  const usedBy = useLoadedSession()
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
      <SessionContext.Provider value={usedBy}>
        <a class="skip" href="#main">
          {reader.words.skip}
        </a>
        <header class="bar">
          <Link href="/" class="brand">
            <Face mood="very-happy" />
            Smilepost
          </Link>
          {usedBy.session?.state !== 'signed-out' && <Pages route={route} />}
          <div class="bar-choices">
            <LanguageChoice choose={choose} />
            <ThemeButton />
          </div>
        </header>
        <main id="main" ref={main} tabIndex={-1}>
          <Page route={route} />
        </main>
      </SessionContext.Provider>
    </ReaderContext.Provider>
  )
}
