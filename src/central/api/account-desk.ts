/** What the API needs of accounts. */
import type {
  Acceptance,
  AuditPage,
  LinkState,
  MadeToken,
  NewToken,
  NewUser,
  PasswordChange,
  PasswordReset,
  SessionList,
  Setup,
  SignIn,
  TokenItem,
  UserChange,
  UserItem,
  UserLink,
} from '../../contracts/http/accounts.ts'
import type { Action, Caller, CallingToken, CallingUser } from '../../contracts/http/permissions.ts'
import type { Refusal } from '../../contracts/http/refusal.ts'
import type { Reach } from './access.ts'

export type Device = { address: string; agent: string }
export type Manager = { by: string; from: string; reach: Reach }
/** The secret of a new session, for the browser's cookie. */
export type Entered = { ok: true; secret: string }
type Entry = { device: Device; before: string | null }

export type AccountDesk = {
  /** Nobody has an account yet. */
  isOpen(): Promise<boolean>
  may(caller: Caller, action: Action): boolean
  reachOf(caller: Caller): Promise<Reach>
  signIn(given: SignIn, device: Device, before: string | null): Promise<Entered | Refusal>
  sessions: {
    find(secret: string, isSeen?: boolean): Promise<CallingUser | null>
    list(user: string, current: string): Promise<SessionList['sessions']>
    end(user: { id: string; email: string }, session: string, device: Device): Promise<boolean>
  }
  links: {
    lookAtLink(secret: string): Promise<LinkState | Refusal>
    setUp(given: Setup, entry: Entry): Promise<Entered | Refusal>
    acceptInvitation(given: Acceptance, entry: Entry): Promise<Entered | Refusal>
    resetPassword(given: PasswordReset, entry: Entry): Promise<Entered | Refusal>
  }
  own: { changePassword(user: CallingUser, given: PasswordChange, device: Device): Promise<Entered | Refusal> }
  users: {
    list(manager: Manager): Promise<UserItem[]>
    invite(given: NewUser, manager: Manager): Promise<({ ok: true } & UserLink) | Refusal>
    makeLink(id: string, manager: Manager): Promise<({ ok: true } & UserLink) | Refusal>
    /** @param revision that the change was made to */
    change(
      id: string,
      given: UserChange,
      revision: number,
      manager: Manager,
    ): Promise<{ ok: true; user: UserItem } | Refusal>
  }
  tokens: {
    find(secret: string): Promise<CallingToken | null>
    list(manager: Manager): Promise<TokenItem[]>
    inspect(id: string): Promise<TokenItem | null>
    create(given: NewToken, manager: Manager): Promise<({ ok: true } & MadeToken) | Refusal>
    revoke(id: string, manager: Manager): Promise<{ ok: true } | Refusal>
  }
  readAudit(page: { before: number | null; limit: number }): Promise<AuditPage>
  /** Of the pages, without a slash at its end. */
  baseUrl(): string
  oidc: {
    name: string
    begin(): Promise<{ ok: true; url: string; binding: string } | Refusal>
    enter(query: string, binding: string | null, entry: Entry): Promise<Entered | Refusal>
  } | null
  sendsMail: boolean
  requestReset(email: string, from: string): Promise<void>
}
