/** Links of one person, or of those who set up: whose making ends which, and that using one ends the rest. */
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AccountApp, goodPassword, machine, openAccountApp, secretOf } from './account-app.ts'

const entry = { device: { address: '127.0.0.1', agent: '' }, before: null }
/** No relay is there: links are made as if one carried them. */
const mail = {
  ...{ host: '127.0.0.1', port: 1, security: 'none' as const, from: 'smilepost@example.org', password: '' },
  write: () => ({ subject: '', text: '' }),
}
let world: AccountApp
beforeEach(async () => {
  world = await openAccountApp({ mail })
})
afterEach(() => world.close())

const look = (secret: string) => world.accounts.links.lookAtLink(secret)
function countLinks(): unknown {
  const db = new Sqlite(join(world.temp.folder, 'central.sqlite'), { readonly: true })
  try {
    return db.prepare('SELECT count(*) FROM link').pluck().get()
  } finally {
    db.close()
  }
}

describe('a link for a password', () => {
  it('outlives whoever asks for another one, and using it ends them all', async () => {
    const ada = await world.signedIn('admin')
    const made = await world.accounts.users.makeLink(ada.id, machine)
    const secret = made.ok ? secretOf(made.url) : ''
    for (let i = 0; i < 2; i += 1) await world.accounts.requestReset(ada.email, '192.0.2.7')
    expect(await look(secret)).toMatchObject({ kind: 'reset', email: ada.email })
    expect(countLinks()).toBe(3)
    expect(await world.accounts.links.resetPassword({ secret, password: 'nine calm otters' }, entry)).toMatchObject({
      ok: true,
    })
    expect(countLinks()).toBe(0)
  })

  it('is replaced by an administrator, with all that were asked for', async () => {
    const ada = await world.signedIn('admin')
    await world.accounts.requestReset(ada.email, '192.0.2.7')
    await world.accounts.users.makeLink(ada.id, machine)
    expect(countLinks()).toBe(1)
  })
})

describe('a link that makes an administrator', () => {
  const given = { email: 'ada@example.org', name: 'Ada', language: 'en', password: goodPassword }

  it('is the only one of its kind, and leaves those of users alone', async () => {
    const bo = await world.signedIn('viewer')
    const reset = await world.accounts.users.makeLink(bo.id, machine)
    const secrets: string[] = []
    for (let i = 0; i < 2; i += 1) secrets.push(secretOf((await world.accounts.makeAdminLink(machine)).url))
    const [first = '', second = ''] = secrets
    expect(await look(first)).toMatchObject({ ok: false, reason: 'link-gone' })
    expect(await look(second)).toMatchObject({ kind: 'setup' })
    expect(await world.accounts.links.setUp({ ...given, secret: second }, entry)).toMatchObject({ ok: true })
    expect(await look(reset.ok ? secretOf(reset.url) : '')).toMatchObject({ kind: 'reset' })
    expect(countLinks()).toBe(1)
  })

  it('ends others that lie there still, once it is used', async () => {
    const secret = secretOf((await world.accounts.makeAdminLink(machine)).url)
    const older = { hash: 'of an older release', kind: 'setup' as const, user: null, createdAtMs: 0 }
    await world.temp.store.transact(({ accounts }) =>
      accounts.putLink({ ...older, expiresAtMs: Number.MAX_SAFE_INTEGER }),
    )
    expect(countLinks()).toBe(2)
    await world.accounts.links.setUp({ ...given, secret }, entry)
    expect(countLinks()).toBe(0)
  })
})
