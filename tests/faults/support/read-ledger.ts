import { readLedger } from '../../../src/central/fleet/read-ledger.ts'
import { openSqliteStore } from '../../../src/central/store/sqlite/open-sqlite-store.ts'
import type { Ledger } from '../../../src/contracts/http/terminals.ts'
import { silentLogger } from '../../support/silent-logger.ts'

/** Of a running central. */
export async function fetchLedger(httpUrl: string, terminal: string): Promise<Ledger> {
  const response = await fetch(`${httpUrl}/api/v1/terminals/${terminal}/ledger`)
  if (!response.ok) throw new Error(`no ledger of ${terminal}: ${response.status} ${await response.text()}`)
  return (await response.json()) as Ledger
}

const patienceMs = 30_000

/** The same, once it tells of so many presses and none pending, for reports come after the presses; or, after a while, whatever it tells. */
export async function fetchSettledLedger(httpUrl: string, terminal: string, pressed: number): Promise<Ledger> {
  for (const endMs = Date.now() + patienceMs; ; ) {
    const ledger = await fetchLedger(httpUrl, terminal)
    if ((ledger.pressed === pressed && ledger.pending === 0) || Date.now() > endMs) return ledger
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

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
