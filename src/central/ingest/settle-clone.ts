import type { Store } from '../store/port.ts'
import { makeContextSource } from './context-source.ts'
import { makeGroupSheet } from './group-sheet.ts'
import { settleUnplaced } from './settle-unplaced.ts'

const pageSize = 1_000

/**
 * Somebody has decided about a cloned terminal, after the copy was put out of work: what was held back since is tallied (`count`),
 * or stays stored and in no tally (`set-aside`). From then on its presses count as ever, and another clone would be noticed anew.
 *
 * @returns false when the terminal is not known to be cloned
 */
export async function settleClone(store: Store, terminal: string, choice: 'count' | 'set-aside'): Promise<boolean> {
  const state = await store.read.terminalState(terminal)
  if (!state || state.clonedAtMs === null) return false
  if (choice === 'set-aside') await setAside(store, terminal)
  await store.transact((writer) => writer.updateTerminalState(terminal, { clonedAtMs: null, lives: null }))
  await settleUnplaced(store, makeContextSource(store), terminal)
  return true
}

/** Takes the held presses out of the list of those that wait for a place, where a place was known. */
async function setAside(store: Store, terminal: string): Promise<void> {
  const context = await makeContextSource(store)()
  await store.transact(async (writer) => {
    const sheet = makeGroupSheet(writer, context)
    for (let skip = 0, isFull = true; isFull; ) {
      const presses = await writer.unplacedPresses(terminal, { limit: pageSize, skip })
      isFull = presses.length === pageSize
      for (const { epoch, record, utcMs, errorMs } of presses) {
        if (utcMs === null || errorMs === null) continue
        const time = { utcMs, errorMs }
        if (context.cells.find(terminal, time, record.flags).isUnplaced) {
          skip += 1
          continue
        }
        await writer.retimePress(
          { terminal, epoch, sequence: record.sequence },
          { ...time, cell: null, isUnplaced: false },
        )
        sheet.addLedger(terminal, 'unplaced', -1)
      }
    }
    await sheet.write()
  })
}
