/** The doors of brokers to which the daemon is not connected at present. */
import { createHash, createPublicKey } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:tls'
import { expect, it, onTestFinished } from 'vitest'
import { makeBrokerCheck } from '../../src/cli/doctor/check-broker.ts'
import type { Scene } from '../../src/cli/doctor/scene.ts'
import type { DaemonState } from '../../src/contracts/http/kiosk.ts'
import { parseTerminalConfig } from '../../src/terminal/config.ts'
import { type Certificate, makeCertificate } from '../support/make-certificate.ts'

const pinOf = ({ key }: Certificate) => {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' })
  return `sha256/${createHash('sha256').update(spki).digest('base64')}`
}
const connected: DaemonState['broker'] = { url: 'mqtt://b', welcomed: true, answeredAgoMs: 1, failure: null }

/** What doctor says of a broker with this certificate, known by this key, while the daemon is with another one. */
async function knock(certificate: Certificate, pin: string) {
  const server = createServer(certificate, (socket) => socket.on('error', () => socket.destroy()))
  server.on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const url = `mqtts://127.0.0.1:${(server.address() as AddressInfo).port}`
  const terminal = '[terminal]\nid = "exit-1"\nsecret = "s"\ndata = "/nowhere"'
  const config = parseTerminalConfig(`${terminal}\n[broker]\nurls = ["${url}"]\npins = ["${pin}"]`, 'test')
  const scene: Scene = {
    ...{ config, hasSecret: true, dataFolder: null, answer: null, box: null, account: null },
    daemon: { kind: 'running', port: 1, state: { upMs: 1, broker: connected } as DaemonState },
  }
  const findings = await makeBrokerCheck(scene).run(() => {})
  return findings.at(-1)
}

it('is looked at by its key where it is known by that', async () => {
  const warnings: Error[] = []
  const keep = (warning: Error) => void warnings.push(warning)
  process.on('warning', keep)
  onTestFinished(() => void process.off('warning', keep))
  const ours = makeCertificate('broker', { host: '127.0.0.1' })
  expect(await knock(ours, pinOf(ours))).toMatchObject({ code: 'opens' })
  const pin = pinOf(makeCertificate('another', { host: '127.0.0.1' }))
  expect(await knock(ours, pin)).toMatchObject({ code: 'failed', facts: { reason: 'tls-pin' } })
  expect(warnings).toEqual([])
})
