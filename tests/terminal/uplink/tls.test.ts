import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { parseTerminalConfig } from '../../../src/terminal/config.ts'
import { startTerminal } from '../../../src/terminal/main.ts'
import { type Certificate, makeCertificate } from '../../support/make-certificate.ts'
import { makeScriptedPorts } from '../../support/scripted-port.ts'
import { boxPress, makeFolder } from '../outbox/open-outbox.ts'
import { makeLogKeeper, openTestBroker, openTestCentral, openTestUplink, terminal } from './open-uplink.ts'
import { honest } from './scripted-broker.ts'
import type { ScriptedCentral } from './scripted-central.ts'

const until = (check: () => void) => vi.waitFor(check, { timeout: 8_000, interval: 10 })
const authority = makeCertificate('Authority of our own')
const dayMs = 24 * 3_600_000

/** The same broker, by TLS. */
async function openTlsFront(central: ScriptedCentral, { cert, key }: Certificate): Promise<string> {
  const server = createServer({ cert, key }, (socket) => {
    socket.on('error', () => socket.destroy())
    central.take(socket)
  })
  server.on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1')
  await until(() => expect(server.listening).toBe(true))
  onTestFinished(() => void server.close())
  return `mqtts://127.0.0.1:${(server.address() as { port: number }).port}`
}

async function expectRefused(server: Certificate, reason: string, part: string): Promise<void> {
  const broker = await openTestBroker(honest, { tls: server })
  const { lines, logger } = makeLogKeeper()
  const { uplink } = openTestUplink([`mqtts://127.0.0.1:${broker.port}`], { ca: authority.cert, logger })
  await until(() => expect(uplink.counters()[`left-${reason}`]).toBeGreaterThanOrEqual(1))
  expect(lines.find(({ fields }) => fields.reason === reason)?.text).toContain(part)
  expect([broker.packets, uplink.counters().connected]).toEqual([[], 0])
}

describe('mqtts', () => {
  it("with an authority of one's own brings presses to the central", async () => {
    const central = await openTestCentral()
    const url = await openTlsFront(central, makeCertificate('broker', { host: '127.0.0.1', issuer: authority }))
    const { append, outbox } = openTestUplink([url], { ca: authority.cert })
    append(boxPress(1))
    await until(() => expect(outbox.undelivered().count).toBe(0))
    expect([...central.stored.values()].filter(({ kind }) => kind === 'press')).toHaveLength(1)
  })

  it('is what broker.ca in the configuration leads to', async () => {
    const central = await openTestCentral()
    const url = await openTlsFront(central, makeCertificate('broker', { host: '127.0.0.1', issuer: authority }))
    const folder = makeFolder()
    const other = makeCertificate('Another authority')
    writeFileSync(join(folder, 'authorities.pem'), `${other.cert}${authority.cert}`)
    const { logger } = makeLogKeeper()
    const config = parseTerminalConfig(
      `[terminal]\nid = "${terminal}"\nsecret = "s"\ndata = "${folder}"\n[kiosk]\nport = 0\n[broker]\nurls = ["${url}"]\nca = "${folder}/authorities.pem"`,
      'test',
    )
    const daemon = await startTerminal({ config, logger, openPort: makeScriptedPorts().openPort })
    onTestFinished(() => daemon.stop())
    await until(() => expect(daemon.isConnected()).toBe(true))
  })

  it('refuses a broker whose certificate is expired, and says that the clock may be wrong', async () => {
    const expired = makeCertificate('broker', { host: '127.0.0.1', issuer: authority, toMs: Date.now() - dayMs })
    await expectRefused(expired, 'tls-clock', "has expired by this machine's clock")
  })

  it('refuses one that is not valid yet, as on a machine that woke up in the past', async () => {
    const future = makeCertificate('broker', { host: '127.0.0.1', issuer: authority, fromMs: Date.now() + dayMs })
    await expectRefused(future, 'tls-clock', 'if this clock is wrong, set it')
  })

  it('refuses one of another authority, of its own making, and for another host', async () => {
    const stranger = makeCertificate('Stranger')
    await expectRefused(
      makeCertificate('broker', { host: '127.0.0.1', issuer: stranger }),
      'tls-untrusted',
      'broker.ca',
    )
    await expectRefused(makeCertificate('broker', { host: '127.0.0.1' }), 'tls-untrusted', 'broker.ca')
    const elsewhere = makeCertificate('broker', { host: 'broker.example', issuer: authority })
    await expectRefused(elsewhere, 'tls-name', 'another name')
  })

  it('says so where the port speaks no TLS, and plain MQTT where it speaks TLS', async () => {
    const plain = await openTestBroker(() => 'close')
    const tls = await openTestBroker(honest, {
      tls: makeCertificate('broker', { host: '127.0.0.1', issuer: authority }),
    })
    const first = openTestUplink([`mqtts://127.0.0.1:${plain.port}`], { timing: { connectDeadlineMs: 500 } })
    const second = openTestUplink([`mqtt://127.0.0.1:${tls.port}`], { timing: { connectDeadlineMs: 500 } })
    const leftOf = (counters: Record<string, number>) =>
      Object.keys(counters).filter((name) => name.startsWith('left-') && (counters[name] ?? 0) > 0)
    await until(() => expect(leftOf(first.uplink.counters())).toHaveLength(1))
    await until(() => expect(leftOf(second.uplink.counters())).toHaveLength(1))
    expect(plain.packets.some(({ body }) => body.includes(terminal))).toBe(false)
    expect([first, second].map(({ uplink }) => leftOf(uplink.counters())[0])).toEqual([
      'left-tls-failed',
      'left-closed',
    ])
  })
})
