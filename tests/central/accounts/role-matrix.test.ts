import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AccountApp, type Browser, machine, openAccountApp } from './account-app.ts'

/** Who asks: role and subtree, or a token's scope. `north` holds the touchpoint `here`, `south` the touchpoint `there`. */
const people = [
  ...['admin', 'manager', 'viewer', 'ops'].flatMap((role) => [`${role} of all`, `${role} of north`]),
  ...['read:reports', 'read:terminals', 'presses:raw', 'metrics'].map((scope) => `token ${scope}`),
  ...['token read:reports of north', 'nobody'],
]
type Person = (typeof people)[number]

/**
 * Per route, who gets an answer; everybody else is refused (401 for nobody, 403 for others). `rows`: the route is about a row, which
 * those of north get for `here` only: 404 for `there`.
 */
type Rule = { to: readonly string[]; rows?: [here: string, there: string]; body?: object; answers?: number }
const reports = ['admin', 'manager', 'viewer', 'ops', 'token read:reports']
const terminals = ['admin', 'ops', 'token read:terminals']
const everyone = ['admin', 'manager', 'viewer', 'ops']
const rules: Record<string, Rule> = {
  'GET /api/v1/touchpoints': { to: reports },
  'GET /api/v1/touchpoints/:id': { to: reports, rows: ['here', 'there'] },
  'GET /api/v1/touchpoints/:id/hours': { to: reports, rows: ['here', 'there'] },
  'GET /api/v1/touchpoints/:id/report': { to: reports, rows: ['here', 'there'] },
  'GET /api/v1/touchpoints/:id/live': { to: reports, rows: ['here', 'there'] },
  'GET /api/v1/dips': { to: reports },
  'PUT /api/v1/dips/:id/fix': { to: ['admin', 'manager'], rows: ['here.x', 'there.x'], body: { date: '2026-01-01' } },
  'DELETE /api/v1/dips/:id/fix': { to: ['admin', 'manager'], rows: ['here.x', 'there.x'] },
  'GET /api/v1/terminals': { to: terminals },
  'GET /api/v1/terminals/:id': { to: terminals, rows: ['t-here', 't-there'] },
  'GET /api/v1/terminals/:id/ledger': { to: terminals, rows: ['t-here', 't-there'] },
  'GET /metrics': { to: ['token metrics'] },
  'GET /api/v1/users': { to: ['admin'] },
  'POST /api/v1/users': { to: ['admin'], body: {}, answers: 400 },
  'PATCH /api/v1/users/:id': { to: ['admin'], rows: ['u-north', 'u-south'], body: { name: 'Bo' } },
  'POST /api/v1/users/:id/link': { to: ['admin'], rows: ['u-north', 'u-south'], body: {} },
  'GET /api/v1/tokens': { to: ['admin'] },
  'POST /api/v1/tokens': { to: ['admin'], body: {}, answers: 400 },
  'DELETE /api/v1/tokens/:id': { to: ['admin'], rows: ['k-north', 'k-south'] },
  'GET /api/v1/token': { to: ['token'] },
  'GET /api/v1/audit': { to: ['admin of all'] },
  'GET /api/v1/own/sessions': { to: everyone },
  'DELETE /api/v1/own/sessions/:id': { to: everyone, answers: 404 },
  'POST /api/v1/own/password': { to: everyone, body: {}, answers: 400 },
  'DELETE /api/v1/session': { to: everyone },
}
/** A HEAD tells those who may GET, and nobody else. */
const heads = Object.entries(rules).flatMap(([route, rule]): [string, Rule][] =>
  route.startsWith('GET ') && !route.endsWith('/live') ? [[route.replace('GET', 'HEAD'), rule]] : [],
)
/** Open to people who have no account, as each test of theirs tells. */
const open = [
  ...['GET /healthz', 'GET /readyz', 'GET /api/v1/session', 'POST /api/v1/session', 'POST /api/v1/links'],
  ...['POST /api/v1/setup', 'POST /api/v1/invitation', 'POST /api/v1/password-reset'],
  ...['POST /api/v1/password-reset/request', 'GET /api/v1/session/oidc', 'GET /api/v1/session/oidc/callback'],
]
const pages = /^GET \/(touchpoints\/:id|terminals(\/:id)?|sign-in|setup|invitation|reset|users)?$/

let world: AccountApp
const known = new Map<Person, Pick<Browser, 'send'>>()
/** Some routes end the session they are asked with, and then it is a fresh one. */
async function personOf(name: Person, isFresh: boolean): Promise<Pick<Browser, 'send'>> {
  const person = (isFresh ? undefined : known.get(name)) ?? (await makePerson(name))
  known.set(name, person)
  return person
}

async function makePerson(name: Person): Promise<Pick<Browser, 'send'>> {
  const [who, place] = name.split(' of ') as [string, string | undefined]
  const at = place === undefined || place === 'all' ? null : place
  if (who === 'nobody') return world.browser()
  if (!who.startsWith('token ')) return world.signedIn(who as 'admin', at)
  const scopes = [who.slice(6)] as ['metrics']
  const made = await world.accounts.tokens.create({ name: who, scopes, place: at }, machine)
  if (!made.ok) throw new Error(made.detail)
  return world.browser({ authorization: `Bearer ${made.token}` })
}

const isAllowed = (name: Person, { to }: Rule) => to.some((start) => name === start || name.startsWith(`${start} `))

async function makeRow(name: string): Promise<string> {
  const [kind, place] = name.split('-') as [string, string]
  if (kind === 'u') return (await world.signedIn('viewer', place)).id
  const made = await world.accounts.tokens.create({ name, scopes: ['read:reports'], place }, machine)
  if (!made.ok) throw new Error(made.detail)
  return made.item.id
}

async function ask(person: Person, route: string, { body }: Rule, row: string): Promise<number> {
  const [method, pattern] = route.split(' ') as [string, string]
  const id = /^[uk]-/.test(row) ? await makeRow(row) : row
  const headers = method === 'PATCH' ? { 'if-match': '"2"' } : {}
  const { send } = await personOf(person, route === 'DELETE /api/v1/session')
  const url = pattern.replace(':id', id)
  if (!url.endsWith('/live')) return (await send(method, url, body, { ...headers, ...proxied })).statusCode
  // A stream never ends by itself, so only its refusals come by inject.
  const answer = await Promise.race([
    send(method, url, body, proxied),
    new Promise<null>((done) => setTimeout(done, 150, null)),
  ])
  return answer?.statusCode ?? 200
}
/** Past the rule for whoever sits at the machine, which `/metrics` has. */
const proxied = { 'x-forwarded-for': '192.0.2.7' }

beforeAll(async () => {
  world = await openAccountApp()
  await world.signedIn('admin')
})
afterAll(() => world.close())

describe('the matrix of roles', () => {
  it('has a rule for every route of the app, and none for a route that is gone', () => {
    const routes = world.app
      .declaredRoutes()
      .map(({ method, url }) => `${method} ${url}`)
      .filter((route) => !route.startsWith('HEAD ') && !pages.test(route))
    expect(routes.length).toBeGreaterThan(30)
    expect(routes.filter((route) => !(route in rules) && !open.includes(route))).toEqual([])
    expect(Object.keys(rules).filter((route) => !routes.includes(route))).toEqual([])
    expect(world.app.declaredRoutes().filter(({ access }) => access === undefined)).toEqual([])
  })

  it('gives a HEAD to what has a GET alone, and none to a stream, which it would leave open', () => {
    const urls = (method: string) =>
      world.app.declaredRoutes().flatMap((route) => (route.method === method ? route.url : []))
    const streams = urls('GET').filter((url) => url.endsWith('/live'))
    expect(urls('HEAD').sort()).toEqual(
      urls('GET')
        .filter((url) => !streams.includes(url))
        .sort(),
    )
    expect(streams).toHaveLength(1)
  })

  it.each([...heads, ...Object.entries(rules)])('%s', async (route, rule) => {
    const [here, there] = rule.rows ?? ['here', 'here']
    for (const person of people) {
      const isFar = rule.rows !== undefined && person.endsWith('of north')
      const refused = person === 'nobody' ? 401 : 403
      const wanted = isAllowed(person, rule)
        ? [rule.answers ?? 'ok', isFar ? 404 : (rule.answers ?? 'ok')]
        : [refused, refused]
      const statuses = [await ask(person, route, rule, here), await ask(person, route, rule, there)]
      const got = statuses.map((status) => (status >= 200 && status < 300 ? 'ok' : status))
      expect({ person, got }).toEqual({ person, got: wanted })
    }
  })

  it('stops an app with a route that says nothing of its access', async () => {
    const fastify = (await import('fastify')).fastify()
    const { guardAccess } = await import('../../../src/central/api/guard-access.ts')
    guardAccess(fastify as never, { desk: null, publicOrigin: null, cookie: {} as never })
    fastify.get('/api/v1/forgotten', async () => 'everything')
    await expect(fastify.ready()).rejects.toThrow('routes without a declared access: GET /api/v1/forgotten')
  })

  it('lists rows of the own subtree only', async () => {
    const admin = await world.signedIn('admin', 'north')
    const list = async (url: string) => (await admin.send('GET', url)).json()
    expect((await list('/api/v1/touchpoints')).touchpoints.map(({ id }: { id: string }) => id)).toEqual(['here'])
    const dips = await list('/api/v1/dips')
    expect([dips.touchpoints, dips.insufficient.map((row: { touchpoint: string }) => row.touchpoint)]).toEqual([
      1,
      ['here'],
    ])
    expect(await list('/api/v1/terminals')).toEqual({ terminals: [expect.objectContaining({ id: 't-here' })] })
    const users: { place: string }[] = (await list('/api/v1/users')).users
    expect(new Set(users.map(({ place }) => place))).toEqual(new Set(['north']))
    const all = await (await world.signedIn('ops')).send('GET', '/api/v1/terminals')
    expect(all.json().terminals).toHaveLength(3)
  })

  it('answers for rows of other subtrees in the words for what does not exist', async () => {
    const { send } = await world.signedIn('admin', 'north')
    const words = async (url: string) => (await send('GET', url)).json().detail.replace(/called \S+/, 'called X')
    for (const [far, none] of [
      ['/api/v1/touchpoints/there', '/api/v1/touchpoints/nowhere'],
      ['/api/v1/touchpoints/there/hours', '/api/v1/touchpoints/nowhere/hours'],
      ['/api/v1/touchpoints/there/live', '/api/v1/touchpoints/nowhere/live'],
      ['/api/v1/dips?touchpoint=there', '/api/v1/dips?touchpoint=nowhere'],
      ['/api/v1/terminals/t-there', '/api/v1/terminals/nowhere'],
      ['/api/v1/terminals/t-loose/ledger', '/api/v1/terminals/nowhere/ledger'],
    ] as const)
      expect(await words(far)).toBe(await words(none))
  })
})
