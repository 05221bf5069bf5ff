import type { Logger } from '../../shared/logger.ts'
import type { GroupSheet } from './group-sheet.ts'

const maxLoggedRejects = 10_000

/** Says aloud, after the COMMIT, what breaks the chain of custody or would: counters tell how often, these lines of whom. */
export function makeCustodyAlarm(logger: Logger) {
  const loggedRejects = new Set<string>()
  return ({ conflicts, clones, losses, rejects }: Pick<GroupSheet, 'conflicts' | 'clones' | 'losses' | 'rejects'>) => {
    for (const conflict of conflicts) logger.error(conflict, 'same key, other content: both are kept aside')
    for (const clone of clones)
      logger.error(
        clone,
        'two machines speak under one name: presses of this terminal are kept and not tallied until somebody decides',
      )
    for (const loss of losses) logger.error(loss, 'a terminal no longer has these records: they are missing for ever')
    for (const reject of rejects) {
      const key = `${reject.reason} ${reject.terminal}`
      if (loggedRejects.has(key)) continue
      if (loggedRejects.size < maxLoggedRejects) loggedRejects.add(key)
      logger.error(reject, 'a record can never be accepted; further ones like it are only counted')
    }
  }
}
