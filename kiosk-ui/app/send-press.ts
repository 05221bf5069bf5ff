import type { TouchPress, TouchReceipt } from '../../src/contracts/http/kiosk.ts'
import type { SendResult } from './press-queue.ts'

const timeoutMs = 5_000
/** Answers that say "not now" rather than "never": timeout, too many, and every failure of the server itself. */
const isTemporary = (status: number): boolean => status === 408 || status === 429 || status >= 500

/** Hands one press to the daemon on this machine; no answer within 5 s is worth another try with the same id. */
export async function sendPress(press: TouchPress): Promise<SendResult> {
  const response = await fetch('/api/presses', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(press),
    signal: AbortSignal.timeout(timeoutMs),
  })
  if (!response.ok) return isTemporary(response.status) ? 'later' : 'refused'
  const receipt: TouchReceipt = await response.json()
  return receipt.stored ? 'stored' : 'later'
}
