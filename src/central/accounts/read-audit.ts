import type { AuditPage } from '../../contracts/http/accounts.ts'
import type { AccountReader } from '../store/accounts-port.ts'

/** A page of the audit log, newest first. */
export async function readAudit(
  reader: AccountReader,
  { before, limit }: { before: number | null; limit: number },
): Promise<AuditPage> {
  const rows = await reader.audit({ before, limit: limit + 1 })
  const shown = rows.slice(0, limit)
  return {
    entries: shown.map(({ atMs, detail, ...rest }) => ({
      ...{ ...rest, at: new Date(atMs).toISOString(), detail: JSON.parse(detail) as unknown },
    })),
    next: rows.length > limit ? (shown.at(-1)?.no ?? null) : null,
  }
}
