import { setTimeout as delay } from 'node:timers/promises'

/** Polls until `isTrue`; gives up at the deadline or when `signal` aborts. @returns whether it became true */
export async function waitUntil(isTrue: () => boolean, deadlineMs: number, signal: AbortSignal): Promise<boolean> {
  const endMs = performance.now() + deadlineMs
  while (!isTrue()) {
    if (signal.aborted || performance.now() > endMs) return false
    await delay(20)
  }
  return true
}
