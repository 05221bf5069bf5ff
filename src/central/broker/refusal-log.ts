import { makeCounters } from '../../shared/counters.ts'
import type { Logger } from '../../shared/logger.ts'

const maxLogged = 10_000

/** Counts every refusal by reason and logs each reason once per terminal: whoever is refused will try again, for years. */
export function makeRefusalLog(logger: Logger, reasons: readonly string[]) {
  const counters = makeCounters<string>(reasons)
  const logged = new Set<string>()
  return {
    note(reason: string, terminal: string | null, detail?: string) {
      counters.add(reason)
      const key = `${reason} ${terminal}`
      if (logged.has(key) || logged.size >= maxLogged) return
      logged.add(key)
      logger.warn({ reason, terminal, detail }, 'refused; further ones like it are only counted')
    },
    snapshot: () => counters.snapshot(),
  }
}
