import { readLedger } from '../../../src/central/fleet/read-ledger.ts'
import { openSqliteStore } from '../../../src/central/store/sqlite/open-sqlite-store.ts'
import type { Ledger } from '../../../src/contracts/http/terminals.ts'
import { silentLogger } from '../../support/silent-logger.ts'
import { waitFor } from '../../support/smilepost-process.ts'

/** Of a running central. */
export async function fetchLedger(httpUrl: string, terminal: string): Promise<Ledger> {
  const response = await fetch(`${httpUrl}/api/v1/terminals/${terminal}/ledger`)
  if (!response.ok) throw new Error(`no ledger of ${terminal}: ${response.status} ${await response.text()}`)
  return (await response.json()) as Ledger
}

/** The same, once the terminal has said that nothing waits any more: reports come after the presses. */
export const fetchSettledLedger = (httpUrl: string, terminal: string): Promise<Ledger> =>
  waitFor(`a ledger of ${terminal} without anything pending`, 30_000, async () => {
    const ledger = await fetchLedger(httpUrl, terminal)
    return ledger.pending === 0 && ledger
  })

/** Of a central's database where no central runs. */
export async function readStoredLedger(path: string, terminal: string): Promise<Ledger> {
  const store = await openSqliteStore({ path, logger: silentLogger })
  try {
    const ledger = await readLedger(store.read, terminal)
    if (!ledger) throw new Error(`no terminal ${terminal}`)
    return ledger
  } finally {
    await store.close()
  }
}
