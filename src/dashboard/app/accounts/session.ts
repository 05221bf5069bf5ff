/** Who uses the page. Asked for once, again after each sign-in or -out, and when an answer says that nobody is signed in any more. */
import { createContext } from 'preact'
import { useContext, useEffect, useState } from 'preact/hooks'
import type { SessionState } from '../../../contracts/http/accounts.ts'
import type { Action } from '../../../contracts/http/permissions.ts'
import { fetchJson } from '../fetch-json.ts'

export type UsedBy = { session: SessionState | null; isLoading: boolean; reload: () => void }

export const SessionContext = createContext<UsedBy>({ session: null, isLoading: false, reload: () => undefined })
export const useSession = (): UsedBy => useContext(SessionContext)

/** @returns true also while nothing is known: then the API decides */
export const mayDo = ({ session }: UsedBy, action: Action): boolean => session === null || session.may.includes(action)

export function useLoadedSession(): UsedBy {
  const [attempt, setAttempt] = useState(0)
  const [kept, setKept] = useState<{ session: SessionState | null; isLoading: boolean }>({
    ...{ session: null, isLoading: true },
  })
  const reload = () => setAttempt((count) => count + 1)
  useEffect(() => {
    const abort = new AbortController()
    fetchJson<SessionState>('/api/v1/session', abort.signal).then(
      (fetched) => setKept({ session: fetched.ok ? fetched.value : null, isLoading: false }),
      () => undefined,
    )
    return () => abort.abort()
  }, [attempt])
  useEffect(() => {
    addEventListener('smilepost:signed-out', reload)
    return () => removeEventListener('smilepost:signed-out', reload)
  }, [])
  return { ...kept, reload }
}
