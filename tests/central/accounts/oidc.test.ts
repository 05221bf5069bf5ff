import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'
import { afterEach, describe, expect, it } from 'vitest'
import type { NewcomerRights } from '../../../src/central/accounts/oidc-entry.ts'
import { type AccountApp, type Browser, machine, openAccountApp } from './account-app.ts'

const begin = '/api/v1/session/oidc'
const callback = `http://localhost:8080${begin}/callback`
let provider: Server
let issuer: string
let world: AccountApp
/** Claims of accounts at the provider. */
const people: Record<string, object> = {
  liisa: { email: 'Liisa@example.org', email_verified: true, name: 'Liisa' },
  mallory: { email: 'liisa@example.org', email_verified: false, name: 'Mallory' },
  heir: { email: 'liisa@example.org', email_verified: true, name: 'The next with that address' },
}

async function openWorld(newcomers: NewcomerRights | null = null, clientSecret = 'client-secret'): Promise<void> {
  provider = createServer().listen(0, '127.0.0.1')
  await once(provider, 'listening')
  issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`
  const oidc = new Provider(issuer, {
    clients: [
      {
        client_id: 'smilepost',
        client_secret: 'client-secret',
        redirect_uris: [callback],
        grant_types: ['authorization_code'],
      },
    ],
    claims: { email: ['email', 'email_verified'], profile: ['name'] },
    cookies: { keys: ['a key for tests'] },
    pkce: { required: () => true },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub, ...people[sub] }) }),
  })
  const serve = oidc.callback()
  provider.on('request', (request, response) => void serve(request, response))
  const client = { name: 'Example Inc.', issuer, clientId: 'smilepost', clientSecret }
  world = await openAccountApp({ oidc: { ...client, newcomers } })
}

afterEach(async () => {
  await world.close()
  provider.closeAllConnections()
  await new Promise((done) => provider.close(done))
})

/** Goes through the provider's own pages as a person would. @returns the address it sends the browser back to */
async function signInThere(url: string, login: string): Promise<URL> {
  const cookies = new Map<string, string>()
  let next: { url: string; form?: Record<string, string> } = { url }
  for (let step = 0; step < 12; step += 1) {
    const answer = await fetch(next.url, {
      ...{
        redirect: 'manual',
        headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      },
      ...(next.form ? { method: 'POST', body: new URLSearchParams(next.form) } : {}),
    })
    for (const line of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=')
      cookies.set(name, value)
    }
    const location = answer.headers.get('location')
    if (location?.startsWith(callback)) return new URL(location)
    if (location) next = { url: new URL(location, issuer).href }
    else {
      const page = await answer.text()
      const action = /action="([^"]+)"/.exec(page)?.[1]
      const prompt = /name="prompt" value="([^"]+)"/.exec(page)?.[1] ?? ''
      if (!action) throw new Error(page)
      next = {
        url: new URL(action, issuer).href,
        form: { prompt, ...(prompt === 'login' ? { login, password: 'x' } : {}) },
      }
    }
  }
  throw new Error('the provider never sent the browser back')
}

async function goThrough(login: string, browser: Browser = world.browser()) {
  const begun = await browser.send('GET', begin)
  expect(begun.statusCode).toBe(303)
  const back = await signInThere(String(begun.headers.location), login)
  return { browser, begun, back, answer: await browser.send('GET', `${back.pathname}${back.search}`) }
}

const invite = (place: string | null = 'north') =>
  world.accounts.users.invite(
    { email: 'liisa@example.org', name: 'Liisa', language: 'fi', role: 'viewer', place },
    machine,
  )
const auditOf = async (email: string) =>
  (await world.temp.store.read.accounts.audit({ before: null, limit: 99 }))
    .filter(({ on }) => on === `user ${email}`)
    .map(({ what, detail }) => `${what} ${detail}`)
const stateOf = async ({ send }: Browser) => (await send('GET', '/api/v1/session')).json()
const refused = (problem: string) => ({ statusCode: 303, location: `/sign-in?problem=${problem}` })
const told = ({ statusCode, headers }: { statusCode: number; headers: object }) => ({
  ...{ statusCode, location: (headers as { location?: string }).location },
})

describe('sign-in at the provider', () => {
  it('lets the user of the verified address in, with PKCE, state and nonce', async () => {
    await openWorld()
    await world.signedIn('admin')
    await invite()
    expect(await stateOf(world.browser())).toMatchObject({ state: 'signed-out', oidc: 'Example Inc.' })
    const { browser, begun, answer } = await goThrough('liisa')
    const asked = new URL(String(begun.headers.location)).searchParams
    expect(asked.get('code_challenge_method')).toBe('S256')
    expect(
      [asked.get('state'), asked.get('nonce'), asked.get('code_challenge')].every(
        (value) => (value?.length ?? 0) >= 43,
      ),
    ).toBe(true)
    expect(begun.headers['set-cookie']).toMatch(
      /^smilepost-oidc=[\w-]{43}; Max-Age=600; Path=\/api\/v1\/session\/oidc; HttpOnly; SameSite=Lax$/,
    )
    expect(told(answer)).toEqual({ statusCode: 303, location: '/' })
    expect(await stateOf(browser)).toMatchObject({
      state: 'signed-in',
      user: { email: 'liisa@example.org', role: 'viewer', place: 'north' },
    })
    // Known by the provider's own name for them from now on, whatever becomes of the address.
    people.liisa = { ...people.liisa, email: 'married@example.org' }
    expect((await stateOf((await goThrough('liisa')).browser)).user.email).toBe('liisa@example.org')
    people.liisa = { ...people.liisa, email: 'Liisa@example.org' }
    expect(await auditOf('liisa@example.org')).toEqual([
      ...['signed-in-at-provider {}', 'signed-in-at-provider {}'],
      ...[
        expect.stringMatching(/^provider-linked {"subject":"http.+ liisa"}$/),
        'user-invited {"role":"viewer","place":"north"}',
      ],
    ])
    expect(told((await goThrough('heir')).answer)).toEqual(refused('no-account'))
  })

  it('refuses an address that is not verified, and whoever has no account', async () => {
    await openWorld()
    await world.signedIn('admin')
    await invite()
    const { browser, answer } = await goThrough('mallory')
    expect([told(answer), (await stateOf(browser)).state]).toEqual([refused('no-account'), 'signed-out'])
    expect(told((await goThrough('stranger')).answer)).toEqual(refused('no-account'))
    expect(await world.temp.store.read.accounts.users()).toHaveLength(2)
  })

  it('makes an account of the configured role, but never the first one', async () => {
    await openWorld({ role: 'viewer', place: 'south' })
    expect(told((await goThrough('liisa')).answer)).toEqual(refused('no-account'))
    await world.signedIn('admin')
    const { browser } = await goThrough('liisa')
    expect((await stateOf(browser)).user).toMatchObject({ email: 'liisa@example.org', role: 'viewer', place: 'south' })
    expect(await auditOf('liisa@example.org')).toEqual([
      ...['signed-in-at-provider {}', 'user-created {"role":"viewer","place":"south"}'],
    ])
  })

  it('takes a name only as an invitation would, and no address that it would not', async () => {
    await openWorld({ role: 'viewer', place: null })
    await world.signedIn('admin')
    people.rude = { email: 'rude@example.org', email_verified: true, name: 'Eve\u001b[2J<b>' }
    const { browser } = await goThrough('rude')
    expect((await stateOf(browser)).user).toMatchObject({ name: 'rude@example.org' })
    people.many = { email: 'a@example.org,b@example.org', email_verified: true, name: 'Many' }
    expect(told((await goThrough('many')).answer)).toEqual(refused('no-account'))
  })

  it('is finished once, and by the browser that began it', async () => {
    await openWorld()
    await world.signedIn('admin')
    await invite()
    const { browser, back } = await goThrough('liisa')
    const again = `${back.pathname}${back.search}`
    expect(told(await browser.send('GET', again))).toEqual(refused('provider'))
    const [attacker, victim] = [world.browser(), world.browser()]
    const begun = await attacker.send('GET', begin)
    const stolen = await signInThere(String(begun.headers.location), 'liisa')
    expect(told(await victim.send('GET', `${stolen.pathname}${stolen.search}`))).toEqual(refused('provider'))
    // A browser in the middle of its own sign-in does not take the answer to another's.
    await victim.send('GET', begin)
    expect(told(await victim.send('GET', `${stolen.pathname}${stolen.search}`))).toEqual(refused('provider'))
    expect((await stateOf(victim)).state).toBe('signed-out')
    expect(told(await attacker.send('GET', `${stolen.pathname}?code=made-up&state=made-up`))).toEqual(
      refused('provider'),
    )
  })

  it('goes on by password when the provider is away, or knows another secret', async () => {
    await openWorld(null, 'another-secret')
    await world.signedIn('admin')
    await invite()
    expect(told((await goThrough('liisa')).answer)).toEqual(refused('provider'))
    await world.close()
    world = await openAccountApp({
      oidc: { name: 'X', issuer: 'http://127.0.0.1:1', clientId: 'smilepost', clientSecret: 'x', newcomers: null },
    })
    await world.signedIn('admin')
    expect(told(await world.browser().send('GET', begin))).toEqual(refused('provider'))
    const elsewhere = await world.browser({ host: '127.0.0.1:8080' }).send('GET', begin)
    expect(told(elsewhere)).toEqual({ statusCode: 303, location: `http://localhost:8080${begin}` })
  })
})
