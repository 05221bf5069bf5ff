import { Check } from 'typebox/value'
import { LineState } from '../../contracts/http/kiosk.ts'

const patienceMs = 2000

/**
 * Asks whatever answers on a port of this machine.
 *
 * @returns its JSON, null when nobody answers there or with something else
 */
export async function askJson(port: number, path: string): Promise<unknown> {
  try {
    const signal = AbortSignal.timeout(patienceMs)
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { signal, redirect: 'error' })
    return response.ok ? await response.json() : null
  } catch {
    return null
  }
}

/**
 * Asks the daemon of this machine for the state of its line.
 *
 * @param port of its touch page
 * @returns null when nobody answers there, or somebody else does
 */
export async function askDaemon(port: number): Promise<LineState | null> {
  const state = await askJson(port, '/api/line')
  return Check(LineState, state) ? state : null
}
