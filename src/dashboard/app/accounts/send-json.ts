import type { Problem } from '../../../contracts/http/problem.ts'

export type Sent<T> = { ok: true; value: T } | { ok: false; status: number; faults: Record<string, string> }

async function readFaults(response: Response): Promise<Record<string, string>> {
  try {
    const { errors = [] }: Partial<Problem> = await response.json()
    return Object.fromEntries(errors.map(({ field, code }) => [field, code]))
  } catch {
    return {}
  }
}

/**
 * Sends JSON to the API. Never throws: without an answer, `status` is 0.
 *
 * @returns by field, a word for its fault, where there are any
 */
export async function sendJson<T>(
  method: 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<Sent<T>> {
  try {
    const content = body && { body: JSON.stringify(body) }
    const type = body && { 'content-type': 'application/json' }
    const response = await fetch(path, { method, ...content, headers: { ...type, ...headers } })
    if (!response.ok) return { ok: false, status: response.status, faults: await readFaults(response) }
    const text = await response.text()
    const value: T = text === '' ? undefined : JSON.parse(text)
    return { ok: true, value }
  } catch {
    return { ok: false, status: 0, faults: {} }
  }
}
