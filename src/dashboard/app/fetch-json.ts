import type { Problem } from '../../contracts/http/problem.ts'

/** What went wrong, in the words a page can show: `not-found` and `unreachable` have texts of their own. */
export type Failure = { kind: 'not-found' | 'unreachable' | 'refused'; detail: string | null }
export type Fetched<T> = { ok: true; value: T } | { ok: false; failure: Failure }

async function readProblem(response: Response): Promise<string | null> {
  try {
    const problem: Partial<Problem> = await response.json()
    return problem.detail ?? problem.title ?? null
  } catch {
    return null
  }
}

/** What a refusing answer says. */
export async function readFailure(response: Response): Promise<Failure> {
  // The session may have ended: whoever shows the pages asks who is signed in.
  if (response.status === 401) dispatchEvent(new Event('smilepost:signed-out'))
  const kind = response.status === 404 ? 'not-found' : 'refused'
  return { kind, detail: await readProblem(response) }
}

/**
 * Gets JSON from the API.
 *
 * @throws the abort error when `signal` fires; everything else is a value
 */
export async function fetchJson<T>(path: string, signal: AbortSignal): Promise<Fetched<T>> {
  try {
    const response = await fetch(path, { signal, headers: { accept: 'application/json' } })
    if (response.ok) {
      const value: T = await response.json()
      return { ok: true, value }
    }
    return { ok: false, failure: await readFailure(response) }
  } catch (error) {
    if (signal.aborted) throw error
    return { ok: false, failure: { kind: 'unreachable', detail: null } }
  }
}
