import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { putTouchpoints } from '../../support/central-store.ts'
import { type AccountApp, goodPassword, machine, openAccountApp, secretOf } from './account-app.ts'

type Person = Awaited<ReturnType<AccountApp['signedIn']>>
let world: AccountApp
let ada: Person
beforeEach(async () => {
  world = await openAccountApp()
  ada = await world.signedIn('admin')
})
afterEach(() => world.close())

const patch = (by: Person, id: string, body: object, revision = 2) =>
  by.send('PATCH', `/api/v1/users/${id}`, body, { 'if-match': `"${revision}"` })

describe('users', () => {
  it('are changed by one administrator at a time: the second is told by whom', async () => {
    const bo = await world.signedIn('viewer', 'north')
    expect((await ada.send('PATCH', `/api/v1/users/${bo.id}`, { role: 'ops' })).statusCode).toBe(428)
    expect((await ada.send('PATCH', `/api/v1/users/${bo.id}`, { role: 'ops' }, { 'if-match': '*' })).statusCode).toBe(
      428,
    )
    const changed = await patch(ada, bo.id, { role: 'manager' })
    expect([changed.statusCode, changed.headers.etag, changed.json().role]).toEqual([200, '"3"', 'manager'])
    const late = await patch(ada, bo.id, { name: 'Bo the second' })
    expect(late.statusCode).toBe(412)
    expect(late.json().detail).toContain(`${ada.email} changed this user at 2026-03-02T09:00:00.000Z`)
  })

  it.each([[{ role: 'manager' }], [{ place: 'south' }], [{ state: 'disabled' }]])(
    'are out once they may do something else: %j',
    async (change) => {
      const bo = await world.signedIn('viewer', 'north')
      expect((await patch(ada, bo.id, { name: 'Bo' })).statusCode).toBe(200)
      expect((await bo.send('GET', '/api/v1/touchpoints')).statusCode).toBe(200)
      expect((await patch(ada, bo.id, change, 3)).statusCode).toBe(200)
      expect((await bo.send('GET', '/api/v1/touchpoints')).statusCode).toBe(401)
    },
  )

  it('come back with the password they had', async () => {
    const bo = await world.signedIn('viewer')
    const link = (await ada.send('POST', `/api/v1/users/${bo.id}/link`, {})).json()
    await patch(ada, bo.id, { state: 'disabled' })
    expect((await ada.send('POST', `/api/v1/users/${bo.id}/link`, {})).statusCode).toBe(409)
    const reset = { secret: secretOf(link.url), password: 'a password of mine' }
    expect((await world.browser().send('POST', '/api/v1/password-reset', reset)).statusCode).toBe(410)
    expect((await patch(ada, bo.id, { state: 'active' }, 3)).json().state).toBe('active')
    const signIn = { email: bo.email, password: goodPassword }
    expect((await world.browser().send('POST', '/api/v1/session', signIn)).statusCode).toBe(204)
  })

  it('never lock everybody out', async () => {
    for (const change of [{ state: 'disabled' }, { role: 'ops' }, { place: 'north' }]) {
      const answer = await patch(ada, ada.id, change)
      expect([answer.statusCode, answer.json().detail]).toEqual([
        409,
        expect.stringContaining('the last administrator'),
      ])
    }
    const bo = await world.signedIn('admin')
    expect((await patch(bo, ada.id, { role: 'viewer' })).statusCode).toBe(200)
  })

  it('are invited beneath the own subtree only', async () => {
    const north = await world.signedIn('admin', 'north')
    const invite = (change: object) =>
      north.send('POST', '/api/v1/users', {
        email: 'new@example.org',
        name: 'New',
        language: 'en',
        role: 'admin',
        place: 'north',
        ...change,
      })
    for (const place of ['south', 'chain', 'nowhere', null])
      expect((await invite({ place })).json().errors).toMatchObject([{ field: 'place', code: 'unknown' }])
    expect((await invite({ email: ada.email })).json().errors).toMatchObject([{ field: 'email', code: 'taken' }])
    expect((await invite({})).statusCode).toBe(201)
    expect((await patch(north, ada.id, { name: 'Owned' })).statusCode).toBe(404)
    expect((await patch(north, north.id, { place: null })).statusCode).toBe(400)
  })

  it('have one link at a time', async () => {
    const given = { email: 'new@example.org', name: 'New', language: 'en', role: 'viewer' as const, place: null }
    const first = (await ada.send('POST', '/api/v1/users', given)).json()
    const second = (await ada.send('POST', `/api/v1/users/${first.user.id}/link`, {})).json()
    const look = (url: string) => world.browser().send('POST', '/api/v1/links', { secret: secretOf(url) })
    expect([(await look(first.url)).statusCode, (await look(second.url)).json().kind]).toEqual([410, 'invite'])
    world.pass(7 * 24 * 3_600_000)
    expect((await look(second.url)).statusCode).toBe(410)
  })

  it('and their passwords stand in no answer', async () => {
    const { body } = await ada.send('GET', '/api/v1/users')
    expect(body).not.toMatch(/argon2|hash|password/i)
  })
})

describe('tokens', () => {
  const make = async (scopes: string[], place: string | null = null) =>
    (await ada.send('POST', '/api/v1/tokens', { name: 'Till system', scopes, place })).json()

  it('are shown once, say what they are, and end at once', async () => {
    const { token, item } = await make(['read:reports'], 'north')
    expect(token).toMatch(/^smilepost_[\w-]{43}$/)
    const { send } = world.browser({ authorization: `Bearer ${token}` })
    expect((await send('GET', '/api/v1/touchpoints')).json().touchpoints).toHaveLength(1)
    await expect
      .poll(async () => (await send('GET', '/api/v1/token')).json().lastUsedAt)
      .toBe('2026-03-02T09:00:00.000Z')
    expect((await send('GET', '/api/v1/token')).json()).toMatchObject({
      id: item.id,
      scopes: ['read:reports'],
      place: 'north',
    })
    const list = await ada.send('GET', '/api/v1/tokens')
    expect([list.json().tokens.length, list.body.includes(token)]).toEqual([1, false])
    expect((await ada.send('DELETE', `/api/v1/tokens/${item.id}`)).statusCode).toBe(204)
    const refused = await send('GET', '/api/v1/touchpoints')
    expect([refused.statusCode, refused.headers['www-authenticate']]).toEqual([401, 'Bearer error="invalid_token"'])
    expect((await ada.send('DELETE', `/api/v1/tokens/${item.id}`)).statusCode).toBe(404)
  })

  it('are no way around a session, nor the other way round', async () => {
    const session = ada.cookies.get('smilepost-session')
    for (const authorization of ['Bearer nothing', `Bearer ${session}`, 'Basic YTpi', 'Bearer', ''])
      expect((await ada.send('GET', '/api/v1/touchpoints', undefined, { authorization })).statusCode).toBe(401)
    const { token } = await make(['read:reports'])
    expect(
      (await world.browser({ cookie: `smilepost-session=${token}` }).send('GET', '/api/v1/touchpoints')).statusCode,
    ).toBe(401)
    const metrics = await ada.send('POST', '/api/v1/tokens', { name: 'M', scopes: ['metrics'], place: 'north' })
    expect(metrics.json().errors).toMatchObject([{ field: 'scopes', code: 'all-places' }])
  })
})

describe('the audit log', () => {
  it('has every change, newest first, by pages, and no secret', async () => {
    const bo = await world.signedIn('viewer')
    await patch(ada, bo.id, { role: 'manager' })
    const { token, item } = (
      await ada.send('POST', '/api/v1/tokens', { name: 'T', scopes: ['read:reports'], place: null })
    ).json()
    await ada.send('DELETE', `/api/v1/tokens/${item.id}`)
    const entries: { no: number; by: string; what: string; on: string; detail: object; from: string }[] = []
    for (let next: number | null = Number.MAX_SAFE_INTEGER; next !== null; ) {
      const before: string = next === Number.MAX_SAFE_INTEGER ? '' : `before=${next}&`
      const page = (await ada.send('GET', `/api/v1/audit?${before}limit=3`)).json()
      expect(page.entries.length).toBeLessThanOrEqual(3)
      entries.push(...page.entries)
      next = page.next
    }
    expect(entries.map(({ what }) => what)).toEqual([
      ...['token-revoked', 'token-created', 'user-changed'],
      ...['invitation-accepted', 'user-invited', 'invitation-accepted', 'user-invited'],
    ])
    expect(entries[2]).toMatchObject({
      by: ada.email,
      on: `user ${bo.email}`,
      detail: { role: 'manager' },
      from: '127.0.0.1',
    })
    expect(entries.at(-1)).toMatchObject({ by: machine.by, from: 'local' })
    for (const secret of [token, goodPassword, ada.cookies.get('smilepost-session'), 'argon2'])
      expect(JSON.stringify(entries)).not.toContain(secret)
    for (const query of ['limit=0', 'limit=501', 'before=-1', 'before=x', 'page=2'])
      expect((await ada.send('GET', `/api/v1/audit?${query}`)).statusCode).toBe(400)
  })
})

describe('the live count', () => {
  let url: string
  beforeEach(async () => {
    url = await world.app.listen({ host: '127.0.0.1', port: 0 })
  })
  const cookieOf = (person: Person) => ({ cookie: `smilepost-session=${person.cookies.get('smilepost-session')}` })
  const open = (person: Person, signal?: AbortSignal) =>
    fetch(`${url}/api/v1/touchpoints/here/live`, { headers: cookieOf(person), ...(signal && { signal }) })
  async function watch(person: Person) {
    const answer = await open(person)
    let text = ''
    const ended = (async () => {
      for await (const chunk of answer.body ?? []) text += Buffer.from(chunk).toString()
    })()
    await expect.poll(() => text).toContain('event: live')
    return { count: () => JSON.parse(/data: (.*)/.exec(text)?.[1] ?? ''), ended }
  }

  it('shows faces to ops and administrators, and a total to others, until their session ends', async () => {
    const [viewer, ops] = [await world.signedIn('viewer'), await world.signedIn('ops')]
    const [total, faces] = [await watch(viewer), await watch(ops)]
    expect([total.count().presses, total.count().counts, faces.count().counts]).toEqual([3, [], [1, 1, 0, 1]])
    await patch(ada, viewer.id, { state: 'disabled' })
    await patch(ada, ops.id, { role: 'viewer' })
    await Promise.all([total.ended, faces.ended])
  })

  it('ends for those out of whose reach the touchpoint moves', async () => {
    const live = await watch(await world.signedIn('viewer', 'north'))
    await world.temp.store.transact((writer) =>
      writer.putPlace({ id: 'north', parent: 'chain', name: 'N', kind: 'store' }),
    )
    await putTouchpoints(world.temp.store, [{ id: 'here', place: 'south' }])
    await live.ended
  })

  it('leaves room for others, whoever opens many, and none is left behind', async () => {
    const abort = new AbortController()
    const viewer = await world.signedIn('viewer')
    const answers = await Promise.all(Array.from({ length: 42 }, () => open(viewer, abort.signal)))
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 40 }, () => 200), 429, 429])
    expect((await open(ada, abort.signal)).status).toBe(200)
    expect((await fetch(answers[0]?.url ?? '', { method: 'HEAD', headers: cookieOf(ada) })).status).toBe(404)
    abort.abort()
    const watchers = async () => /smilepost_live_streams (\d+)/.exec(await (await fetch(`${url}/metrics`)).text())?.[1]
    await expect.poll(watchers).toBe('0')
    expect((await watch(viewer)).count().presses).toBe(3)
  })
})
