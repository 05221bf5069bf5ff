/**
 * HTTP, `/api/v1/session`, `/users`, `/tokens`, `/audit` and what leads to an account. Instants are ISO 8601 in UTC.
 * Bodies are JSON and strict; a fault of a field stands in the problem's `errors`.
 */
import Type, { type Static } from 'typebox'
import { Action, Role, TokenScope } from './permissions.ts'

const strict = { additionalProperties: false }
const InstantOrNull = Type.Union([Type.String(), Type.Null()])
/**
 * Nothing that a terminal would obey (C0 and C1 controls), no separators of lines, and nothing that turns the direction of what stands
 * beside it (Unicode UAX #9, 2.1 and 2.2).
 */
const unprinted = '\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069'
const inEmail = `[^\\s@<>",;:${unprinted}]+`
const Email = Type.String({ minLength: 3, maxLength: 200, pattern: `^${inEmail}@${inEmail}$` })
/** Patterns are tried on values of any length, whatever `maxLength` says: each character must have one place in them only. */
const Name = Type.String({ minLength: 1, maxLength: 100, pattern: `^(?=.*\\S)[^<>${unprinted}]+$` })
/** BCP 47. */
const Language = Type.String({ minLength: 2, maxLength: 20, pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$' })
/** Checked by its length only after it is known whose it is; a body is bounded anyway. */
const Password = Type.String({ minLength: 1, maxLength: 2_000 })
const Secret = Type.String({ minLength: 20, maxLength: 100, pattern: '^[A-Za-z0-9_-]+$' })
const PlaceOrNull = Type.Union([Type.String({ minLength: 1, maxLength: 80 }), Type.Null()])

/** `GET /api/v1/session`: who the page is used by, and what it should offer. */
export const SessionState = Type.Object({
  /** `open`: no account exists yet, and whoever sits at this machine sees everything. */
  state: Type.Enum(['open', 'signed-out', 'signed-in']),
  user: Type.Union([
    Type.Object({
      id: Type.String(),
      email: Type.String(),
      name: Type.String(),
      language: Type.String(),
      role: Role,
      place: PlaceOrNull,
      session: Type.String(),
    }),
    Type.Null(),
  ]),
  may: Type.Array(Action),
  /** Name of the organisation's own sign-in, null when none is set up. */
  oidc: Type.Union([Type.String(), Type.Null()]),
  /** Whether a forgotten password can be reset by mail. */
  mail: Type.Boolean(),
})
export type SessionState = Static<typeof SessionState>

/** `POST /api/v1/session`. */
export const SignIn = Type.Object({ email: Type.String({ minLength: 1, maxLength: 200 }), password: Password }, strict)
export type SignIn = Static<typeof SignIn>

/** `POST /api/v1/setup`, with the secret of a link of `smilepost users create-admin-link`. */
export const Setup = Type.Object(
  { secret: Secret, email: Email, name: Name, language: Language, password: Password },
  strict,
)
export type Setup = Static<typeof Setup>

export const UserItem = Type.Object({
  id: Type.String(),
  email: Type.String(),
  name: Type.String(),
  language: Type.String(),
  role: Role,
  place: PlaceOrNull,
  state: Type.Enum(['invited', 'active', 'disabled']),
  /** Rises with each change; the ETag of the user. */
  revision: Type.Integer(),
  createdAt: Type.String(),
  changedAt: Type.String(),
  /** Who changed it last, as the audit log names them. */
  changedBy: Type.String(),
  lastSignInAt: InstantOrNull,
})
export type UserItem = Static<typeof UserItem>
export const UserList = Type.Object({ users: Type.Array(UserItem) })

/**
 * `POST /api/v1/users` invites somebody. An address has one account in the whole installation, so an administrator of a subtree learns
 * here that an address is taken elsewhere, and nothing else of it.
 */
export const NewUser = Type.Object(
  { email: Email, name: Name, language: Language, role: Role, place: PlaceOrNull },
  strict,
)
export type NewUser = Static<typeof NewUser>

/** `PATCH /api/v1/users/:id`, with `If-Match` of the revision that it was made to. Another role, place or state ends their sessions. */
export const UserChange = Type.Object(
  {
    name: Type.Optional(Name),
    language: Type.Optional(Language),
    role: Type.Optional(Role),
    place: Type.Optional(PlaceOrNull),
    state: Type.Optional(Type.Enum(['active', 'disabled'])),
  },
  strict,
)
export type UserChange = Static<typeof UserChange>

/** `POST /api/v1/users` and `/users/:id/link`. `url` is null where the link was mailed to the user. */
export const UserLink = Type.Object({
  user: UserItem,
  mailed: Type.Boolean(),
  url: Type.Union([Type.String(), Type.Null()]),
  expiresAt: Type.String(),
})
export type UserLink = Static<typeof UserLink>

/** `POST /api/v1/links`: whom a one-time link is for; it stays good. */
export const LinkSecret = Type.Object({ secret: Secret }, strict)
export const LinkState = Type.Object({
  kind: Type.Enum(['setup', 'invite', 'reset']),
  email: Type.Union([Type.String(), Type.Null()]),
  name: Type.Union([Type.String(), Type.Null()]),
})
export type LinkState = Static<typeof LinkState>

/** `POST /api/v1/invitation`. */
export const Acceptance = Type.Object({ secret: Secret, name: Name, language: Language, password: Password }, strict)
export type Acceptance = Static<typeof Acceptance>

/** `POST /api/v1/password-reset/request`: answered the same whether or not somebody has that address. */
export const ResetRequest = Type.Object({ email: Type.String({ minLength: 1, maxLength: 200 }) }, strict)
/** `POST /api/v1/password-reset`. */
export const PasswordReset = Type.Object({ secret: Secret, password: Password }, strict)
export type PasswordReset = Static<typeof PasswordReset>

/** `POST /api/v1/own/password`: ends all other sessions. */
export const PasswordChange = Type.Object({ current: Password, next: Password }, strict)
export type PasswordChange = Static<typeof PasswordChange>

export const SessionList = Type.Object({
  sessions: Type.Array(
    Type.Object({
      id: Type.String(),
      agent: Type.String(),
      address: Type.String(),
      isCurrent: Type.Boolean(),
      createdAt: Type.String(),
      seenAt: Type.String(),
    }),
  ),
})
export type SessionList = Static<typeof SessionList>

/** `POST /api/v1/tokens`. */
export const NewToken = Type.Object(
  { name: Name, scopes: Type.Array(TokenScope, { minItems: 1, maxItems: 4, uniqueItems: true }), place: PlaceOrNull },
  strict,
)
export type NewToken = Static<typeof NewToken>

export const TokenItem = Type.Object({
  id: Type.String(),
  name: Type.String(),
  scopes: Type.Array(TokenScope),
  place: PlaceOrNull,
  createdAt: Type.String(),
  createdBy: Type.String(),
  lastUsedAt: InstantOrNull,
})
export type TokenItem = Static<typeof TokenItem>
export const TokenList = Type.Object({ tokens: Type.Array(TokenItem) })
/** The token itself is shown this once. */
export const MadeToken = Type.Object({ token: Type.String(), item: TokenItem })
export type MadeToken = Static<typeof MadeToken>

/** `GET /api/v1/audit?before=&limit=`: newest first; `next` is the `before` of the following page, null at the end. */
export const AuditQuery = Type.Object(
  {
    before: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,14}$' })),
    limit: Type.Optional(Type.String({ pattern: '^([1-9][0-9]?|[1-4][0-9]{2}|500)$' })),
  },
  strict,
)
export const AuditPage = Type.Object({
  entries: Type.Array(
    Type.Object({
      no: Type.Integer(),
      at: Type.String(),
      by: Type.String(),
      what: Type.String(),
      on: Type.String(),
      detail: Type.Unknown(),
      from: Type.String(),
    }),
  ),
  next: Type.Union([Type.Integer(), Type.Null()]),
})
export type AuditPage = Static<typeof AuditPage>
