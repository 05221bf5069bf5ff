/**
 * Users and what they hold, as the store keeps it. Secrets (of sessions, links and tokens) come here as their hash only. Every change of
 * an account is written in the transaction of its line in the audit log, which can only grow.
 */
import type { Role, TokenScope } from '../../contracts/http/permissions.ts'

export type User = {
  id: string
  /** In lower case; one user has it. */
  email: string
  name: string
  language: string
  role: Role
  /** Top of the subtree; null = all places. */
  place: string | null
  state: 'invited' | 'active' | 'disabled'
  /** PHC string of argon2id; null until one is chosen. */
  passwordHash: string | null
  /** Issuer and subject of the organisation's sign-in, once it was used. */
  oidcSubject: string | null
  /** From 1. */
  revision: number
  createdAtMs: number
  changedAtMs: number
  changedBy: string
  lastSignInAtMs: number | null
}

export type Session = {
  hash: string
  /** Names the session in lists; no secret. */
  id: string
  user: string
  createdAtMs: number
  seenAtMs: number
  /** What the browser says it is. */
  agent: string
  address: string
}

/** What a link lets its holder do, once. `setup` makes an admin and belongs to nobody yet. */
export type LinkKind = 'setup' | 'invite' | 'reset'
export type Link = {
  hash: string
  kind: LinkKind
  user: string | null
  createdAtMs: number
  expiresAtMs: number
}

export type Token = {
  id: string
  hash: string
  name: string
  scopes: TokenScope[]
  place: string | null
  createdAtMs: number
  createdBy: string
  lastUsedAtMs: number | null
  revokedAtMs: number | null
}

/** `by` names who did it for people, now and when the user is gone: a mail address, `token …` or `command line`. */
export type AuditEntry = {
  atMs: number
  by: string
  what: string
  /** What it was done to: `user ada@example.org`, `token t1`. */
  on: string
  /** What changed, without secrets; JSON. */
  detail: string
  /** Address the request came from; `local` for the command line. */
  from: string
}

export type AccountReader = {
  /** Whether any user exists, in whatever state. */
  hasUsers(): Promise<boolean>
  users(): Promise<User[]>
  user(id: string): Promise<User | null>
  userByEmail(email: string): Promise<User | null>
  userByOidcSubject(subject: string): Promise<User | null>
  session(hash: string): Promise<Session | null>
  /** Newest first. */
  sessionsOf(user: string): Promise<Session[]>
  link(hash: string): Promise<Link | null>
  /** Those not revoked, newest first. */
  tokens(): Promise<Token[]>
  token(id: string): Promise<Token | null>
  tokenByHash(hash: string): Promise<Token | null>
  /** Newest first, all before `before` when that is given. */
  audit(page: { before: number | null; limit: number }): Promise<(AuditEntry & { no: number })[]>
}

export type AccountWriter = AccountReader & {
  putUser(user: User): Promise<void>
  putSession(session: Session): Promise<void>
  touchSession(hash: string, seenAtMs: number): Promise<void>
  /** @returns false when there was none */
  removeSession(hash: string): Promise<boolean>
  /** All but one, when that is given. */
  removeSessionsOf(user: string, but?: string): Promise<void>
  /** Those that began or were last seen before these instants. */
  removeOldSessions(than: { createdAtMs: number; seenAtMs: number }): Promise<void>
  putLink(link: Link): Promise<void>
  /** @returns the link, which is gone with that; null when there is none */
  takeLink(hash: string): Promise<Link | null>
  /** @param user null = those that belong to nobody yet */
  removeLinksOf(user: string | null): Promise<void>
  removeExpiredLinks(nowMs: number): Promise<void>
  putToken(token: Token): Promise<void>
  touchToken(id: string, usedAtMs: number): Promise<void>
  addAudit(entry: AuditEntry): Promise<void>
}
