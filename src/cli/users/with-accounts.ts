import type { Accounts } from '../../central/accounts/open-accounts.ts'
import type { CentralConfig } from '../../central/config.ts'

/** Who sits at the machine may do everything, and stands in the audit log as that. */
export const atThisMachine = {
  ...{ by: 'command line', from: 'local' },
  reach: { place: () => true, touchpoint: () => true },
}

/** Where the pages are; the port of a service that takes a free one is known to itself alone. */
function pagesOf({ http: { host, port, publicUrl } }: CentralConfig): string {
  if (publicUrl !== undefined) return new URL(publicUrl).origin
  return `http://${host.includes(':') ? `[${host}]` : host}:${port === 0 ? 'PORT' : port}`
}

/** Runs `work` on the accounts of the central's store; the service may run beside it and sees the change. */
export async function withAccounts<T>(
  configPath: string | undefined,
  work: (accounts: Accounts) => Promise<T>,
): Promise<T> {
  const { openAccounts } = await import('../../central/accounts/open-accounts.ts')
  const { loadCentralConfig } = await import('../../central/config.ts')
  const { systemClock } = await import('../../shared/clock.ts')
  const { makeLogger } = await import('../../shared/logger.ts')
  const { withCentralStore } = await import('../open-store.ts')
  const config = loadCentralConfig(configPath)
  return withCentralStore(configPath, (store) =>
    work(openAccounts({ store, clock: systemClock, logger: makeLogger('warn'), baseUrl: () => pagesOf(config) })),
  )
}
