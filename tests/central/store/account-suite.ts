import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Token, User } from '../../../src/central/store/accounts-port.ts'
import type { Store, StoreWriter } from '../../../src/central/store/port.ts'
import type { OpenedStore } from './store-suite.ts'

const user: User = {
  ...{ id: 'u1', email: 'ada@example.org', name: 'Ada', language: 'en', role: 'admin', place: null, state: 'active' },
  ...{ passwordHash: '$argon2id$x', oidcSubject: null, revision: 1, createdAtMs: 1, changedAtMs: 2, changedBy: 'test' },
  lastSignInAtMs: null,
}
const token: Token = {
  ...{ id: 't1', hash: 'h1', name: 'Till', scopes: ['read:reports', 'metrics'], place: 'store', createdAtMs: 5 },
  ...{ createdBy: 'test', lastUsedAtMs: null, revokedAtMs: null },
}
const sessionOf = (hash: string, createdAtMs: number, seenAtMs = createdAtMs) => ({
  ...{ hash, id: `id-${hash}`, user: 'u1', createdAtMs, seenAtMs, agent: 'Browser', address: '::1' },
})
const linkOf = (hash: string, of: string | null, expiresAtMs = 100) => ({
  ...{ hash, kind: 'reset' as const, user: of, createdAtMs: 1, expiresAtMs },
})

/** What every store must do for accounts, whatever it is made of. */
export function describeAccounts(name: string, openStore: () => Promise<OpenedStore>): void {
  describe(`${name}, accounts`, () => {
    let opened: OpenedStore
    let store: Store
    const write = <T>(work: (writer: StoreWriter['accounts']) => Promise<T>) =>
      store.transact(({ accounts }) => work(accounts))
    beforeEach(async () => {
      opened = await openStore()
      store = opened.store
    })
    afterEach(() => opened.remove())

    it('keep users by id, and one for an address', async () => {
      const { accounts } = store.read
      expect(await accounts.hasUsers()).toBe(false)
      await write((writer) => writer.putUser(user))
      const changed: User = {
        ...user,
        role: 'ops',
        place: 'store',
        oidcSubject: 'iss sub',
        revision: 2,
        lastSignInAtMs: 9,
      }
      await write((writer) => writer.putUser(changed))
      expect(await accounts.hasUsers()).toBe(true)
      expect(await accounts.users()).toEqual([changed])
      expect(await accounts.userByEmail('ada@example.org')).toEqual(changed)
      expect(await accounts.userByOidcSubject('iss sub')).toEqual(changed)
      expect([
        await accounts.user('u2'),
        await accounts.userByEmail('x'),
        await accounts.userByOidcSubject('x'),
      ]).toEqual([null, null, null])
      await expect(write((writer) => writer.putUser({ ...user, id: 'u2' }))).rejects.toThrow(/UNIQUE|unique/)
    })

    it('are seen at once by another program, and after a restart', async () => {
      const beside = await opened.openBeside()
      await beside.transact(({ accounts }) => accounts.putUser(user))
      expect(await store.read.accounts.hasUsers()).toBe(true)
      await beside.close()
      store = await opened.reopen()
      expect(await store.read.accounts.user('u1')).toEqual(user)
    })

    it('keep sessions until they end', async () => {
      await write(async (writer) => {
        await writer.putUser(user)
        for (const [hash, at] of [
          ['a', 10],
          ['b', 20],
          ['c', 30],
        ] as const)
          await writer.putSession(sessionOf(hash, at))
        await writer.touchSession('a', 40)
      })
      expect(await store.read.accounts.session('a')).toEqual(sessionOf('a', 10, 40))
      expect((await store.read.accounts.sessionsOf('u1')).map(({ hash }) => hash)).toEqual(['c', 'b', 'a'])
      await write((writer) => writer.removeOldSessions({ createdAtMs: 10, seenAtMs: 25 }))
      expect((await store.read.accounts.sessionsOf('u1')).map(({ hash }) => hash)).toEqual(['c', 'a'])
      expect(await write((writer) => writer.removeSession('nothing'))).toBe(false)
      expect(await write((writer) => writer.removeSession('c'))).toBe(true)
      await write((writer) => writer.putSession(sessionOf('d', 50)))
      await write((writer) => writer.removeSessionsOf('u1', 'd'))
      expect((await store.read.accounts.sessionsOf('u1')).map(({ hash }) => hash)).toEqual(['d'])
      await write((writer) => writer.removeSessionsOf('u1'))
      expect(await store.read.accounts.sessionsOf('u1')).toEqual([])
    })

    it('give a link away once', async () => {
      await write(async (writer) => {
        await writer.putUser(user)
        await writer.putLink(linkOf('a', 'u1'))
        await writer.putLink(linkOf('b', null))
        await writer.putLink(linkOf('c', null, 7))
        await writer.removeExpiredLinks(7)
      })
      expect(await store.read.accounts.link('c')).toBeNull()
      const taken = await Promise.all([1, 2].map(() => write((writer) => writer.takeLink('a'))))
      expect(taken).toEqual([linkOf('a', 'u1'), null])
      await write((writer) => writer.removeLinksOf('u1'))
      expect(await store.read.accounts.link('b')).toEqual(linkOf('b', null))
      await write((writer) => writer.removeLinksOf(null))
      expect(await store.read.accounts.link('b')).toBeNull()
    })

    it('keep tokens, and list those that are not revoked', async () => {
      await write((writer) => writer.putToken(token))
      await write((writer) => writer.putToken({ ...token, id: 't2', hash: 'h2', place: null, createdAtMs: 6 }))
      await write((writer) => writer.touchToken('t1', 8))
      expect(await store.read.accounts.tokenByHash('h1')).toEqual({ ...token, lastUsedAtMs: 8 })
      expect((await store.read.accounts.tokens()).map(({ id }) => id)).toEqual(['t2', 't1'])
      await write((writer) => writer.putToken({ ...token, revokedAtMs: 9 }))
      expect((await store.read.accounts.tokens()).map(({ id }) => id)).toEqual(['t2'])
      expect(await store.read.accounts.token('t1')).toEqual({ ...token, lastUsedAtMs: 8, revokedAtMs: 9 })
    })

    it('note changes for ever, in their order, together with what they tell of', async () => {
      const entry = (what: string) => ({ atMs: 1, by: 'ada', what, on: 'user u1', detail: '{}', from: '::1' })
      for (const what of ['a', 'b', 'c']) await write((writer) => writer.addAudit(entry(what)))
      const failed = write(async (writer) => {
        await writer.addAudit(entry('d'))
        throw new Error('no')
      })
      await expect(failed).rejects.toThrow('no')
      const page = await store.read.accounts.audit({ before: null, limit: 2 })
      expect(page.map(({ what }) => what)).toEqual(['c', 'b'])
      const next = await store.read.accounts.audit({ before: page[1]?.no ?? 0, limit: 2 })
      expect(next).toEqual([{ ...entry('a'), no: expect.any(Number) }])
    })
  })
}
