/** Words of permissions: who may ask, for what, and how far it reaches. `src/central/accounts/may.ts` says who may do what. */
import Type, { type Static } from 'typebox'

export const Role = Type.Enum(['admin', 'manager', 'viewer', 'ops'])
export type Role = Static<typeof Role>

export const TokenScope = Type.Enum(['read:reports', 'read:terminals', 'presses:raw', 'metrics'])
export type TokenScope = Static<typeof TokenScope>

export const Action = Type.Enum([
  /** Touchpoints, their hours, dips. */
  'see-reports',
  'see-live',
  /** The live count by face; without it, its total. */
  'see-live-faces',
  /** Say what was done about a dip. */
  'note-fixes',
  /** Terminals and their ledgers. */
  'see-terminals',
  'see-metrics',
  'manage-users',
  'manage-tokens',
  'see-audit',
  /** One's own name, password and sessions. */
  'own-account',
  /** What a token says of itself. */
  'inspect-token',
])
export type Action = Static<typeof Action>

/** A person of these rights; `place` is the top of the subtree that they see, null = all places. */
export type CallingUser = {
  kind: 'user'
  id: string
  email: string
  name: string
  language: string
  role: Role
  place: string | null
  /** Name of the session, which is no secret. */
  session: string
}
export type CallingToken = {
  kind: 'token'
  id: string
  name: string
  scopes: TokenScope[]
  place: string | null
}
/** Who sends a request. `open`: nobody has an account yet, so that whoever sits at this machine may look. */
export type Caller = CallingUser | CallingToken | { kind: 'open' }
