import type { Clock } from '../../shared/clock.ts'
import type { Counters } from '../../shared/counters.ts'
import type { Logger } from '../../shared/logger.ts'
import type { AccountWriter } from '../store/accounts-port.ts'
import type { Store } from '../store/port.ts'
import type { PasswordHasher } from './password-hasher.ts'

export type AccountEvent =
  | 'signed-in'
  | 'sign-in-refused'
  | 'hashing-busy'
  | 'mail-sent'
  | 'mail-failed'
  | 'oidc-refused'

/** What the parts of this room share. */
export type AccountRoom = {
  store: Store
  clock: Clock
  logger: Logger
  hasher: PasswordHasher
  counters: Counters<AccountEvent>
}

/** Who does something, for the audit log: `by` as people read it, and the address it came from. */
export type Origin = { by: string; from: string }

/** A browser that asks for a session. */
export type Device = { address: string; agent: string }

/** Writes a line of the audit log into the transaction of the change that it tells of. */
export async function noteChange(
  { clock }: Pick<AccountRoom, 'clock'>,
  writer: AccountWriter,
  { by, from }: Origin,
  change: { what: string; on: string; detail?: object },
): Promise<void> {
  const { what, on, detail = {} } = change
  await writer.addAudit({ atMs: clock.wallMs(), by, what, on, detail: JSON.stringify(detail), from })
}
