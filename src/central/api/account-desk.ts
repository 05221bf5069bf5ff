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
import type { Reach } from './access.ts'

export type Refused = {
  ok: false
  reason:
    | 'bad-field'
    | 'wrong-credentials'
    | 'link-gone'
    | 'unknown'
    | 'conflict'
    | 'stale'
    | 'busy'
    | 'not-set-up'
    | 'refused'
  detail: string
  field?: string
  code?: string
}
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
  signIn(given: SignIn, device: Device, before: string | null): Promise<Entered | Refused>
  sessions: {
    find(secret: string, isSeen?: boolean): Promise<CallingUser | null>
    list(user: string, current: string): Promise<SessionList['sessions']>
    end(user: { id: string; email: string }, session: string, device: Device): Promise<boolean>
  }
  links: {
    lookAtLink(secret: string): Promise<LinkState | Refused>
    setUp(given: Setup, entry: Entry): Promise<Entered | Refused>
    acceptInvitation(given: Acceptance, entry: Entry): Promise<Entered | Refused>
    resetPassword(given: PasswordReset, entry: Entry): Promise<Entered | Refused>
  }
  own: { changePassword(user: CallingUser, given: PasswordChange, device: Device): Promise<Entered | Refused> }
  users: {
    list(manager: Manager): Promise<UserItem[]>
    invite(given: NewUser, manager: Manager): Promise<({ ok: true } & UserLink) | Refused>
    makeLink(id: string, manager: Manager): Promise<({ ok: true } & UserLink) | Refused>
    /** @param revision that the change was made to */
    change(
      id: string,
      given: UserChange,
      revision: number,
      manager: Manager,
    ): Promise<{ ok: true; user: UserItem } | Refused>
  }
  tokens: {
    find(secret: string): Promise<CallingToken | null>
    list(manager: Manager): Promise<TokenItem[]>
    inspect(id: string): Promise<TokenItem | null>
    create(given: NewToken, manager: Manager): Promise<({ ok: true } & MadeToken) | Refused>
    revoke(id: string, manager: Manager): Promise<{ ok: true } | Refused>
  }
  readAudit(page: { before: number | null; limit: number }): Promise<AuditPage>
  /** Of the pages, without a slash at its end. */
  baseUrl(): string
  oidc: {
    name: string
    begin(): Promise<{ ok: true; url: string; binding: string } | Refused>
    enter(query: string, binding: string | null, entry: Entry): Promise<Entered | Refused>
  } | null
  sendsMail: boolean
  requestReset(email: string, from: string): Promise<void>
}
