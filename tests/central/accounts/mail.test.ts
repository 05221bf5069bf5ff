import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { MailOptions } from '../../../src/central/accounts/mailer.ts'
import { writeLinkMail } from '../../../src/words/mail/mail-words.ts'
import { type AccountApp, goodPassword, openAccountApp } from './account-app.ts'

type Taken = { to: string[]; from: string; text: string; user: string | undefined }

let server: SMTPServer
let taken: Taken[]
let world: AccountApp
let admin: Awaited<ReturnType<AccountApp['signedIn']>>

/** A mail's text as its reader sees it: quoted-printable is undone, and its subject. */
function decode(raw: string): string {
  const bytes = raw
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString()
}

async function openMail(change: Partial<MailOptions> = {}): Promise<void> {
  taken = []
  server = new SMTPServer({
    ...{ authOptional: false, allowInsecureAuth: true, hideSTARTTLS: true, disableReverseLookup: true },
    onAuth: ({ username, password }, _session, done) =>
      password === 'relay-password' ? done(null, { user: username }) : done(new Error('no')),
    onData(stream, session, done) {
      let raw = ''
      stream.on('data', (chunk: Buffer) => {
        raw += chunk.toString('latin1')
      })
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        const to = rcptTo.map(({ address }) => address)
        taken.push({ to, from: mailFrom ? mailFrom.address : '', text: decode(raw), user: session.user })
        done()
      })
    },
  })
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  const account = { username: 'smilepost', password: 'relay-password', from: 'Smilepost <smilepost@example.org>' }
  const mail = { host: '127.0.0.1', port, security: 'none' as const, ...account, ...change, write: writeLinkMail }
  world = await openAccountApp({ mail })
  // The administrator's own invitation went by mail too, which nobody reads here.
  const link = await world.accounts.makeAdminLink({ by: 'test', from: 'local' })
  const given = {
    secret: link.url.split('#')[1] ?? '',
    email: 'ada@example.org',
    name: 'Ada',
    language: 'en',
    password: goodPassword,
  }
  const entered = await world.accounts.links.setUp(given, { device: { address: '::1', agent: '' }, before: null })
  if (!entered.ok) throw new Error(entered.detail)
  const browser = world.browser()
  browser.cookies.set('smilepost-session', entered.secret)
  admin = { ...browser, email: given.email, id: '' }
}

afterEach(async () => {
  vi.useRealTimers()
  await world.close()
  await new Promise<void>((done) => server.close(done))
})

const linkIn = (text: string) => /http:\/\/localhost:8080\/(?:invitation|reset)#([\w-]+)/.exec(text)?.[1] ?? ''
/** Mails of resets go out after a while that tells nothing. */
const soon = { timeout: 10_000 }
const person = { email: 'liisa@example.org', name: 'Liisa Äijö', language: 'fi', role: 'viewer', place: 'north' }

describe('mail', () => {
  beforeEach(() => openMail())

  it('carries an invitation in the language of whom it is for, and shows the link to nobody else', async () => {
    const invited = await admin.send('POST', '/api/v1/users', person)
    expect(invited.json()).toMatchObject({ mailed: true, url: null, user: { state: 'invited', place: 'north' } })
    expect(taken).toMatchObject([{ to: [person.email], from: 'smilepost@example.org', user: 'smilepost' }])
    expect(taken[0]?.text).toContain('Hei Liisa Äijö,')
    expect(taken[0]?.text).toMatch(/9\. maaliskuuta 2026.* UTC asti/)
    const secret = linkIn(taken[0]?.text ?? '')
    const browser = world.browser()
    expect((await browser.send('POST', '/api/v1/links', { secret })).json()).toEqual({
      kind: 'invite',
      email: person.email,
      name: person.name,
    })
    const accept = { secret, name: 'Liisa', language: 'fi', password: goodPassword }
    expect((await browser.send('POST', '/api/v1/invitation', accept)).statusCode).toBe(204)
    expect((await browser.send('GET', '/api/v1/session')).json().user).toMatchObject({
      name: 'Liisa',
      role: 'viewer',
      place: 'north',
    })
    expect((await browser.send('POST', '/api/v1/invitation', accept)).statusCode).toBe(410)
  })

  it('resets a password once, within the hour, and ends every session', async () => {
    const ask = (email: string) => world.browser().send('POST', '/api/v1/password-reset/request', { email })
    const [mine, nobodys] = [await ask(' ADA@example.org'), await ask('nobody@example.org')]
    expect([mine.statusCode, mine.body]).toEqual([202, nobodys.body])
    expect(nobodys.statusCode).toBe(202)
    await expect.poll(() => taken.length, soon).toBe(1)
    const secret = linkIn(taken[0]?.text ?? '')
    expect(
      (
        await world
          .browser()
          .send('POST', '/api/v1/invitation', { secret, name: 'A', language: 'en', password: goodPassword })
      ).statusCode,
    ).toBe(410)
    const browser = world.browser()
    const reset = () => browser.send('POST', '/api/v1/password-reset', { secret, password: 'nine calm otters' })
    expect((await reset()).statusCode).toBe(204)
    expect((await admin.send('GET', '/api/v1/touchpoints')).statusCode).toBe(401)
    expect((await browser.send('GET', '/api/v1/touchpoints')).statusCode).toBe(200)
    expect((await reset()).statusCode).toBe(410)
    await ask('ada@example.org')
    await expect.poll(() => taken.length, soon).toBe(2)
    world.pass(3_600_000)
    const late = { secret: linkIn(taken[1]?.text ?? ''), password: 'ten calm otters' }
    expect((await browser.send('POST', '/api/v1/password-reset', late)).statusCode).toBe(410)
  })

  it('is sent a few times an hour only, and nobody is told which request was one too many', async () => {
    const asked = vi.spyOn(world.accounts, 'requestReset').mockResolvedValue()
    const ask = async (address: string) => {
      const remoteAddress = address
      const headers = { host: 'localhost' }
      const payload = { email: 'ada@example.org' }
      const url = '/api/v1/password-reset/request'
      return (await world.app.inject({ method: 'POST', url, headers, payload, remoteAddress })).statusCode
    }
    for (let i = 0; i < 6; i += 1) expect(await ask('203.0.113.9')).toBe(202)
    // What a stranger used up is not the owner's.
    expect(await ask('198.51.100.7')).toBe(202)
    await expect
      .poll(() => asked.mock.calls.map(([, from]) => from).sort(), soon)
      .toEqual(['198.51.100.7', ...Array.from({ length: 4 }, () => '203.0.113.9')])
    await new Promise((done) => setTimeout(done, 1_000))
    expect(asked).toHaveBeenCalledTimes(5)
  })

  it('is looked for only after the answer, and no longer once the service stops', async () => {
    const asked = vi.spyOn(world.accounts, 'requestReset').mockResolvedValue()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const ask = () => world.browser().send('POST', '/api/v1/password-reset/request', { email: 'ada@example.org' })
    expect((await ask()).statusCode).toBe(202)
    vi.advanceTimersByTime(99)
    expect(asked).not.toHaveBeenCalled()
    vi.advanceTimersByTime(901)
    expect(asked).toHaveBeenCalledTimes(1)
    await ask()
    await world.app.close()
    vi.advanceTimersByTime(1_000)
    expect(asked).toHaveBeenCalledTimes(1)
  })

  it('goes to one address, whatever it looks like', async () => {
    for (const email of ['a@x.org,b@x.org', 'a@x.org\r\nBcc: b@x.org', '<a@x.org>', 'a b@x.org'])
      expect((await admin.send('POST', '/api/v1/users', { ...person, email })).json().errors[0].field).toBe('email')
    expect(
      (await admin.send('POST', '/api/v1/users', { ...person, name: 'A\r\nBcc: b@x.org' })).json().errors[0].field,
    ).toBe('name')
    expect(taken).toEqual([])
  })
})

describe('without a mail server', () => {
  it('the administrator is shown the link, and the log tells why', async () => {
    await openMail({ password: 'wrong' })
    const invited = (await admin.send('POST', '/api/v1/users', person)).json()
    expect(invited).toMatchObject({ mailed: false, url: expect.stringContaining('/invitation#') })
    expect(world.accounts.counters.get('mail-failed')).toBe(1)
  })
})
