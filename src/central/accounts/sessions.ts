import type { CallingUser } from '../../contracts/http/permissions.ts'
import type { AccountWriter, Session, User } from '../store/accounts-port.ts'
import { type AccountRoom, type Device, noteChange, type Origin } from './account-room.ts'
import { hashSecret, makeId, makeSecret } from './secret.ts'

const hourMs = 3_600_000
const idleMs = 12 * hourMs
const longestMs = 30 * 24 * hourMs
/** When a session was last seen is written no more often than this. */
const seenStepMs = 5 * 60_000
/** More than anybody's devices; whoever signs in once more ends the oldest one. */
const mostSessions = 20

export const originOf = (user: { email: string }, { address }: Device): Origin => ({ by: user.email, from: address })

/** Sessions live in the store, by the hash of their secret; a browser holds the secret and nothing else. */
export function makeSessions(room: AccountRoom) {
  const { store, clock, logger } = room
  const isOver = ({ createdAtMs, seenAtMs }: Session) => {
    const nowMs = clock.wallMs()
    return nowMs - seenAtMs >= idleMs || nowMs - createdAtMs >= longestMs
  }

  async function prune(writer: AccountWriter, user: string): Promise<void> {
    const nowMs = clock.wallMs()
    await writer.removeOldSessions({ createdAtMs: nowMs - longestMs, seenAtMs: nowMs - idleMs })
    const sessions = await writer.sessionsOf(user)
    for (const { hash } of sessions.slice(mostSessions - 1)) await writer.removeSession(hash)
  }

  /** Begins a session with a secret of its own, whatever the browser held before; to be called within a transaction. */
  async function begin(writer: AccountWriter, user: User, device: Device, before: string | null): Promise<string> {
    if (before !== null) await writer.removeSession(hashSecret(before))
    await prune(writer, user.id)
    const secret = makeSecret()
    const nowMs = clock.wallMs()
    await writer.putSession({
      ...{ hash: hashSecret(secret), id: makeId(), user: user.id, createdAtMs: nowMs, seenAtMs: nowMs },
      ...{ agent: device.agent.slice(0, 200), address: device.address },
    })
    return secret
  }

  /** @param isSeen false for a look that is no sign of life, such as a page left open */
  async function find(secret: string, isSeen = true): Promise<CallingUser | null> {
    const session = await store.read.accounts.session(hashSecret(secret))
    if (!session || isOver(session)) return null
    const user = await store.read.accounts.user(session.user)
    if (user?.state !== 'active') return null
    const nowMs = clock.wallMs()
    if (isSeen && nowMs - session.seenAtMs >= seenStepMs)
      store
        .transact(({ accounts }) => accounts.touchSession(session.hash, nowMs))
        .catch((error: unknown) => logger.warn({ error: String(error) }, 'session not noted as seen'))
    const { id, email, name, language, role, place } = user
    return { kind: 'user', id, email, name, language, role, place, session: session.id }
  }

  async function list(user: string, current: string) {
    const sessions = (await store.read.accounts.sessionsOf(user)).filter((session) => !isOver(session))
    return sessions.map(({ id, createdAtMs, seenAtMs, agent, address }) => ({
      ...{ id, agent, address, isCurrent: id === current },
      ...{ createdAt: new Date(createdAtMs).toISOString(), seenAt: new Date(seenAtMs).toISOString() },
    }))
  }

  /** @returns false when the user has no such session */
  function end(user: { id: string; email: string }, session: string, device: Device): Promise<boolean> {
    return store.transact(async ({ accounts }) => {
      const found = (await accounts.sessionsOf(user.id)).find(({ id }) => id === session)
      if (!found) return false
      await noteChange(room, accounts, originOf(user, device), { what: 'session-ended', on: `user ${user.email}` })
      return accounts.removeSession(found.hash)
    })
  }

  return { begin, find, list, end }
}
export type Sessions = ReturnType<typeof makeSessions>
