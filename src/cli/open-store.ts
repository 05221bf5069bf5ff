import { centralDatabase, loadCentralConfig } from '../central/config.ts'
import type { Store } from '../central/store/port.ts'
import { openSqliteStore } from '../central/store/sqlite/open-sqlite-store.ts'
import { makeLogger } from '../shared/logger.ts'

/** Runs `work` on the central's store; the service may run beside it and sees the change. */
export async function withCentralStore<T>(
  configPath: string | undefined,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const config = loadCentralConfig(configPath)
  const store = await openSqliteStore({ path: centralDatabase(config), logger: makeLogger('warn') })
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}
