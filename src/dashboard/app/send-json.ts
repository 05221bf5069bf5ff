import type { Failure } from './fetch-json.ts'
import { readFailure } from './fetch-json.ts'

/**
 * Asks the API to change something.
 *
 * @param body left out for `DELETE`
 * @returns null when it was done, else what went wrong
 */
export async function sendJson(method: 'PUT' | 'DELETE', path: string, body?: object): Promise<Failure | null> {
  try {
    const content = body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    const response = await fetch(path, { method, ...content })
    return response.ok ? null : await readFailure(response)
  } catch {
    return { kind: 'unreachable', detail: null }
  }
}
