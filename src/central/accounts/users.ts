import type { NewUser, UserChange, UserItem } from '../../contracts/http/accounts.ts'
import type { Refusal } from '../../contracts/http/refusal.ts'
import type { AccountWriter, User } from '../store/accounts-port.ts'
import { type AccountRoom, noteChange, type Origin } from './account-room.ts'
import { describeUser } from './describe-user.ts'
import type { Links, MadeLink } from './links.ts'
import type { Reach } from './may.ts'
import { refuse, refuseField } from './refusal.ts'
import { makeId } from './secret.ts'
import { normalEmail } from './sign-in.ts'

/** Who manages: by their name in the audit log, and within their subtree only. */
export type Manager = Origin & { reach: Reach }

const unknownUser = (id: string) => refuse('unknown', `No user is called ${id}; GET /api/v1/users lists them.`)
const unknownPlace = (place: string | null) =>
  place === null
    ? refuseField('place', 'unknown', 'all places: only an administrator of all places may give that')
    : refuseField('place', 'unknown', `no place is called ${place}`)

export function makeUsers(room: AccountRoom, links: Links) {
  const { store, clock } = room

  async function list({ reach }: Pick<Manager, 'reach'>): Promise<UserItem[]> {
    return (await store.read.accounts.users()).filter(({ place }) => reach.place(place)).map(describeUser)
  }

  async function isPlace(place: string | null): Promise<boolean> {
    return place === null || (await store.read.places()).some(({ id }) => id === place)
  }

  async function invite(given: NewUser, manager: Manager): Promise<{ ok: true; user: User; link: MadeLink } | Refusal> {
    const [email, nowMs] = [normalEmail(given.email), clock.wallMs()]
    if (!manager.reach.place(given.place) || !(await isPlace(given.place))) return unknownPlace(given.place)
    return store.transact(async ({ accounts }) => {
      if (await accounts.userByEmail(email)) return refuseField('email', 'taken', 'has an account already')
      const user: User = {
        ...{
          id: makeId(),
          email,
          name: given.name.trim(),
          language: given.language,
          role: given.role,
          place: given.place,
        },
        ...{ state: 'invited', passwordHash: null, oidcSubject: null, revision: 1, lastSignInAtMs: null },
        ...{ createdAtMs: nowMs, changedAtMs: nowMs, changedBy: manager.by },
      }
      await accounts.putUser(user)
      const detail = { role: user.role, place: user.place }
      await noteChange(room, accounts, manager, { what: 'user-invited', on: `user ${email}`, detail })
      return { ok: true, user, link: await links.make(accounts, 'invite', user.id) }
    })
  }

  /** A fresh link: to accept the invitation, or to choose a new password. The present password stays good until it is used. */
  async function makeLink(
    id: string,
    manager: Manager,
    { replaces = true } = {},
  ): Promise<{ ok: true; user: User; link: MadeLink } | Refusal> {
    return store.transact(async ({ accounts }) => {
      const user = await accounts.user(id)
      if (!user || !manager.reach.place(user.place)) return unknownUser(id)
      if (user.state === 'disabled') return refuse('conflict', `${user.email} is disabled; enable the account first.`)
      const kind = user.state === 'invited' ? 'invite' : 'reset'
      await noteChange(room, accounts, manager, { what: `${kind}-link-made`, on: `user ${user.email}` })
      return { ok: true, user, link: await links.make(accounts, kind, user.id, { replaces }) }
    })
  }

  /** Without one, nobody could let anybody in. */
  async function isLastAdmin(writer: AccountWriter, { id, role, place, state }: User): Promise<boolean> {
    if (role !== 'admin' || place !== null || state !== 'active') return false
    const users = await writer.users()
    return !users.some(
      (other) => other.id !== id && other.role === 'admin' && other.place === null && other.state === 'active',
    )
  }

  /** @param revision that the change was made to; null = whatever it is now */
  async function change(
    id: string,
    given: UserChange,
    revision: number | null,
    manager: Manager,
  ): Promise<{ ok: true; user: UserItem } | Refusal> {
    if (given.place !== undefined && !(manager.reach.place(given.place) && (await isPlace(given.place))))
      return unknownPlace(given.place)
    return store.transact(async ({ accounts }) => {
      const user = await accounts.user(id)
      if (!user || !manager.reach.place(user.place)) return unknownUser(id)
      if (revision !== null && revision !== user.revision) return stale(user)
      const changed = applyChange(user, given, { by: manager.by, nowMs: clock.wallMs() })
      const isDemotion = changed.role !== 'admin' || changed.place !== null || changed.state !== 'active'
      if (isDemotion && (await isLastAdmin(accounts, user)))
        return refuse('conflict', `${user.email} is the last administrator of all places; make another one first.`)
      await accounts.putUser(changed)
      await endWhatChanged(accounts, user, changed)
      await noteChange(room, accounts, manager, { what: 'user-changed', on: `user ${user.email}`, detail: given })
      return { ok: true, user: describeUser(changed) }
    })
  }

  return { list, invite, makeLink, change }
}

const stale = ({ changedBy, changedAtMs, revision }: User) =>
  refuse(
    'stale',
    `${changedBy} changed this user at ${new Date(changedAtMs).toISOString()}; it is revision ${revision} now. Look again, then change it.`,
  )

function applyChange(user: User, given: UserChange, { by, nowMs }: { by: string; nowMs: number }): User {
  const { state, ...rest } = given
  const canEnter = user.passwordHash !== null || user.oidcSubject !== null
  const next = state === 'active' && !canEnter ? 'invited' : state
  return {
    ...{ ...user, ...rest, state: next ?? user.state },
    ...{ revision: user.revision + 1, changedAtMs: nowMs, changedBy: by },
  }
}

/** Whoever may do something else from now on signs in anew. */
async function endWhatChanged(writer: AccountWriter, before: User, after: User): Promise<void> {
  const isOther = before.role !== after.role || before.place !== after.place || before.state !== after.state
  if (isOther) await writer.removeSessionsOf(after.id)
  if (after.state === 'disabled') await writer.removeLinksOf(after.id)
}
