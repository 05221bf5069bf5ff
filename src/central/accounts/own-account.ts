import type { PasswordChange } from '../../contracts/http/accounts.ts'
import type { CallingUser } from '../../contracts/http/permissions.ts'
import type { Refusal } from '../../contracts/http/refusal.ts'
import { type AccountRoom, type Device, noteChange } from './account-room.ts'
import { findPasswordFault } from './password-fault.ts'
import { busy, refuse, refuseField } from './refusal.ts'
import { originOf, type Sessions } from './sessions.ts'

/** What users change of their own. */
export function makeOwnAccount(room: AccountRoom, sessions: Sessions) {
  const { store, hasher, clock } = room

  /** Ends all sessions and begins a new one for this browser. */
  async function changePassword(
    { id }: CallingUser,
    { current, next }: PasswordChange,
    device: Device,
  ): Promise<{ ok: true; secret: string } | Refusal> {
    const user = await store.read.accounts.user(id)
    if (!user) return refuse('unknown', 'This account is gone.')
    const isRight = await hasher.verify(user.passwordHash, current)
    if (isRight === null) return busy
    if (!isRight) return refuseField('current', 'wrong', 'is not the present password')
    const fault = findPasswordFault(next, user)
    if (fault) return { ...fault, field: 'next' }
    const passwordHash = await hasher.hash(next)
    if (passwordHash === null) return busy
    return store.transact(async ({ accounts }) => {
      const present = await accounts.user(id)
      if (present?.passwordHash !== user.passwordHash)
        return refuse('conflict', 'The password was changed elsewhere at the same time; sign in again.')
      const [revision, changedAtMs] = [present.revision + 1, clock.wallMs()]
      await accounts.putUser({ ...present, passwordHash, revision, changedAtMs, changedBy: present.email })
      await accounts.removeSessionsOf(id)
      await accounts.removeLinksOf(id)
      await noteChange(room, accounts, originOf(present, device), {
        ...{ what: 'password-changed', on: `user ${present.email}` },
      })
      return { ok: true, secret: await sessions.begin(accounts, present, device, null) }
    })
  }

  return { changePassword }
}
