/** `smilepost broker check` and `terminals create --mosquitto-passwd` as the owner of a Mosquitto types them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mqtt from 'mqtt'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openBroker } from '../../src/central/broker/open-broker.ts'
import { systemClock } from '../../src/shared/clock.ts'
import { hasMosquitto, type MosquittoOptions, openMosquitto } from '../support/mosquitto.ts'
import { silentLogger } from '../support/silent-logger.ts'
import { runSmilepost, waitFor } from '../support/smilepost-process.ts'

let folder: string
const closing: (() => Promise<void>)[] = []
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const names = ['smilepost-probe-1', 'smilepost-probe-2', 'smilepost-witness']
const users = Object.fromEntries(names.map((name) => [name, `of ${name}`]))
const probeOptions = names.slice(0, 2).flatMap((name) => ['--probe', `${name}:of ${name}`])
const quick = ['--quiet-ms', '50']
const open = async (options: MosquittoOptions = {}) => {
  const mosquitto = await openMosquitto({ users, ...options })
  closing.push(mosquitto.close)
  return mosquitto
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'smilepost-broker-cli-'))
})
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
  rmSync(folder, { recursive: true, force: true })
})

describe('smilepost broker check', () => {
  it('explains itself', async () => {
    const { code, stdout } = await runSmilepost(['broker', 'check', '--help'])
    expect(code).toBe(0)
    expect(stdout).toContain('Examples:')
  })

  it.each([
    [[]],
    [['mqtt://127.0.0.1:1']],
    [['nonsense', ...probeOptions]],
    [['mqtt://127.0.0.1:1?clientId=kiosk-1', ...probeOptions]],
    [['mqtt://127.0.0.1:1', '--probe', 'a:b', '--probe', 'a:b']],
    [['mqtt://127.0.0.1:1', '--probe', 'nameless']],
    [['mqtt://127.0.0.1:1', '--config', 'x.toml']],
    [['mqtt://127.0.0.1:1', '--accounts', 'x.toml', ...probeOptions]],
    [['mqtt://127.0.0.1:1', ...probeOptions, '--quiet-ms', '1']],
  ])('%j is wrong usage, exit 2', async (args) => {
    const { code, stdout, stderr } = await runSmilepost(['broker', 'check', ...args])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^error: /)
  })

  it('does not repeat a password in a URL', async () => {
    const { code, stdout, stderr } = await runSmilepost([
      'broker',
      'check',
      'mqtt://me:secret@127.0.0.1:1',
      ...probeOptions,
    ])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^error: URL 1 is not a URL such as .* without a user name, password or query/)
    expect(stderr).not.toContain('secret')
  })

  it('takes the accounts from the environment or a file, which nobody else sees, and names these first', async () => {
    const { stdout: help } = await runSmilepost(['broker', 'check', '--help'])
    expect(help.indexOf('--accounts')).toBeLessThan(help.indexOf('--probe'))
    expect(help.indexOf('SMILEPOST_PROBE_1')).toBeGreaterThan(0)
    const broker = await openBroker({
      ...{ host: '127.0.0.1', port: 0, clock: systemClock, logger: silentLogger, onMessage: () => undefined },
      authenticate: async (terminal, secret) => secret === `of: ${terminal}`,
    })
    closing.push(broker.close)
    const args = ['broker', 'check', `mqtt://127.0.0.1:${broker.port}`, ...quick]
    const environment = { SMILEPOST_PROBE_1: 'a-1:of: a-1', SMILEPOST_PROBE_2: 'a-2:of: a-2' }
    expect(await runSmilepost(args, environment)).toMatchObject({ code: 0, stderr: '' })
    const account = (name: string) => `{ username = "${name}", password = "of: ${name}" }`
    const accounts = file('check.toml', `probes = [${account('a-1')}, ${account('a-2')}]\n`)
    // Over the environment.
    const wrong = { SMILEPOST_PROBE_1: 'a-1:x', SMILEPOST_PROBE_2: 'a-2:x' }
    expect(await runSmilepost([...args, '--accounts', accounts], wrong)).toMatchObject({ code: 0, stderr: '' })
    const half = await runSmilepost([...args, '--accounts', file('half.toml', 'probes = []\n')])
    expect(half).toMatchObject({ code: 78, stdout: '' })
    const nameless = await runSmilepost(args, { ...environment, SMILEPOST_PROBE_2: 'secret' })
    expect(nameless).toMatchObject({ code: 2, stdout: '' })
    expect(nameless.stderr).toMatch(/^error: SMILEPOST_PROBE_2: an account is written name:password\.\n/)
  }, 40_000)

  it('finds the embedded broker whole, and one that is away not checked', async () => {
    const broker = await openBroker({
      ...{ host: '127.0.0.1', port: 0, clock: systemClock, logger: silentLogger, onMessage: () => undefined },
      authenticate: async (terminal, secret) => secret === `of ${terminal}`,
    })
    closing.push(broker.close)
    const url = `mqtt://127.0.0.1:${broker.port}`
    const whole = await runSmilepost(['broker', 'check', url, ...probeOptions, ...quick])
    expect(whole).toMatchObject({ code: 0, stderr: '' })
    expect(whole.stdout.match(/^ {2}proven /gm)).toHaveLength(10)
    const both = await runSmilepost(['broker', 'check', 'mqtt://127.0.0.1:1', url, ...probeOptions, ...quick, '--json'])
    expect(both.code).toBe(1)
    expect(JSON.parse(both.stdout)).toMatchObject([
      { url: 'mqtt://127.0.0.1:1', isProven: false, error: expect.stringContaining('ECONNREFUSED'), rules: [] },
      { url, isProven: true },
    ])
  })
})

describe.runIf(hasMosquitto())('beside a Mosquitto', () => {
  const makeConfig = (urls: string[], check = true) => {
    const account = (name: string) => `{ username = "${name}", password = "of ${name}" }`
    const accounts = `[broker.external.check]\nwitness = ${account('smilepost-witness')}\nprobes = [${names.slice(0, 2).map(account)}]\n`
    const tables = urls.map(
      (url) => `[[broker.external]]\nurl = "${url}"\nusername = "central"\n${check ? accounts : ''}`,
    )
    return file('central.toml', `data = ${JSON.stringify(join(folder, 'data'))}\n${tables.join('')}`)
  }

  it('checks every broker of a configuration, and tells of each hole what to do', async () => {
    const strict = await open()
    const loose = await open({
      change: (config) =>
        `${config.split('\n').find((line) => line.startsWith('listener'))}\nallow_anonymous true\nuser root\n`,
    })
    const config = makeConfig([strict.url, loose.url])
    const { code, stdout } = await runSmilepost(['broker', 'check', '--config', config, ...quick])
    expect(code).toBe(1)
    const [ofStrict = '', ofLoose = ''] = stdout.split(loose.url)
    expect(ofStrict.match(/^ {2}proven /gm)).toHaveLength(10)
    expect(ofLoose.match(/^ {2}NOT PROVEN /gm)).toHaveLength(9)
    expect(ofLoose.match(/^ +what to do: /gm)).toHaveLength(9)
  }, 40_000)

  it('names the brokers of a configuration that have no accounts to check with', async () => {
    const { code, stderr } = await runSmilepost([
      'broker',
      'check',
      '--config',
      makeConfig(['mqtt://127.0.0.1:1'], false),
    ])
    expect(code).toBe(78)
    expect(stderr).toContain('broker.external.0.check: missing')
  })

  it('gives a terminal its account where it is created, and it can connect', async () => {
    const [first, second] = [await open(), await open()]
    const config = makeConfig([first.url, second.url])
    const passwords = [first, second].flatMap((broker) => ['--mosquitto-passwd', broker.passwords])
    const before = readFileSync(first.passwords, 'utf8')
    const create = (id: string, ...more: string[]) =>
      runSmilepost(['terminals', 'create', id, '--config', config, '--json', ...more])
    const { stdout } = await create('kiosk-1', ...passwords)
    const { secret } = JSON.parse(stdout) as { secret: string }
    expect(readFileSync(first.passwords, 'utf8').startsWith(before)).toBe(true)
    expect(readFileSync(first.passwords, 'utf8')).not.toContain(secret)
    for (const broker of [first, second]) {
      broker.reload()
      await waitFor('the terminal to get in', 5_000, () => canConnect(broker.url, 'kiosk-1', secret))
      expect(await canConnect(broker.url, 'kiosk-1', 'x')).toBe(false)
    }
    // Nothing is created where its account can't be written.
    const nowhere = await create('kiosk-2', '--mosquitto-passwd', join(folder, 'nowhere/passwords'))
    expect(nowhere).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('nowhere/passwords') })
    expect(await create('kiosk-2')).toMatchObject({ code: 0 })
  }, 40_000)

  it('never takes an account from somebody else for a new terminal', async () => {
    const config = makeConfig(['mqtt://127.0.0.1:1'])
    const passwords = file('passwords', 'smilepost-central:x\ncentral:x\nkiosk-1:x\n')
    const refused: [string, RegExp][] = [
      ['smilepost-central', /^smilepost: smilepost-central: names that begin with smilepost- are kept/],
      ['smilepost-new', /^smilepost: smilepost-new: names that begin with smilepost- are kept/],
      ['central', /^smilepost: central: an account of the configured brokers has this name/],
      ['kiosk-1', /^smilepost: .*passwords has an account kiosk-1 already.*mosquitto_passwd -D .*passwords kiosk-1\n$/],
    ]
    const create = (id: string) =>
      runSmilepost(['terminals', 'create', id, '--config', config, '--mosquitto-passwd', passwords])
    for (const [id, message] of refused) {
      expect(await create(id), id).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(message) })
      expect(readFileSync(passwords, 'utf8')).toBe('smilepost-central:x\ncentral:x\nkiosk-1:x\n')
    }
    // Refused before it was created: the name is free where its account is gone.
    writeFileSync(passwords, '')
    expect(await create('kiosk-1')).toMatchObject({ code: 0 })
  }, 40_000)

  it('creates several at once, each with its account', async () => {
    const config = makeConfig(['mqtt://127.0.0.1:1'])
    const passwords = file('passwords', 'a:x\n')
    const ids = [1, 2, 3, 4].map((n) => `kiosk-${n}`)
    await runSmilepost(['terminals', 'create', 'first', '--config', config])
    const results = await Promise.all(
      ids.map((id) => runSmilepost(['terminals', 'create', id, '--config', config, '--mosquitto-passwd', passwords])),
    )
    expect(results.map(({ code, stderr }) => [code, stderr.split('\n').length])).toEqual(ids.map(() => [0, 2]))
    const names = readFileSync(passwords, 'utf8')
      .split('\n')
      .map((line) => line.split(':')[0])
    expect(names.sort()).toEqual(['', 'a', ...ids])
  }, 40_000)
})

function canConnect(url: string, name: string, password: string): Promise<boolean> {
  return new Promise((resolve) => {
    const client = mqtt.connect(url, {
      clientId: name,
      username: name,
      password,
      protocolVersion: 4,
      reconnectPeriod: 0,
    })
    const settle = (isIn: boolean) => {
      client.end(true)
      resolve(isIn)
    }
    client.on('error', () => settle(false))
    client.once('connect', () => settle(true))
  })
}
