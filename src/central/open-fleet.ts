import type { Clock } from '../shared/clock.ts'
import type { Logger } from '../shared/logger.ts'
import { listTerminals, readTerminal } from './fleet/list-terminals.ts'
import { openCustodyWatch } from './fleet/open-custody-watch.ts'
import { readLedger } from './fleet/read-ledger.ts'
import type { Store } from './store/port.ts'

/** A list with ledgers of a minute ago is better than one that comes late. */
const listPatienceMs = 400

/**
 * Wires what is told of terminals with the watch over their presses.
 *
 * @param store whose writes wait for those of others
 */
export function openFleet({ store, clock, logger }: { store: Store; clock: Clock; logger: Logger }) {
  const custody = openCustodyWatch({ store, clock, logger })
  return {
    /** What the API reads of terminals. */
    reader: {
      async listTerminals() {
        await custody.review(listPatienceMs)
        const compared = await store.read.compared()
        return {
          terminals: await listTerminals(store.read, clock.wallMs(), custody.custodyOf),
          comparison: compared && { at: new Date(compared.atMs).toISOString(), differences: compared.differences },
        }
      },
      readTerminal: (terminal: string) => readTerminal(store.read, terminal, clock.wallMs(), custody.custodyOf),
      readLedger: (terminal: string) => readLedger(store.read, terminal),
    },
    noteChanged: custody.noteChanged,
    counters: custody.counters.snapshot,
    gauges: () => ({
      smilepost_fleet_missing_presses: {
        help: 'Presses that are missing now, of all terminals, as their ledgers were last looked at.',
        value: custody.missing(),
      },
    }),
    close: custody.close,
  }
}
