import { setImmediate } from 'node:timers/promises'

/** Lets others have a turn, every so many calls: a night may run in the process that also takes presses. */
export function pauseEvery(calls: number): () => Promise<void> {
  let count = 0
  return async () => {
    count++
    if (count % calls === 0) await setImmediate()
  }
}
