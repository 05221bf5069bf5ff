/** mqtts with a certificate authority of one's own, as config/mosquitto/README.md makes it, on the project's TLS listener. */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { checkBroker } from '../../../src/central/broker/check/check-broker.ts'
import { type ExternalBroker, openExternalBroker } from '../../../src/central/broker/external-broker.ts'
import { systemClock } from '../../../src/shared/clock.ts'
import { hasMosquitto, type Mosquitto, openMosquitto } from '../../support/mosquitto.ts'
import { silentLogger } from '../../support/silent-logger.ts'

function makeCertificates(folder: string): void {
  const openssl = (command: string) => execFileSync('openssl', command.split(' '), { cwd: folder, stdio: 'ignore' })
  const key = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'
  openssl(`req -x509 ${key} -days 2 -subj /CN=Test-CA -keyout ca.key -out ca.pem`)
  openssl(`req -x509 ${key} -days 2 -subj /CN=Other-CA -keyout other.key -out other.pem`)
  openssl(`req ${key} -subj /CN=broker.test -keyout broker.key -out broker.csr`)
  writeFileSync(join(folder, 'names'), 'subjectAltName=IP:127.0.0.1')
  openssl('x509 -req -in broker.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out broker.pem')
}

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

describe.runIf(hasMosquitto())('a broker behind TLS', () => {
  const names = ['smilepost-central', 'smilepost-witness', 'smilepost-probe-1', 'smilepost-probe-2', 'till-1']
  let mosquitto: Mosquitto
  beforeAll(async () => {
    const users = Object.fromEntries(names.map((name) => [name, `secret of ${name}`]))
    mosquitto = await openMosquitto({ users, tls: makeCertificates })
  })
  afterAll(() => mosquitto.close())
  const read = (name: string) => readFileSync(join(mosquitto.folder, name), 'utf8')

  const openCentral = (ca: string | undefined): ExternalBroker => {
    const broker = openExternalBroker({
      ...{ url: mosquitto.url, username: 'smilepost-central', password: 'secret of smilepost-central', ca },
      ...{
        filters: ['smilepost/v1/+/hello'],
        isKnown: async () => true,
        ignored: new Set(),
        onMessage: () => undefined,
      },
      ...{ clock: systemClock, random: Math.random, logger: silentLogger },
      timing: { firstDelayMs: 20, maxDelayMs: 100 },
    })
    closing.push(broker.close)
    return broker
  }

  it('is trusted by the file of its authority, and by nothing else', async () => {
    const [right, wrong, none] = [read('ca.pem'), read('other.pem'), undefined].map((ca) => openCentral(ca))
    await vi.waitFor(() => expect(right?.isConnected()).toBe(true), { timeout: 10_000 })
    for (const broker of [wrong, none]) {
      await vi.waitFor(() => expect(broker?.counters()['connect-failed']).toBeGreaterThan(1), { timeout: 10_000 })
      expect(broker?.counters().connects).toBe(0)
    }
  })

  it('keeps terminals apart like the plain one, and a wrong authority is no refusal of the broker', async () => {
    const account = (username: string) => ({ username, password: `secret of ${username}` })
    const options = {
      ...{ url: mosquitto.url, ca: read('ca.pem') },
      ...{ witness: account('smilepost-witness'), quietMs: 60, deadlineMs: 4_000 },
      probes: [account('smilepost-probe-1'), account('smilepost-probe-2')] as const,
      randomHex: (digits: number) => Math.random().toString(16).slice(2).padEnd(digits, '0').slice(0, digits),
    }
    const proofs = await checkBroker(options)
    expect(proofs.filter(({ verdict }) => verdict !== 'proven')).toEqual([])
    const ca = read('other.pem')
    await expect(checkBroker({ ...options, ca })).rejects.toMatchObject({ code: 'broker-unreachable' })
  })
})
