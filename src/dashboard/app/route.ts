/**
 * A few routes need no library: the address is parsed here, links change it through `navigate`, and the pages listen.
 * Choices a link should carry (period, class) live in the query.
 */
import { useEffect, useState } from 'preact/hooks'

export type Period = { from: string; to: string }
export type Route =
  | { page: 'home' }
  | { page: 'touchpoint'; id: string; period: Period | null; isRaw: boolean }
  | { page: 'terminals' }
  | { page: 'terminal'; id: string }
  | { page: 'sign-in' }
  | { page: 'setup' | 'invite' | 'reset' }
  | { page: 'users' }
  | { page: 'unknown' }

/** Pages without anything of their own in the address; the secret of a one-time link stands behind its #. */
const plainPages: Readonly<Record<string, Route>> = {
  '/': { page: 'home' },
  '/index.html': { page: 'home' },
  '/terminals': { page: 'terminals' },
  '/sign-in': { page: 'sign-in' },
  '/setup': { page: 'setup' },
  '/invitation': { page: 'invite' },
  '/reset': { page: 'reset' },
  '/users': { page: 'users' },
}

const localDate = /^\d{4}-\d{2}-\d{2}$/

function parsePeriod(query: URLSearchParams): Period | null {
  const [from, to] = [query.get('from') ?? '', query.get('to') ?? '']
  return localDate.test(from) && localDate.test(to) && from <= to ? { from, to } : null
}

function decode(part: string): string | null {
  try {
    return decodeURIComponent(part)
  } catch {
    return null
  }
}

function parseRoute(url: URL): Route {
  const plain = plainPages[url.pathname.replace(/(.)\/$/, '$1')]
  if (plain) return plain
  const terminal = decode(/^\/terminals\/([^/]+)\/?$/.exec(url.pathname)?.[1] ?? '')
  if (terminal) return { page: 'terminal', id: terminal }
  const id = decode(/^\/touchpoints\/([^/]+)\/?$/.exec(url.pathname)?.[1] ?? '')
  if (!id) return { page: 'unknown' }
  return {
    page: 'touchpoint',
    id,
    period: parsePeriod(url.searchParams),
    isRaw: url.searchParams.get('class') === 'raw',
  }
}

export function formatTouchpointPath(id: string, period: Period | null = null, isRaw = false): string {
  const query = new URLSearchParams({ ...period, ...(isRaw && { class: 'raw' }) }).toString()
  return `/touchpoints/${encodeURIComponent(id)}${query === '' ? '' : `?${query}`}`
}

export const formatTerminalPath = (id: string): string => `/terminals/${encodeURIComponent(id)}`

const changed = 'smilepost:navigated'

/** Goes to an address of this app without loading the page again. */
export function navigate(path: string): void {
  const isSamePage = new URL(path, location.href).pathname === location.pathname
  history.pushState(null, '', path)
  if (!isSamePage) scrollTo(0, 0)
  dispatchEvent(new Event(changed))
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => parseRoute(new URL(location.href)))
  useEffect(() => {
    const update = () => setRoute(parseRoute(new URL(location.href)))
    addEventListener('popstate', update)
    addEventListener(changed, update)
    return () => {
      removeEventListener('popstate', update)
      removeEventListener(changed, update)
    }
  }, [])
  return route
}
