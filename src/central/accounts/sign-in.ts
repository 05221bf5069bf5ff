import type { Refusal } from '../../contracts/http/refusal.ts'
import type { AccountWriter, User } from '../store/accounts-port.ts'
import { type AccountRoom, type Device, noteChange } from './account-room.ts'
import { busy, refuse } from './refusal.ts'
import { originOf, type Sessions } from './sessions.ts'

/** A session was begun; its secret goes into the browser's cookie. */
export type Entered = { ok: true; secret: string }

export const normalEmail = (email: string): string => email.trim().toLowerCase()

/** One answer for every reason, so that nobody learns who has an account. */
const wrong: Refusal = refuse('wrong-credentials', 'The mail address or the password is wrong.')

/** Lets a user in within a transaction: notes it, and begins a session that replaces the browser's former one. */
export async function enter(
  { room, sessions }: { room: AccountRoom; sessions: Sessions },
  writer: AccountWriter,
  user: User,
  entry: { device: Device; before: string | null; what: string },
): Promise<Entered> {
  await writer.putUser({ ...user, lastSignInAtMs: room.clock.wallMs() })
  const secret = await sessions.begin(writer, user, entry.device, entry.before)
  await noteChange(room, writer, originOf(user, entry.device), { what: entry.what, on: `user ${user.email}` })
  room.counters.add('signed-in')
  return { ok: true, secret }
}

export function makeSignIn(room: AccountRoom, sessions: Sessions) {
  const { store, hasher, counters } = room

  /** @param before secret of the session that the browser holds, which ends */
  return async function signIn(
    given: { email: string; password: string },
    device: Device,
    before: string | null,
  ): Promise<Entered | Refusal> {
    const found = await store.read.accounts.userByEmail(normalEmail(given.email))
    // Whoever has no password yet, or no longer an account, takes as long as everybody else.
    const hash = found?.state === 'active' ? found.passwordHash : null
    const isRight = await hasher.verify(hash, given.password)
    if (isRight === null) {
      counters.add('hashing-busy')
      return busy
    }
    if (!isRight || !found) {
      counters.add('sign-in-refused')
      return wrong
    }
    return store.transact(async ({ accounts }) => {
      // The account may have changed while its password was being checked.
      const user = await accounts.user(found.id)
      if (user?.state !== 'active' || user.passwordHash !== hash) return wrong
      return enter({ room, sessions }, accounts, user, { device, before, what: 'signed-in' })
    })
  }
}
