import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/shared/config-file.ts'
import { parseTerminalConfig } from '../../src/terminal/config.ts'

const least = '[terminal]\nid = "exit-1"\nsecret = "s"\n[broker]\nurls = ["mqtt://127.0.0.1:1883"]\n'

function faultsOf(text: string, environment = {}): string[] {
  try {
    parseTerminalConfig(text, 'test.toml', environment)
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
  return []
}

describe('the configuration', () => {
  it('has a default for everything but name, secret and brokers', () => {
    expect(parseTerminalConfig(least, 'test.toml')).toEqual({
      terminal: { id: 'exit-1', secret: 's', data: 'smilepost-terminal' },
      serial: { device: '' },
      broker: { urls: ['mqtt://127.0.0.1:1883'], order: 'spread', ca: '', pins: [] },
      kiosk: { port: 8082, languages: [] },
      survey: { question: 'service', revision: 1 },
      reconnect: {
        ...{ outageSpreadMs: 60_000, firstDelayMs: 1_000, maxDelayMs: 300_000, connectDeadlineMs: 30_000 },
        ...{ welcomeDeadlineMs: 60_000, silenceDeadlineMs: 180_000, returnAfterMs: 21_600_000 },
      },
      disk: { ballastMb: 16, trimBelowMb: 64 },
      log: { level: 'info' },
    })
  })

  it('in the example file is valid and shows the defaults', () => {
    const example = readFileSync(join(import.meta.dirname, '../../config/terminal.toml'), 'utf8')
    const { terminal, ...rest } = parseTerminalConfig(example, 'terminal.toml')
    const { terminal: _, ...defaults } = parseTerminalConfig(least, 'test.toml')
    expect(rest).toEqual(defaults)
    expect(terminal.data).toBe('smilepost-terminal')
  })

  it('takes the secret from the environment, which wins', () => {
    const environment = { SMILEPOST_SECRET: 'from-environment' }
    expect(parseTerminalConfig(least, 'test.toml', environment).terminal.secret).toBe('from-environment')
    const without = least.replace('secret = "s"\n', '')
    expect(parseTerminalConfig(without, 'test.toml', environment).terminal.secret).toBe('from-environment')
  })

  it('is refused with all its faults at once', () => {
    const faults = faultsOf(
      '[terminal]\nid = "Exit 1"\nnick = "x"\n[broker]\nurls = ["http://x", "no url"]\n[kiosk]\nport = 70000\n[log]\nlevel = "loud"\n[wifi]\nssid = "x"',
    )
    for (const part of [
      'terminal.id',
      'terminal.nick: unknown',
      'terminal.secret: missing',
      'broker.urls.0',
      'broker.urls.1',
      'kiosk.port',
      'log.level',
      'wifi: unknown',
    ]) {
      expect(faults).toContainEqual(expect.stringContaining(part))
    }
  })

  it('is refused where brokers are given in a way that can not work or would print a secret', () => {
    const withBroker = (text: string) => faultsOf(`[terminal]\nid = "exit-1"\nsecret = "s"\n[broker]\n${text}`)
    for (const url of ['mqtt://exit-1:s@host', 'mqtt://host?clientId=x', 'mqtt:', 'tcp://host', 'mqtt://host#x']) {
      expect(withBroker(`urls = ["${url}"]`)).toEqual([
        expect.stringMatching(/^broker\.urls\.0: expected a URL such as/),
      ])
    }
    expect(withBroker('urls = ["mqtt://a", "mqtt://a"]')).toEqual([expect.stringMatching(/^broker\.urls: /)])
    const least = 'urls = ["mqtts://a"]'
    expect(withBroker(`${least}\norder = "random"`)).toEqual(['broker.order: expected one of spread, listed'])
    for (const file of ['no-such-file.pem', join(import.meta.dirname, 'config.test.ts')]) {
      expect(withBroker(`${least}\nca = "${file}"`)).toEqual([
        'broker.ca: expected a PEM file of certificates that can be read',
      ])
    }
    const pin = `sha256/${'A'.repeat(43)}=`
    expect(withBroker(`${least}\npins = ["${pin}"]`)).toEqual([])
    for (const wrong of [pin.slice(7), `${pin}=`, 'sha256/', `sha1/${'A'.repeat(27)}=`]) {
      expect(withBroker(`${least}\npins = ["${wrong}"]`)).toEqual([
        expect.stringMatching(/^broker\.pins\.0: expected sha256\//),
      ])
    }
    expect(withBroker(`urls = ["mqtts://a", "mqtt://b"]\npins = ["${pin}"]`)).toEqual([
      'broker: pins are for mqtts:// and wss:// alone, and one of the urls is neither',
    ])
  })

  it('is refused when it is empty, naming what must be given', () => {
    const faults = faultsOf('')
    for (const part of ['terminal.id: missing', 'terminal.secret: missing', 'broker.urls: missing']) {
      expect(faults).toContain(part)
    }
  })
})
