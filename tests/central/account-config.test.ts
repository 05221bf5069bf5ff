import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseCentralConfig } from '../../src/central/config.ts'
import { startCentral } from '../../src/central/main.ts'
import { silentLogger } from '../support/silent-logger.ts'

const parse = (text: string, environment = {}) => parseCentralConfig(text, 'central.toml', environment)
const mail = '[mail]\nhost = "mail.example.org"\nfrom = "a@example.org"\n'
const oidc = '[oidc]\nname = "X"\nissuer = "https://login.example.org"\nclientId = "smilepost"\n'

describe('the configuration of accounts', () => {
  it('shows tables in its example that are right once they are uncommented', () => {
    const text = readFileSync('config/central.toml', 'utf8')
    const lines = text.slice(text.indexOf('# [mail]')).split('\n')
    const active = lines.filter((line) => /^# (\[|\w+ = )/.test(line)).map((line) => line.slice(2))
    expect(parse(active.join('\n'))).toMatchObject({
      mail: { host: 'mail.example.org', security: 'starttls' },
      oidc: { issuer: 'https://login.example.org', newcomers: { role: 'viewer' } },
    })
    const publicUrl = /^# (publicUrl = .*)$/m.exec(text)?.[1]
    expect(parse(`[http]\n${publicUrl}`).http.publicUrl).toBe('https://smilepost.example.org')
  })

  it('takes secrets from the environment before those of the file', () => {
    const secrets = { SMILEPOST_MAIL_PASSWORD: 'm', SMILEPOST_OIDC_SECRET: 'o' }
    const { mail: mailer, oidc: provider } = parse(`${mail}password = "file"\n${oidc}clientSecret = "file"`, secrets)
    expect([mailer?.password, provider?.clientSecret]).toEqual(['m', 'o'])
  })

  it.each([
    ['[http]\npublicUrl = "http://smilepost.example.org"', 'http.publicUrl: expected the address that people open'],
    ['[http]\npublicUrl = "https://smilepost.example.org/path"', 'http.publicUrl: expected'],
    [`${oidc.replace('https', 'http')}`, 'oidc.issuer: expected the https address'],
    [`${oidc}newcomers = { role = "admin" }`, 'oidc.newcomers.role'],
    [`${mail}security = "ssl"`, 'mail.security'],
  ])('refuses %s', (text, fault) => {
    expect(() => parse(text)).toThrow(fault)
  })

  it.each([
    [`${mail}security = "none"`, /^mail\.security: none is for a relay on this machine/],
    [`${mail}username = "u"`, /^mail\.password: missing.*SMILEPOST_MAIL_PASSWORD/],
    [oidc, /^oidc\.clientSecret: missing.*SMILEPOST_OIDC_SECRET/],
  ])('of a service that starts is refused: %s', async (text, fault) => {
    await expect(startCentral({ config: parse(text), logger: silentLogger })).rejects.toMatchObject({
      ...{ code: 'config-invalid', faults: [expect.stringMatching(fault)] },
    })
  })
})
