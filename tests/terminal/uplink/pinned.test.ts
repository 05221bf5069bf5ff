/** A broker known by its key, for a terminal whose clock is wrong. The broker's truth is days away from this machine's clock. */
import { execFileSync } from 'node:child_process'
import { createHash, createPublicKey } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { systemClock } from '../../../src/shared/clock.ts'
import { parseTerminalConfig } from '../../../src/terminal/config.ts'
import { startTerminal } from '../../../src/terminal/main.ts'
import { type Certificate, makeCertificate } from '../../support/make-certificate.ts'
import { makeScriptedPorts } from '../../support/scripted-port.ts'
import { boxPress, makeFolder, openTestOutbox } from '../outbox/open-outbox.ts'
import { makeLogKeeper, openTestBroker, openTestCentral, openTestUplink, terminal } from './open-uplink.ts'
import { honest } from './scripted-broker.ts'
import type { ScriptedCentral } from './scripted-central.ts'

const until = (check: () => void) => vi.waitFor(check, { timeout: 8_000, interval: 10 })
const dayMs = 24 * 3_600_000
const authority = makeCertificate('Authority of our own')

const pinOf = ({ key }: Certificate) => {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' })
  return `sha256/${createHash('sha256').update(spki).digest('base64')}`
}
/** Of a broker for which it is `daysAhead` days later than on this machine. */
const validThen = (daysAhead: number, options: Partial<Parameters<typeof makeCertificate>[1]> = {}) => {
  const thenMs = Date.now() + daysAhead * dayMs
  const dates = { fromMs: thenMs - dayMs, toMs: thenMs + dayMs }
  return makeCertificate('broker', { host: '127.0.0.1', issuer: authority, ...dates, ...options })
}

/** A central, by TLS, for which it is another day; counts what came in clear after the handshake. */
async function openFront({ cert, key }: Certificate, daysAhead: number) {
  const central = await openTestCentral()
  central.wallMs = () => Date.now() + daysAhead * dayMs
  const received = { bytes: 0 }
  const server = createServer({ cert, key }, (socket) => {
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk) => {
      received.bytes += chunk.length
    })
    central.take(socket)
  })
  server.on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1')
  await until(() => expect(server.listening).toBe(true))
  onTestFinished(() => void server.close())
  return { central, received, url: `mqtts://127.0.0.1:${(server.address() as { port: number }).port}` }
}

const leavesOf = ({ statuses, batches, healths }: ScriptedCentral) => [statuses.length, batches.length, healths.length]
const pressesOf = (central: ScriptedCentral) => [...central.stored.values()].filter(({ kind }) => kind === 'press')

describe('a broker known by its key', () => {
  it.each([
    ['the past, where its certificate is not valid yet', 20],
    ['the future, where its certificate has expired', -20],
  ])('takes the presses of a terminal that woke up in %s', async (_, daysAhead) => {
    const certificate = validThen(daysAhead)
    const { central, url } = await openFront(certificate, daysAhead)
    const { lines, logger } = makeLogKeeper()
    const strict = openTestUplink([url], { ca: authority.cert, logger })
    await until(() => expect(strict.uplink.counters()['left-tls-clock']).toBeGreaterThan(0))
    expect(lines.find(({ fields }) => fields.reason === 'tls-clock')?.text).toContain('broker.pins')
    await strict.uplink.close(500)
    expect(central.connections()).toBe(0)

    central.isWelcoming = false
    const { uplink, append, outbox } = openTestUplink([url], { pins: [pinOf(certificate)] })
    append(boxPress(1))
    await until(() => expect(central.hellos.length).toBeGreaterThan(2))
    // The time is not known: the question for it is all that went out.
    expect([leavesOf(central), central.published()]).toEqual([[0, 0, 0], central.hellos.length])
    central.isWelcoming = true
    await until(() => expect(pressesOf(central)).toHaveLength(1))
    await until(() => expect(central.statuses).toMatchObject([{ status: 'online' }]))
    await until(() => expect(outbox.undelivered().count).toBe(0))
    const anchor = [...central.stored.values()].find(({ kind }) => kind === 'anchor')
    expect(Math.abs((anchor as { utcMs: number }).utcMs - Date.now() - daysAhead * dayMs)).toBeLessThan(60_000)
    expect(uplink.counters()).toMatchObject({ welcomed: 1, 'connect-failed': 0 })
  })

  it('may have any name and issuer, and the second of two keys', async () => {
    const certificate = validThen(0, { host: 'elsewhere.example', issuer: makeCertificate('Stranger') })
    const { url } = await openFront(certificate, 0)
    const pins = [pinOf(makeCertificate('the next one', { host: 'x' })), pinOf(certificate)]
    const { uplink } = openTestUplink([url], { pins })
    await until(() => expect(uplink.isConnected()).toBe(true))
  })

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'by %s it is not one with another key, however good its certificate: it gets not a byte',
    async (maxVersion) => {
      const impostor = validThen(0)
      const { cert, key } = impostor
      const broker = await openTestBroker(honest, { tls: { cert, key, maxVersion } })
      const { lines, logger } = makeLogKeeper()
      const options = { pins: [pinOf(makeCertificate('ours', { host: 'x' }))], ca: authority.cert, logger }
      const { uplink } = openTestUplink([`mqtts://127.0.0.1:${broker.port}`], options)
      await until(() => expect(uplink.counters()['left-tls-pin']).toBeGreaterThan(2))
      expect([broker.bytes(), uplink.counters().connected]).toEqual([0, 0])
      expect(lines.find(({ fields }) => fields.reason === 'tls-pin')?.text).toContain(pinOf(impostor))
    },
  )

  it('is left when the time that its central tells is not one of its certificate, and gets no press', async () => {
    const certificate = validThen(0, { toMs: Date.now() - 3_600_000 })
    const { central, received, url } = await openFront(certificate, 5)
    const { lines, logger } = makeLogKeeper()
    const pins = [pinOf(certificate)]
    const { uplink, append } = openTestUplink([url], { pins, logger })
    append(boxPress(1))
    await until(() => expect(uplink.counters()['left-tls-clock']).toBeGreaterThan(1))
    const text = lines.find(({ fields }) => fields.reason === 'tls-clock')?.text ?? ''
    expect(text).toContain('expired')
    expect(text).toContain(new Date(Date.now() + 5 * dayMs).toISOString().slice(0, 13))
    // The will, which the broker had with the greeting, is all that it could say.
    expect(new Set(central.statuses.map(({ status }) => status))).toEqual(new Set(['offline']))
    expect([leavesOf(central).slice(1), uplink.counters().welcomed]).toEqual([[0, 0], 0])
    await uplink.close(500)
    // A terminal that knows the time by now does not even say its name there, until it doubts what it knows.
    received.bytes = 0
    const timing = { firstDelayMs: 60_000, maxDelayMs: 60_000 }
    const knowing = openTestUplink([url], { pins, timing, knownUtcMs: () => Date.now() + 5 * dayMs })
    await until(() => expect(knowing.uplink.counters()['left-tls-clock']).toBe(1))
    expect(received.bytes).toBe(0)
  })

  it('gets nothing believed before its certificate is judged by the time: no mark, no anchor, no configuration', async () => {
    const certificate = validThen(0, { toMs: Date.now() - 3_600_000 })
    const { central, url } = await openFront(certificate, 5)
    const outbox = openTestOutbox()
    outbox.append(boxPress(1))
    central.marks.set(outbox.epoch(), 1)
    const thenMs = central.wallMs()
    const survey = { question: 'service', revision: 1, scaleMax: 4, texts: [{ language: 'en', text: 'How was it?' }] }
    central.wallMs = () => {
      central.send('desired', { rev: 9, survey })
      return thenMs
    }
    const { uplink, desired } = openTestUplink([url], { outbox, pins: [pinOf(certificate)] })
    await until(() => expect(uplink.counters()['left-tls-clock']).toBeGreaterThan(1))
    expect([outbox.undelivered().count, desired, outbox.desired()]).toEqual([1, [], null])
    expect(outbox.nextBatch(200)?.records.map(({ kind }) => kind)).toEqual(['press'])
    expect(uplink.counters()['desired-early']).toBeGreaterThan(0)
  })

  it('is found again by a terminal that a central once told a wrong time', async () => {
    const certificate = validThen(0)
    const { central, url } = await openFront(certificate, 0)
    const dead = 'mqtts://127.0.0.1:1'
    let knownUtcMs: number | null = null
    const { uplink, append } = openTestUplink([url, dead], {
      ...{ pins: [pinOf(certificate)], knownUtcMs: () => knownUtcMs },
    })
    await until(() => expect(uplink.isConnected()).toBe(true))
    knownUtcMs = Date.UTC(2020, 0, 1)
    central.isWelcoming = false
    central.cut()
    await until(() => expect(uplink.counters()['left-tls-clock']).toBe(1))
    const before = leavesOf(central).slice(1)
    append(boxPress(1))
    const hellos = central.hellos.length
    await until(() => expect(central.hellos.length).toBeGreaterThan(hellos))
    expect(leavesOf(central).slice(1)).toEqual(before)
    central.isWelcoming = true
    await until(() => expect(pressesOf(central)).toHaveLength(1))
    expect(uplink.counters()['left-tls-clock']).toBe(1)
  })

  it('says what went wrong before it could show a key', async () => {
    const plain = await openTestBroker(() => 'close')
    const pins = [pinOf(authority)]
    const noTls = openTestUplink([`mqtts://127.0.0.1:${plain.port}`], { pins, timing: { connectDeadlineMs: 500 } })
    const nobody = openTestUplink(['mqtts://127.0.0.1:1'], { pins })
    await until(() => expect(nobody.uplink.counters()['left-unreachable']).toBeGreaterThan(0))
    await until(() => expect(noTls.uplink.counters()['connect-failed']).toBeGreaterThan(0))
    expect(plain.packets.some(({ body }) => body.includes(terminal))).toBe(false)
  })
})

describe('broker.pins in the configuration', () => {
  it('brings a daemon that begins in 1970 to its central', async () => {
    const certificate = validThen(3)
    const { central, url } = await openFront(certificate, 3)
    const sections = [
      `[terminal]\nid = "${terminal}"\nsecret = "s"\ndata = "${makeFolder()}"`,
      `[kiosk]\nport = 0\n[broker]\nurls = ["${url}"]\npins = ["${pinOf(certificate)}"]`,
    ]
    const config = parseTerminalConfig(sections.join('\n'), 'test')
    const clock = { wallMs: () => systemClock.monoMs(), monoMs: systemClock.monoMs }
    const { logger } = makeLogKeeper()
    const daemon = await startTerminal({ config, logger, clock, openPort: makeScriptedPorts().openPort })
    onTestFinished(() => daemon.stop())
    await until(() => expect([...central.stored.values()].map(({ kind }) => kind)).toContain('anchor'))
    await until(() => expect(daemon.undelivered()).toBe(0))
  })

  it('is what the command in config/terminal.toml prints', () => {
    const certificate = validThen(0)
    const folder = makeFolder()
    writeFileSync(join(folder, 'broker.pem'), certificate.cert)
    const example = readFileSync(join(import.meta.dirname, '../../../config/terminal.toml'), 'utf8')
    const command = /^# {3}(openssl x509 -in broker\.pem .*)$/m.exec(example)?.[1] ?? 'no command'
    const printed = execFileSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8' })
    expect(`sha256/${printed.trim()}`).toBe(pinOf(certificate))
  })
})
