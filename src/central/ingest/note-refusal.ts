import type { Counters } from '../../shared/counters.ts'
import type { Logger } from '../../shared/logger.ts'
import type { Refusal } from './arrival.ts'

const maxLogged = 10_000

/** Counts what is not taken by its reason, and says each reason once a terminal. */
export function makeRefusalNote(counters: Counters, logger: Logger) {
  const logged = new Set<string>()
  return (terminal: string, { reason, detail }: Refusal): void => {
    counters.add(reason)
    const key = `${reason} ${terminal}`
    if (logged.has(key)) return
    if (logged.size < maxLogged) logged.add(key)
    logger.warn({ terminal, reason, detail }, 'message refused; further ones like it are only counted')
  }
}
