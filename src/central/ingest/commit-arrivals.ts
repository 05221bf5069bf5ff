import type { Counters } from '../../shared/counters.ts'
import { AppError } from '../../shared/errors.ts'
import type { Logger } from '../../shared/logger.ts'
import type { Store } from '../store/port.ts'
import type { Arrival } from './arrival.ts'
import { commitGroup } from './commit-group.ts'
import type { GroupContext, GroupSheet } from './group-sheet.ts'

type Options = { store: Store; currentContext(): Promise<GroupContext>; counters: Counters; logger: Logger }

/**
 * Commits a group in one transaction. When that throws, the group is halved until the message that spoils it stands alone; that one
 * is dropped and counted, and its terminal will send it again. A failing store is nobody's message's fault: the whole group is dropped.
 *
 * @returns the sheets of what was committed
 */
export async function commitArrivals(options: Options, arrivals: readonly Arrival[]): Promise<GroupSheet[]> {
  const { store, currentContext, counters, logger } = options
  try {
    // The catalogue is read inside, where no other program can change it before our COMMIT.
    return [await store.transact(async (writer) => commitGroup(writer, arrivals, await currentContext()))]
  } catch (error) {
    if (error instanceof AppError) {
      counters.add('store-failed', arrivals.length)
      logger.error({ err: error, messages: arrivals.length }, 'store failed, nothing of this group is acknowledged')
      return []
    }
    const [only] = arrivals
    if (arrivals.length === 1 && only) {
      counters.add('not-storable')
      logger.error({ err: error, terminal: only.terminal, kind: only.kind }, 'message can not be stored')
      return []
    }
    const middle = arrivals.length >>> 1
    const first = await commitArrivals(options, arrivals.slice(0, middle))
    return [...first, ...(await commitArrivals(options, arrivals.slice(middle)))]
  }
}
