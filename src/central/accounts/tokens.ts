import type { MadeToken, NewToken, TokenItem } from '../../contracts/http/accounts.ts'
import type { CallingToken } from '../../contracts/http/permissions.ts'
import type { Refusal } from '../../contracts/http/refusal.ts'
import type { Token } from '../store/accounts-port.ts'
import { type AccountRoom, noteChange } from './account-room.ts'
import { refuse, refuseField } from './refusal.ts'
import { hashSecret, makeId, makeSecret } from './secret.ts'
import type { Manager } from './users.ts'

/** When a token was last used is written no more often than this. */
const usedStepMs = 60_000
/** So that scanners of leaked secrets know one when they see it. */
const prefix = 'smilepost_'

function describeToken({ id, name, scopes, place, createdAtMs, createdBy, lastUsedAtMs }: Token): TokenItem {
  return {
    ...{ id, name, scopes, place, createdBy, createdAt: new Date(createdAtMs).toISOString() },
    lastUsedAt: lastUsedAtMs === null ? null : new Date(lastUsedAtMs).toISOString(),
  }
}

/** Bearer tokens for programs: shown once, kept as a hash, good until they are revoked. */
export function makeTokens(room: AccountRoom) {
  const { store, clock, logger } = room

  async function create(given: NewToken, manager: Manager): Promise<({ ok: true } & MadeToken) | Refusal> {
    const { name, scopes, place } = given
    const isPlace = place === null || (await store.read.places()).some(({ id }) => id === place)
    if (!isPlace || !manager.reach.place(place))
      return refuseField(
        'place',
        'unknown',
        place === null ? 'only an administrator of all places may give that' : `no place is called ${place}`,
      )
    if (place !== null && scopes.includes('metrics'))
      return refuseField('scopes', 'all-places', 'metrics are of the whole service; leave the place empty')
    const secret = `${prefix}${makeSecret()}`
    const token: Token = {
      ...{ id: makeId(), hash: hashSecret(secret), name: name.trim(), scopes, place, createdAtMs: clock.wallMs() },
      ...{ createdBy: manager.by, lastUsedAtMs: null, revokedAtMs: null },
    }
    await store.transact(async ({ accounts }) => {
      await accounts.putToken(token)
      const change = { what: 'token-created', on: `token ${token.id}`, detail: { name: token.name, scopes, place } }
      await noteChange(room, accounts, manager, change)
    })
    return { ok: true, token: secret, item: describeToken(token) }
  }

  function revoke(id: string, manager: Manager): Promise<{ ok: true } | Refusal> {
    return store.transact(async ({ accounts }) => {
      const token = await accounts.token(id)
      if (!token || token.revokedAtMs !== null || !manager.reach.place(token.place))
        return refuse('unknown', `No token is called ${id}; GET /api/v1/tokens lists them.`)
      await accounts.putToken({ ...token, revokedAtMs: clock.wallMs() })
      await noteChange(room, accounts, manager, {
        what: 'token-revoked',
        on: `token ${id}`,
        detail: { name: token.name },
      })
      return { ok: true }
    })
  }

  async function find(secret: string): Promise<CallingToken | null> {
    const token = await store.read.accounts.tokenByHash(hashSecret(secret))
    if (!token || token.revokedAtMs !== null) return null
    const nowMs = clock.wallMs()
    if (nowMs - (token.lastUsedAtMs ?? 0) >= usedStepMs)
      store
        .transact(({ accounts }) => accounts.touchToken(token.id, nowMs))
        .catch((error: unknown) => logger.warn({ error: String(error) }, 'token not noted as used'))
    const { id, name, scopes, place } = token
    return { kind: 'token', id, name, scopes, place }
  }

  return {
    create,
    revoke,
    find,
    list: async ({ reach }: Pick<Manager, 'reach'>): Promise<TokenItem[]> =>
      (await store.read.accounts.tokens()).filter(({ place }) => reach.place(place)).map(describeToken),
    /** What a token is, for its own holder. */
    async inspect(id: string): Promise<TokenItem | null> {
      const token = await store.read.accounts.token(id)
      return token && describeToken(token)
    },
  }
}
