import type { Role } from '../../contracts/http/permissions.ts'
import type { AccountWriter, User } from '../store/accounts-port.ts'
import type { AccountRoom, Device } from './account-room.ts'
import type { makeOidc, OidcPerson } from './oidc.ts'
import { type Refusal, refuse } from './refusal.ts'
import { makeId } from './secret.ts'
import type { Sessions } from './sessions.ts'
import { type Entered, enter, normalEmail } from './sign-in.ts'

/** What somebody becomes who signs in at the provider and has no account. */
export type NewcomerRights = { role: Role; place: string | null }
type Entry = { device: Device; before: string | null }

const noAccount: Refusal = {
  ...refuse('refused', 'You are signed in at the provider, but have no account here; ask an administrator.'),
  code: 'no-account',
}

/** Lets in whom the provider names: the user whom it named before, or whose verified address it is. */
export function makeOidcEntry(
  room: AccountRoom,
  {
    sessions,
    oidc,
    newcomers,
  }: { sessions: Sessions; oidc: ReturnType<typeof makeOidc>; newcomers: NewcomerRights | null },
) {
  const { store, clock, counters } = room

  function welcome({ subject, name }: OidcPerson, email: string, { role, place }: NewcomerRights): User {
    const nowMs = clock.wallMs()
    return {
      ...{ id: makeId(), email, name: (name ?? email).slice(0, 100), language: 'en', role, place, state: 'active' },
      ...{ passwordHash: null, oidcSubject: subject, revision: 1, lastSignInAtMs: null },
      ...{ createdAtMs: nowMs, changedAtMs: nowMs, changedBy: 'sign-in at the provider' },
    }
  }

  async function userOf(accounts: AccountWriter, person: OidcPerson): Promise<User | null> {
    const known = await accounts.userByOidcSubject(person.subject)
    if (known) return known.state === 'disabled' ? null : known
    // An address that the provider did not verify is whatever somebody typed there.
    if (!person.isVerified || person.email === '') return null
    const email = normalEmail(person.email)
    const user = await accounts.userByEmail(email)
    // The first account is an administrator's.
    if (!user) return newcomers && (await accounts.hasUsers()) ? welcome(person, email, newcomers) : null
    // The address may have been given to somebody else since.
    return user.state === 'disabled' || user.oidcSubject !== null
      ? null
      : { ...user, oidcSubject: person.subject, revision: user.revision + 1 }
  }

  return async function enterByOidc(query: string, binding: string | null, entry: Entry): Promise<Entered | Refusal> {
    const person = await oidc.finish(query, binding)
    if (!person.ok) return person
    return store.transact(async ({ accounts }) => {
      const user = await userOf(accounts, person)
      if (!user) {
        counters.add('oidc-refused')
        return noAccount
      }
      if (user.state === 'invited') await accounts.removeLinksOf(user.id)
      return enter(
        { room, sessions },
        accounts,
        { ...user, state: 'active' },
        { ...entry, what: 'signed-in-at-provider' },
      )
    })
  }
}
