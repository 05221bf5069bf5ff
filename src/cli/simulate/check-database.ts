/** What a simulation compares where the central's database is at hand: rows and tallies by plain SQL, and the central's own ledger. */
import { setTimeout as delay } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { readLedger } from '../../central/fleet/read-ledger.ts'
import { openSqliteStore } from '../../central/store/sqlite/open-sqlite-store.ts'
import { makeLogger } from '../../shared/logger.ts'
import type { Account } from './account-of-terminal.ts'
import { checkRows } from './check-rows.ts'
import { isLabelled } from './check-tallies.ts'
import type { SimulatedTerminal } from './simulated-terminal.ts'

const labelsDeadlineMs = 120_000

async function readLedgers(database: string, accounts: readonly Account[]): Promise<Account[]> {
  const store = await openSqliteStore({ path: database, logger: makeLogger('warn') })
  try {
    const read: Account[] = []
    for (const account of accounts) {
      const ledger = await readLedger(store.read, account.terminal)
      const missing = ledger?.missingCount ?? 0
      read.push({ ...account, ledger: ledger && { ...ledger, missing } })
    }
    return read
  } finally {
    await store.close()
  }
}

async function waitForLabels(database: string): Promise<void> {
  const db = new Database(database, { readonly: true })
  try {
    for (const endMs = Date.now() + labelsDeadlineMs; !isLabelled(db) && Date.now() < endMs; ) await delay(100)
  } finally {
    db.close()
  }
}

/**
 * @param database path; the central may be running on it
 * @param hasOwn the terminals were created for this run
 */
export async function checkDatabase(
  database: string,
  terminals: readonly SimulatedTerminal[],
  hasOwn: boolean,
): Promise<Account[]> {
  await waitForLabels(database)
  const accounts = checkRows(database, terminals, hasOwn)
  // A terminal that was there before has a ledger of more than this run.
  return hasOwn ? readLedgers(database, accounts) : accounts
}
