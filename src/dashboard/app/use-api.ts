import { useEffect, useState } from 'preact/hooks'
import { type Failure, fetchJson } from './fetch-json.ts'

export type Loaded<T> = {
  /** What was loaded last; stays while the next is on its way, so that nothing jumps. */
  value: T | null
  failure: Failure | null
  isLoading: boolean
  retry: () => void
}

type Kept<T> = { path: string | null; value: T | null; failure: Failure | null; isLoading: boolean }

/**
 * Loads `path` and again whenever it changes or every `refreshMs`.
 *
 * @param path null loads nothing yet
 * @param owner what the value belongs to; when it changes, an old value is dropped instead of kept
 */
export function useApi<T>(path: string | null, owner = '', refreshMs: number | null = null): Loaded<T> {
  const [attempt, setAttempt] = useState(0)
  const [kept, setKept] = useState<Kept<T> & { owner: string }>({
    path,
    owner,
    value: null,
    failure: null,
    isLoading: true,
  })

  useEffect(() => {
    if (path === null) return
    const abort = new AbortController()
    setKept((before) => ({ ...before, owner, value: before.owner === owner ? before.value : null, isLoading: true }))
    fetchJson<T>(path, abort.signal).then(
      (fetched) =>
        setKept((before) =>
          fetched.ok
            ? { path, owner, value: fetched.value, failure: null, isLoading: false }
            : { ...before, path, failure: fetched.failure, isLoading: false },
        ),
      () => undefined,
    )
    return () => abort.abort()
  }, [path, owner, attempt])

  const retry = () => setAttempt((count) => count + 1)
  useEffect(() => {
    if (refreshMs === null) return
    const timer = setInterval(retry, refreshMs)
    return () => clearInterval(timer)
  }, [refreshMs])

  const isOwn = kept.owner === owner
  return {
    value: isOwn ? kept.value : null,
    failure: isOwn ? kept.failure : null,
    isLoading: kept.isLoading || !isOwn,
    retry,
  }
}
