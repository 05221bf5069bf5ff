import type { FastifyRequest } from 'fastify'
import type { Logger } from '../../shared/logger.ts'
import type { AccountDesk, Device, Manager } from './account-desk.ts'
import type { Gate } from './guard-access.ts'
import type { Limits } from './make-limits.ts'

/** What the routes of accounts are made from. */
export type AccountGate = Gate & { desk: AccountDesk; limits: Limits; logger: Logger }

/** The browser or program that asks. */
export const deviceOf = ({ ip, headers }: FastifyRequest): Device => ({
  ...{ address: ip, agent: headers['user-agent'] ?? '' },
})

/** Who asks, as the audit log names them, and how far they reach. */
export function managerOf({ caller, ip, reach }: FastifyRequest): Manager {
  if (caller?.kind === 'user') return { by: caller.email, from: ip, reach }
  return { by: caller?.kind === 'token' ? `token ${caller.id}` : 'nobody', from: ip, reach }
}
