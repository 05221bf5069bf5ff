import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { loadCentralConfig } from '../central/config.ts'
import type { Store } from '../central/store/port.ts'
import { openSqliteStore } from '../central/store/sqlite/open-sqlite-store.ts'
import { makeLogger } from '../shared/logger.ts'

/** Where the central keeps its database, below its data folder. */
export const centralDatabaseName = 'central.sqlite'

/** Runs `work` on the central's store; the service may run beside it and sees the change. */
export async function withCentralStore<T>(
  configPath: string | undefined,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const config = loadCentralConfig(configPath)
  mkdirSync(config.data, { recursive: true })
  const store = await openSqliteStore({ path: join(config.data, centralDatabaseName), logger: makeLogger('warn') })
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}
