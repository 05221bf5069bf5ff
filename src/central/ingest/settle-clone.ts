import type { Store } from '../store/port.ts'
import { makeContextSource } from './context-source.ts'
import { settleUnplaced } from './settle-unplaced.ts'

/**
 * Somebody has decided about a cloned terminal, after the copy was put out of work: what was held back since is tallied (`count`),
 * or stays stored and in no tally for ever (`set-aside`), whatever time or place it gets later. From then on its presses count as ever,
 * and another clone would be noticed anew.
 *
 * @param origin who decides, for the audit log; null where nobody does
 * @returns false when the terminal is not known to be cloned
 */
export async function settleClone(
  store: Store,
  terminal: string,
  choice: 'count' | 'set-aside',
  origin: { by: string; from: string; atMs: number } | null = null,
): Promise<boolean> {
  // In one transaction: the service may store more of the held presses meanwhile.
  const isSettled = await store.transact(async (writer) => {
    const clonedAtMs = (await store.read.terminalState(terminal))?.clonedAtMs ?? null
    if (clonedAtMs === null) return false
    if (choice === 'set-aside') {
      const { unplaced } = await writer.setPressesAside(terminal, clonedAtMs)
      await writer.addLedger(terminal, { unplaced: -unplaced })
    }
    await writer.updateTerminalState(terminal, { clonedAtMs: null, lives: null })
    const line = { what: 'clone-settled', on: `terminal ${terminal}`, detail: JSON.stringify({ choice }) }
    if (origin) await writer.accounts.addAudit({ ...origin, ...line })
    return true
  })
  if (isSettled) await settleUnplaced(store, makeContextSource(store), terminal)
  return isSettled
}
