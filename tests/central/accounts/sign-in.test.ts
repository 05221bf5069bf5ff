import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import Value from 'typebox/value'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { adoptRestored } from '../../../src/central/store/backup/adopt-restored.ts'
import { ground } from '../../../src/central/store/sqlite/001-ground.ts'
import { Problem } from '../../../src/contracts/http/problem.ts'
import { type AccountApp, goodPassword, machine, openAccountApp, secretOf } from './account-app.ts'

const hourMs = 3_600_000
let world: AccountApp
beforeEach(async () => {
  world = await openAccountApp()
})
afterEach(() => world.close())

const wrong = {
  type: 'about:blank',
  title: 'Unauthorized',
  status: 401,
  detail: 'The mail address or the password is wrong.',
}

describe('the first administrator', () => {
  const given = { email: 'Ada@Example.org', name: 'Ada', language: 'fi', password: goodPassword }
  const makeSecret = async () => secretOf((await world.accounts.makeAdminLink(machine)).url)

  it('comes in by a link that works once, and closes what was open', async () => {
    const browser = world.browser()
    expect((await browser.send('GET', '/api/v1/session')).json()).toMatchObject({ state: 'open', user: null })
    expect((await browser.send('GET', '/api/v1/touchpoints')).statusCode).toBe(200)
    const secret = await makeSecret()
    expect((await browser.send('POST', '/api/v1/links', { secret })).json()).toEqual({
      kind: 'setup',
      email: null,
      name: null,
    })
    const answer = await browser.send('POST', '/api/v1/setup', { secret, ...given })
    expect(answer.statusCode).toBe(204)
    expect(answer.headers['set-cookie']).toMatch(
      /^smilepost-session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/,
    )
    const session = (await browser.send('GET', '/api/v1/session')).json()
    expect(session).toMatchObject({
      state: 'signed-in',
      user: { email: 'ada@example.org', role: 'admin', place: null },
    })
    expect(session.may).toContain('manage-users')
    expect((await world.browser().send('GET', '/api/v1/touchpoints')).statusCode).toBe(401)
    expect((await browser.send('POST', '/api/v1/setup', { secret, ...given, email: 'b@c.d' })).statusCode).toBe(410)
  })

  it('has a day to come, and a password that is long enough and not their name', async () => {
    const secret = await makeSecret()
    const send = (change: object) => world.browser().send('POST', '/api/v1/setup', { secret, ...given, ...change })
    for (const [password, code] of [
      ['short', 'too-short'],
      ['x'.repeat(201), 'too-long'],
      ['ada@example.org', 'is-email'],
      ['aaaaaaaaaaaaaaaa', 'too-plain'],
    ]) {
      const answer = await send({ password })
      expect([answer.statusCode, answer.json().errors]).toEqual([
        400,
        [{ field: 'password', code, detail: expect.any(String) }],
      ])
    }
    expect((await send({ name: 'Ada Lovelace King', password: 'ada lovelace king' })).json().errors[0].code).toBe(
      'is-name',
    )
    world.pass(24 * hourMs)
    expect((await send({})).statusCode).toBe(410)
  })

  it('is one person even when two open the link at the same moment', async () => {
    const secret = await makeSecret()
    const answers = await Promise.all(
      ['a@x.org', 'b@x.org', 'c@x.org'].map((email) =>
        world.browser().send('POST', '/api/v1/setup', { secret, ...given, email }),
      ),
    )
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([204, 410, 410])
    expect(await world.temp.store.read.accounts.users()).toHaveLength(1)
  })
})

describe('sign-in', () => {
  const signIn = (email: string, password = goodPassword, headers = {}) =>
    world.browser().send('POST', '/api/v1/session', { email, password }, headers)

  it('says the same of a wrong password, an unknown address, an invited and a disabled user', async () => {
    const ada = await world.signedIn('admin')
    const gone = await world.signedIn('viewer')
    const invited = { email: 'new@example.org', name: 'New', language: 'en', role: 'viewer' as const, place: null }
    await world.accounts.users.invite(invited, machine)
    await world.accounts.users.change(gone.id, { state: 'disabled' }, null, machine)
    for (const [email, password] of [
      [ada.email, 'some wrong words'],
      ['nobody@example.org'],
      [invited.email],
      [gone.email],
      [''],
    ])
      if (email) expect((await signIn(email, password)).json()).toEqual(wrong)
    expect((await signIn(ada.email.toUpperCase())).statusCode).toBe(204)
  })

  it('hashes a password for every address, known or not', async () => {
    const ada = await world.signedIn('admin')
    const medianMs = async (email: string) => {
      const times: number[] = []
      for (let i = 0; i < 5; i += 1) {
        const from = process.cpuUsage().user
        await signIn(email, `wrong password ${i}`)
        times.push(process.cpuUsage(undefined).user - from)
      }
      return times.sort((a, b) => a - b)[2] ?? 0
    }
    const [known, unknown] = [await medianMs(ada.email), await medianMs('nobody@example.org')]
    // Processor time of a hash is tens of milliseconds, of anything else a few: an unknown address that is not hashed would be far below.
    expect(unknown).toBeGreaterThan(known / 3)
  })

  it('gives a session of its own, whatever the browser brought along', async () => {
    const ada = await world.signedIn('admin')
    const browser = world.browser()
    browser.cookies.set('smilepost-session', 'chosen-by-an-attacker-chosen-by-an-attacker')
    await browser.send('POST', '/api/v1/session', { email: ada.email, password: goodPassword })
    const first = browser.cookies.get('smilepost-session')
    expect(first).not.toContain('attacker')
    await browser.send('POST', '/api/v1/session', { email: ada.email, password: goodPassword })
    const thief = world.browser({ cookie: `smilepost-session=${first}` })
    expect((await thief.send('GET', '/api/v1/touchpoints')).statusCode).toBe(401)
    expect((await browser.send('GET', '/api/v1/touchpoints')).statusCode).toBe(200)
  })

  it('is needed again after a restore: what ended since the backup stays ended', async () => {
    const ada = await world.signedIn('admin')
    await world.accounts.users.makeLink(ada.id, machine)
    const db = new Sqlite(join(world.temp.folder, 'central.sqlite'))
    adoptRestored(db, null)
    expect(db.prepare('SELECT (SELECT count(*) FROM session) + (SELECT count(*) FROM link) AS n').get()).toEqual({
      n: 0,
    })
    db.close()
    expect((await ada.send('GET', '/api/v1/touchpoints')).statusCode).toBe(401)
    const before = new Sqlite(':memory:')
    before.exec(ground)
    expect(adoptRestored(before, null)).toEqual([])
    before.close()
  })

  it('keeps no secret in the database', async () => {
    const ada = await world.signedIn('admin')
    const sessions = await world.temp.store.read.accounts.sessionsOf(ada.id)
    expect(JSON.stringify(sessions)).not.toContain(ada.cookies.get('smilepost-session'))
    expect((await world.temp.store.read.accounts.user(ada.id))?.passwordHash).toMatch(
      /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/,
    )
  })

  it('ends after twelve idle hours and after thirty days, and at sign-out', async () => {
    const ada = await world.signedIn('admin')
    const status = async () => (await ada.send('GET', '/api/v1/touchpoints')).statusCode
    world.pass(11.9 * hourMs)
    expect(await status()).toBe(200)
    await expect
      .poll(async () => (await world.temp.store.read.accounts.sessionsOf(ada.id))[0]?.seenAtMs)
      .toBe(Date.parse('2026-03-02T20:54:00Z'))
    world.pass(12 * hourMs)
    expect(await status()).toBe(401)
    const bo = await world.signedIn('admin')
    for (let hours = 0; hours < 30 * 24 - 11; hours += 11) {
      world.pass(11 * hourMs)
      expect((await bo.send('GET', '/api/v1/own/sessions')).statusCode).toBe(200)
      await world.temp.store.transact(async () => undefined)
    }
    world.pass(11 * hourMs)
    expect((await bo.send('GET', '/api/v1/touchpoints')).statusCode).toBe(401)
    const cy = await world.signedIn('admin')
    const secret = cy.cookies.get('smilepost-session')
    expect((await cy.send('DELETE', '/api/v1/session')).statusCode).toBe(204)
    expect(cy.cookies.size).toBe(0)
    const again = world.browser({ cookie: `smilepost-session=${secret}` })
    expect((await again.send('GET', '/api/v1/touchpoints')).statusCode).toBe(401)
  })

  it('lists own sessions and ends those of others never', async () => {
    const [ada, bo] = [await world.signedIn('admin'), await world.signedIn('viewer')]
    const list = async ({ send }: typeof ada) => (await send('GET', '/api/v1/own/sessions')).json().sessions
    const phone = world.browser({ 'user-agent': 'A phone' })
    await phone.send('POST', '/api/v1/session', { email: ada.email, password: goodPassword })
    const sessions = await list(ada)
    expect(sessions.map(({ agent, isCurrent }: { agent: string; isCurrent: boolean }) => [agent, isCurrent])).toEqual(
      expect.arrayContaining([
        ['A phone', false],
        ['test', true],
      ]),
    )
    const other = sessions.find(({ isCurrent }: { isCurrent: boolean }) => !isCurrent).id
    expect((await bo.send('DELETE', `/api/v1/own/sessions/${other}`)).statusCode).toBe(404)
    expect((await ada.send('DELETE', `/api/v1/own/sessions/${other}`)).statusCode).toBe(204)
    expect((await phone.send('GET', '/api/v1/touchpoints')).statusCode).toBe(401)
  })

  it('is over everywhere else once the password is changed', async () => {
    const ada = await world.signedIn('admin')
    const phone = world.browser()
    await phone.send('POST', '/api/v1/session', { email: ada.email, password: goodPassword })
    const change = (current: string, next: string) => ada.send('POST', '/api/v1/own/password', { current, next })
    expect((await change('not the password', 'eight calm otters')).json().errors[0]).toMatchObject({
      field: 'current',
      code: 'wrong',
    })
    expect((await change(goodPassword, 'short')).json().errors[0]).toMatchObject({ field: 'next', code: 'too-short' })
    expect((await change(goodPassword, 'eight calm otters')).statusCode).toBe(204)
    expect((await phone.send('GET', '/api/v1/touchpoints')).statusCode).toBe(401)
    expect((await ada.send('GET', '/api/v1/touchpoints')).statusCode).toBe(200)
    expect((await signIn(ada.email)).statusCode).toBe(401)
    expect((await signIn(ada.email, 'eight calm otters')).statusCode).toBe(204)
  })

  it('is slowed down per account and per address, and says until when', async () => {
    const ada = await world.signedIn('admin')
    const from = (address: number) => ({ 'x-forwarded-for': `192.0.2.${address}` })
    const tries = await Promise.all(
      Array.from({ length: 40 }, (_, i) => signIn(ada.email, `guess number ${i}`, from(i))),
    )
    const counts = new Map<number, number>()
    for (const { statusCode } of tries) counts.set(statusCode, (counts.get(statusCode) ?? 0) + 1)
    expect([...counts.keys()].filter((status) => ![401, 429].includes(status))).toEqual([])
    expect(counts.get(401)).toBe(20)
    // And costs nothing more: whoever is slowed down has nothing hashed.
    const { 'sign-in-refused': refused, 'hashing-busy': busy } = world.accounts.counters.snapshot()
    expect([refused, busy]).toEqual([20, 0])
    const slowed = await signIn(ada.email.toUpperCase())
    expect([slowed.statusCode, Number(slowed.headers['retry-after']) > 0]).toEqual([429, true])
    // The header of a stranger counts only behind a proxy that is configured.
    const others = await Promise.all(
      Array.from({ length: 40 }, (_, i) => signIn(`nobody-${i}@x.org`, 'a guess of mine', from(i))),
    )
    expect(others.some(({ statusCode }) => statusCode === 429)).toBe(true)
  })
})

describe('a stranger', () => {
  const guess = (email: string, password: string, remoteAddress: string) =>
    world.app.inject({
      ...{ method: 'POST', url: '/api/v1/session', remoteAddress },
      ...{ headers: { host: 'localhost' }, payload: { email, password } },
    })

  it('keeps nobody out of their account', async () => {
    const ada = await world.signedIn('admin')
    const tries = await Promise.all(
      Array.from({ length: 30 }, () => guess(ada.email, 'a wrong one', '2001:db8:0:1::9')),
    )
    expect(tries.filter(({ statusCode }) => statusCode === 401)).toHaveLength(20)
    // Another address of the same network is the same stranger.
    expect((await guess(ada.email, goodPassword, '2001:db8:0:1:ffff::1')).statusCode).toBe(429)
    expect((await guess(ada.email, goodPassword, '2001:db8:0:2::9')).statusCode).toBe(204)
  })

  it('guesses no faster from many networks', async () => {
    const ada = await world.signedIn('admin')
    const signIn = vi.spyOn(world.accounts, 'signIn').mockResolvedValue({ ok: false, reason: 'busy', detail: '' })
    for (let i = 0; i < 250; i += 1) await guess(ada.email, 'a wrong one', `203.0.113.${i % 25}`)
    expect(signIn).toHaveBeenCalledTimes(200)
  })

  it('stops nothing by a long name, and is slowed down before anybody reads it', async () => {
    const bad = { secret: 'x'.repeat(30), name: `${'a'.repeat(15_000)}<<`, language: 'en', password: 'x' }
    const ask = (url: string) => world.browser().send('POST', url, bad)
    const statuses: number[] = []
    // A pattern that looked at each pair of characters would take a second of each, and the test its time.
    for (let i = 0; i < 31; i += 1)
      statuses.push((await ask('/api/v1/invitation')).statusCode, (await ask('/api/v1/setup')).statusCode)
    expect(statuses).toEqual([...Array.from({ length: 60 }, () => 400), 429, 429])
  })
})

describe('bad requests', () => {
  it('are those with a name or address that no page or terminal should show', async () => {
    const ada = await world.signedIn('admin')
    const name = 'Liisa Äijö 李小龍 👩‍👧'
    const given = { email: 'new@example.org', name, language: 'en', role: 'viewer', place: null }
    const invite = async (change: object) => {
      const faults: { field: string }[] | undefined = (
        await ada.send('POST', '/api/v1/users', { ...given, ...change })
      ).json().errors
      return faults?.map(({ field }) => field)
    }
    const signs = ['<', '\u001b[2J', '\u0000', '\u009b31m', '\u202e', '\u2067', '\n', '\u2028']
    for (const sign of signs) {
      expect([sign, await invite({ name: `Ada${sign}b` })]).toEqual([sign, ['name']])
      expect([sign, await invite({ email: `ada${sign}@example.org` })]).toEqual([sign, ['email']])
    }
    expect(await invite({ name: ' \u00a0' })).toEqual(['name'])
    expect(await invite({})).toBeUndefined()
  })

  it('name each field, whatever is sent', async () => {
    const ada = await world.signedIn('admin')
    const bodies: object[] = [
      {},
      [],
      { email: 5, password: {} },
      { email: 'a'.repeat(300), password: '' },
      { email: 'a', password: 'b', extra: 1 },
    ]
    for (const body of bodies) {
      const answer = await ada.send('POST', '/api/v1/session', body)
      expect([answer.statusCode, [...Value.Errors(Problem, answer.json())]]).toEqual([400, []])
    }
    const answer = await ada.send('POST', '/api/v1/users', { email: 'no address', role: 'king', place: 5, more: 1 })
    const fields = answer.json().errors.map(({ field }: { field: string }) => field)
    expect(new Set(fields)).toEqual(new Set(['email', 'name', 'language', 'role', 'place', 'more']))
  })

  it('are refused when they are huge, of another type, broken or deep', async () => {
    const post = (payload: string, type = 'application/json') =>
      world.app.inject({
        method: 'POST',
        url: '/api/v1/session',
        headers: { host: 'localhost', 'content-type': type },
        payload,
      })
    expect((await post(JSON.stringify({ email: 'a', password: 'x'.repeat(20_000) }))).statusCode).toBe(413)
    expect((await post('{"email":"a","password":"b"}', 'text/plain')).statusCode).toBe(415)
    expect((await post('email=a&password=b', 'application/x-www-form-urlencoded')).statusCode).toBe(415)
    expect((await post('{"email":')).statusCode).toBe(400)
    expect((await post('{"__proto__":{"admin":true},"email":"a","password":"b"}')).statusCode).toBe(400)
    expect((await post('['.repeat(8_000))).statusCode).toBe(400)
  })

  it.each([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost:9999' },
    { origin: 'https://localhost:8080' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site', origin: 'http://localhost:8080' },
  ])('of another origin change nothing: %j', async (headers) => {
    const ada = await world.signedIn('admin')
    for (const [method, url] of [
      ['POST', '/api/v1/session'],
      ['DELETE', '/api/v1/session'],
      ['PUT', '/api/v1/dips/here.x/fix'],
    ] as const)
      expect((await ada.send(method, url, {}, headers as unknown as Record<string, string>)).statusCode).toBe(403)
    expect(
      (await ada.send('GET', '/api/v1/touchpoints', undefined, headers as unknown as Record<string, string>))
        .statusCode,
    ).toBe(200)
    const own = { origin: 'http://localhost:8080', 'sec-fetch-site': 'same-origin' }
    expect((await ada.send('DELETE', '/api/v1/session', undefined, own)).statusCode).toBe(204)
  })
})

describe('behind a proxy', () => {
  const host = { host: 'smilepost.example.org' }
  it('shows nothing while there is no account, and gives a cookie of this host alone', async () => {
    await world.close()
    world = await openAccountApp({ app: { publicUrl: 'https://smilepost.example.org' } })
    expect((await world.browser(host).send('GET', '/api/v1/touchpoints')).statusCode).toBe(401)
    expect((await world.browser({ 'x-forwarded-for': '192.0.2.1' }).send('GET', '/api/v1/dips')).statusCode).toBe(401)
    expect((await world.browser().send('GET', '/api/v1/touchpoints')).statusCode).toBe(200)
    expect((await world.browser({ host: 'other.example.org' }).send('GET', '/healthz')).statusCode).toBe(421)
    const { url } = await world.accounts.makeAdminLink(machine)
    expect(url).toMatch(/^https:\/\/smilepost\.example\.org\/setup#/)
    const given = {
      secret: secretOf(url),
      email: 'ada@example.org',
      name: 'Ada',
      language: 'en',
      password: goodPassword,
    }
    const browser = world.browser(host)
    const foreign = await browser.send('POST', '/api/v1/setup', given, { origin: 'http://smilepost.example.org' })
    expect(foreign.statusCode).toBe(403)
    const answer = await browser.send('POST', '/api/v1/setup', given, { origin: 'https://smilepost.example.org' })
    expect(answer.headers['set-cookie']).toMatch(
      /^__Host-smilepost=[\w-]+; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
    expect((await browser.send('GET', '/api/v1/touchpoints')).statusCode).toBe(200)
    const plain = world.browser({ ...host, cookie: `smilepost-session=${browser.cookies.get('__Host-smilepost')}` })
    expect((await plain.send('GET', '/api/v1/touchpoints')).statusCode).toBe(401)
    const onLoopback = async (headers: Record<string, string>) =>
      (await world.browser(headers).send('GET', '/metrics')).statusCode
    expect([await onLoopback({}), await onLoopback(host), await onLoopback({ via: '1.1 proxy' })]).toEqual([
      200, 401, 401,
    ])
  })

  it('tells strangers that it is ready, and nothing of how', async () => {
    await world.close()
    const brokers = [{ url: 'mqtts://10.1.2.3', connected: false, isolation: 'broken' }]
    world = await openAccountApp({ app: { publicUrl: 'https://smilepost.example.org', brokers: () => brokers } })
    await world.signedIn('admin')
    const made = await world.accounts.tokens.create({ name: 'm', scopes: ['metrics'], place: null }, machine)
    const token = made.ok ? { authorization: `Bearer ${made.token}` } : {}
    const ready = async (headers: Record<string, string>) =>
      (await world.browser(headers).send('GET', '/readyz')).json()
    expect(await ready(host)).toEqual({ status: 'ready' })
    expect(await ready({ via: '1.1 proxy' })).toEqual({ status: 'ready' })
    expect(await ready({ ...host, authorization: 'Bearer wrong' })).toEqual({ status: 'ready' })
    for (const headers of [{ ...host, ...token }, {}])
      expect(await ready(headers)).toEqual({ status: 'ready', brokers })
    await world.temp.store.close()
    expect((await ready(host)).detail).toBe('The database does not answer; its log tells why.')
    expect((await ready({})).detail).toMatch(/^The database does not answer: \S/)
  })
})
