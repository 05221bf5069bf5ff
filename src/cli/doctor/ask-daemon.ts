import { Check } from 'typebox/value'
import { LineState } from '../../contracts/http/kiosk.ts'

const patienceMs = 2000

/**
 * Asks the daemon of this machine for the state of its line.
 *
 * @param port of its touch page
 * @returns null when nobody answers there, or somebody else does
 */
export async function askDaemon(port: number): Promise<LineState | null> {
  try {
    const signal = AbortSignal.timeout(patienceMs)
    const response = await fetch(`http://127.0.0.1:${port}/api/line`, { signal, redirect: 'error' })
    const state: unknown = response.ok ? await response.json() : null
    return Check(LineState, state) ? state : null
  } catch {
    return null
  }
}
