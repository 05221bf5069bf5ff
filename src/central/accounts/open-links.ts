import type { Setup } from '../../contracts/http/accounts.ts'
import type { Refusal } from '../../contracts/http/refusal.ts'
import type { User } from '../store/accounts-port.ts'
import type { AccountRoom, Device } from './account-room.ts'
import { type Links, linkGone } from './links.ts'
import { findPasswordFault } from './password-fault.ts'
import { busy, refuseField } from './refusal.ts'
import { makeId } from './secret.ts'
import type { Sessions } from './sessions.ts'
import { type Entered, enter, normalEmail } from './sign-in.ts'

type Entry = { device: Device; before: string | null }

/** What the holder of a one-time link does with it; each lets them in. */
export function makeLinkEntries(room: AccountRoom, links: Links, sessions: Sessions) {
  const { store, hasher, clock } = room

  /** Makes the first administrator, or a further one, of all places. */
  async function setUp(given: Setup, { device, before }: Entry): Promise<Entered | Refusal> {
    const email = normalEmail(given.email)
    if (!(await links.find(store.read.accounts, given.secret, 'setup'))) return linkGone
    const fault = findPasswordFault(given.password, { email, name: given.name })
    if (fault) return fault
    const passwordHash = await hasher.hash(given.password)
    if (passwordHash === null) return busy
    return store.transact(async ({ accounts }) => {
      if (await accounts.userByEmail(email))
        return refuseField('email', 'taken', 'has an account already; reset its password, or take another address')
      if (!(await links.take(accounts, given.secret, 'setup'))) return linkGone
      const nowMs = clock.wallMs()
      const user: User = {
        ...{ id: makeId(), email, name: given.name.trim(), language: given.language, role: 'admin', place: null },
        ...{ state: 'active', passwordHash, oidcSubject: null, revision: 1, lastSignInAtMs: null },
        ...{ createdAtMs: nowMs, changedAtMs: nowMs, changedBy: email },
      }
      return enter({ room, sessions }, accounts, user, { device, before, what: 'admin-set-up' })
    })
  }

  /** The user that a link of this kind is for. */
  async function owner(secret: string, kind: 'invite' | 'reset'): Promise<User | null> {
    const link = await links.find(store.read.accounts, secret, kind)
    return link?.user ? store.read.accounts.user(link.user) : null
  }

  async function choosePassword(
    kind: 'invite' | 'reset',
    given: { secret: string; password: string; name?: string; language?: string },
    { device, before }: Entry,
  ): Promise<Entered | Refusal> {
    const invited = await owner(given.secret, kind)
    if (!invited) return linkGone
    const [name, language] = [given.name?.trim() ?? invited.name, given.language ?? invited.language]
    const fault = findPasswordFault(given.password, { email: invited.email, name })
    if (fault) return fault
    const passwordHash = await hasher.hash(given.password)
    if (passwordHash === null) return busy
    return store.transact(async ({ accounts }) => {
      const link = await links.take(accounts, given.secret, kind)
      const user = link?.user ? await accounts.user(link.user) : null
      if (!user || user.state === 'disabled') return linkGone
      await accounts.removeSessionsOf(user.id)
      const change = { name, language, passwordHash, revision: user.revision + 1, changedBy: user.email }
      const changed: User = { ...user, ...change, state: 'active', changedAtMs: clock.wallMs() }
      const what = kind === 'invite' ? 'invitation-accepted' : 'password-reset'
      return enter({ room, sessions }, accounts, changed, { device, before, what })
    })
  }

  return {
    setUp,
    acceptInvitation: (given: { secret: string; name: string; language: string; password: string }, entry: Entry) =>
      choosePassword('invite', given, entry),
    resetPassword: (given: { secret: string; password: string }, entry: Entry) => choosePassword('reset', given, entry),
    /** Whom a link is for, as the page greets them. */
    async lookAtLink(secret: string) {
      const { accounts } = store.read
      if (await links.find(accounts, secret, 'setup')) return { kind: 'setup' as const, email: null, name: null }
      for (const kind of ['invite', 'reset'] as const) {
        const user = await owner(secret, kind)
        if (user && user.state !== 'disabled') return { kind, email: user.email, name: user.name }
      }
      return linkGone
    },
  }
}
