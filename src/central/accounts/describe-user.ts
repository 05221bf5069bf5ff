import type { UserItem } from '../../contracts/http/accounts.ts'
import type { User } from '../store/accounts-port.ts'

const instant = (ms: number) => new Date(ms).toISOString()

/** A user as others may see them. */
export function describeUser(user: User): UserItem {
  const { id, email, name, language, role, place, state, revision, createdAtMs, changedAtMs, changedBy } = user
  return {
    ...{ id, email, name, language, role, place, state, revision, changedBy },
    ...{ createdAt: instant(createdAtMs), changedAt: instant(changedAtMs) },
    lastSignInAt: user.lastSignInAtMs === null ? null : instant(user.lastSignInAtMs),
  }
}
