import { Check } from 'typebox/value'
import { NewUser } from '../../contracts/http/accounts.ts'
import type { Role } from '../../contracts/http/permissions.ts'
import type { Refusal } from '../../contracts/http/refusal.ts'
import type { AccountWriter, User } from '../store/accounts-port.ts'
import { type AccountRoom, type Device, noteChange } from './account-room.ts'
import type { makeOidc, OidcPerson } from './oidc.ts'
import { refuse } from './refusal.ts'
import { makeId } from './secret.ts'
import { originOf, type Sessions } from './sessions.ts'
import { type Entered, enter, normalEmail } from './sign-in.ts'

/** What somebody becomes who signs in at the provider and has no account. */
export type NewcomerRights = { role: Role; place: string | null }
type Entry = { device: Device; before: string | null }
/** Who comes in, and what became of their account by that, for the audit log. */
type Guest = { user: User; change: { what: 'user-created' | 'provider-linked'; detail: object } | null }

/** As invitations take them; a provider may let people call themselves whatever they like. */
const { name: Name, email: Email } = NewUser.properties
function nameOf(said: string | null, email: string): string {
  const name = (said ?? '').slice(0, 100).trim()
  return Check(Name, name) ? name : email.slice(0, 100)
}

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

  function welcome({ subject, name }: OidcPerson, email: string, { role, place }: NewcomerRights): Guest | null {
    if (!Check(Email, email)) return null
    const nowMs = clock.wallMs()
    const user: User = {
      ...{ id: makeId(), email, name: nameOf(name, email), language: 'en', role, place, state: 'active' },
      ...{ passwordHash: null, oidcSubject: subject, revision: 1, lastSignInAtMs: null },
      ...{ createdAtMs: nowMs, changedAtMs: nowMs, changedBy: 'sign-in at the provider' },
    }
    return { user, change: { what: 'user-created', detail: { role, place } } }
  }

  async function guestOf(accounts: AccountWriter, person: OidcPerson): Promise<Guest | null> {
    const known = await accounts.userByOidcSubject(person.subject)
    if (known) return known.state === 'disabled' ? null : { user: known, change: null }
    // An address that the provider did not verify is whatever somebody typed there.
    if (!person.isVerified || person.email === '') return null
    const email = normalEmail(person.email)
    const user = await accounts.userByEmail(email)
    // The first account is an administrator's.
    if (!user) return newcomers && (await accounts.hasUsers()) ? welcome(person, email, newcomers) : null
    // The address may have been given to somebody else since.
    if (user.state === 'disabled' || user.oidcSubject !== null) return null
    const linked = { ...user, oidcSubject: person.subject, revision: user.revision + 1 }
    return { user: linked, change: { what: 'provider-linked', detail: { subject: person.subject } } }
  }

  return async function enterByOidc(query: string, binding: string | null, entry: Entry): Promise<Entered | Refusal> {
    const person = await oidc.finish(query, binding)
    if (!person.ok) return person
    return store.transact(async ({ accounts }) => {
      const guest = await guestOf(accounts, person)
      if (!guest) {
        counters.add('oidc-refused')
        return noAccount
      }
      const { user, change } = guest
      if (change)
        await noteChange(room, accounts, originOf(user, entry.device), { ...change, on: `user ${user.email}` })
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
