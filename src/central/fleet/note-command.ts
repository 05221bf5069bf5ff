import type { AccountWriter } from '../store/accounts-port.ts'

/** Who sits at the machine of the central, for the audit log; null where nobody does, as in a demo. */
export type CommandOrigin = { by: string; from: string; atMs: number } | null

/** Writes a line of the audit log into the transaction of the change that it tells of. */
export async function noteCommand(
  writer: Pick<AccountWriter, 'addAudit'>,
  origin: CommandOrigin,
  { what, on, detail }: { what: string; on: string; detail: object },
): Promise<void> {
  if (origin) await writer.addAudit({ ...origin, what, on, detail: JSON.stringify(detail) })
}
