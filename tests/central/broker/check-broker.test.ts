/** `smilepost broker check` against real brokers: strict ones, and ones with a single hole each. */
import { randomBytes } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { checkBroker } from '../../../src/central/broker/check/check-broker.ts'
import { openBroker } from '../../../src/central/broker/open-broker.ts'
import { systemClock } from '../../../src/shared/clock.ts'
import { hasMosquitto, type MosquittoOptions, openMosquitto } from '../../support/mosquitto.ts'
import { silentLogger } from '../../support/silent-logger.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const account = (username: string) => ({ username, password: `secret of ${username}` })
const witness = account('smilepost-witness')
const probes = [account('smilepost-probe-1'), account('smilepost-probe-2')] as const
const users = Object.fromEntries([witness, ...probes].map(({ username, password }) => [username, password]))
const usual = {
  ...{ probes, witness, quietMs: 60, deadlineMs: 4_000 },
  randomHex: (digits: number) => randomBytes(digits / 2).toString('hex'),
}

async function openMosquittoUrl(options: MosquittoOptions = {}): Promise<string> {
  const mosquitto = await openMosquitto({ users, ...options })
  closing.push(mosquitto.close)
  return mosquitto.url
}

const verdictsOf = (proofs: Awaited<ReturnType<typeof checkBroker>>) =>
  Object.fromEntries(proofs.map(({ rule, verdict }) => [rule, verdict]))
const proven = {
  ...{ 'own-topics': 'proven', anonymous: 'proven', 'client-id': 'proven', 'foreign-publish': 'proven' },
  ...{ 'forged-answers': 'proven', 'foreign-subscribe': 'proven', 'foreign-will': 'proven', retained: 'proven' },
  ...{ 'kept-session': 'proven', oversized: 'proven' },
}

async function openEmbedded(): Promise<string> {
  const broker = await openBroker({
    ...{ host: '127.0.0.1', port: 0, clock: systemClock, logger: silentLogger, onMessage: () => undefined },
    authenticate: async (terminal, secret) => users[terminal] === secret,
  })
  closing.push(broker.close)
  return `mqtt://127.0.0.1:${broker.port}`
}

describe('the proof of isolation', () => {
  it('is complete on the embedded broker, whose refusals need no witness', async () => {
    const proofs = await checkBroker({ ...usual, url: await openEmbedded(), witness: null })
    expect(verdictsOf(proofs)).toEqual(proven)
  })

  it('does not take a broker that is away for a strict one', async () => {
    const url = await openEmbedded()
    await closing.pop()?.()
    await expect(checkBroker({ ...usual, url, witness: null })).rejects.toMatchObject({ code: 'broker-unreachable' })
  })

  it('does not take wrong passwords of the probes for strictness', async () => {
    const url = await openEmbedded()
    const wrong = probes.map(({ username }) => ({ username, password: 'x' })) as unknown as typeof probes
    const proofs = await checkBroker({ ...usual, url, witness: null, probes: wrong })
    expect(proofs[0]).toMatchObject({ rule: 'own-topics', verdict: 'broken' })
    expect(proofs.slice(1).every(({ verdict }) => verdict === 'open')).toBe(true)
  })
})

describe.runIf(hasMosquitto())('the proof of isolation on Mosquitto', () => {
  it("is complete with the project's configuration", async () => {
    expect(verdictsOf(await checkBroker({ ...usual, url: await openMosquittoUrl() }))).toEqual(proven)
  })

  it('stays open without a witness where Mosquitto swallows in silence', async () => {
    const verdicts = verdictsOf(await checkBroker({ ...usual, url: await openMosquittoUrl(), witness: null }))
    expect(verdicts).toMatchObject({ 'own-topics': 'proven', 'foreign-publish': 'open', 'foreign-subscribe': 'open' })
    expect(verdicts).toMatchObject({ anonymous: 'proven', oversized: 'proven', retained: 'proven' })
  })

  it('fails in every rule on a broker that is open to all', async () => {
    const change = (config: string) =>
      `${config.split('\n').find((line) => line.startsWith('listener'))}\nallow_anonymous true\nuser root\n`
    const verdicts = verdictsOf(await checkBroker({ ...usual, url: await openMosquittoUrl({ change }) }))
    expect(verdicts).toEqual({
      ...Object.fromEntries(Object.keys(proven).map((rule) => [rule, 'broken'])),
      'own-topics': 'proven',
    })
  })

  const drop = (line: string) => (config: string) => {
    if (!config.includes(`\n${line}\n`)) throw new Error(`no such line: ${line}`)
    return config.replace(`\n${line}\n`, '\n')
  }
  it.each([
    ['the client id', drop('use_username_as_clientid true'), ['client-id']],
    ['retained messages', drop('retain_available false'), ['retained']],
    ['the packet size', drop('max_packet_size 32896'), ['oversized']],
    [
      'strangers',
      (config: string) =>
        drop('use_username_as_clientid true')(config.replace('allow_anonymous false', 'allow_anonymous true')),
      ['anonymous', 'client-id'],
    ],
  ])('finds the one hole: %s', async (_what, change, broken) => {
    const verdicts = verdictsOf(await checkBroker({ ...usual, url: await openMosquittoUrl({ change }) }))
    expect(verdicts).toEqual({ ...proven, ...Object.fromEntries(broken.map((rule) => [rule, 'broken'])) })
  })

  it.each([
    ['pattern read smilepost/v1/+/ack', ['client-id', 'foreign-subscribe', 'kept-session']],
    ['pattern write smilepost/v1/+/status', ['foreign-publish', 'foreign-will']],
    ['pattern write smilepost/v1/%u/ack', ['forged-answers']],
  ])('finds the hole that one line more in the ACL makes: %s', async (line, broken) => {
    const verdicts = verdictsOf(
      await checkBroker({ ...usual, url: await openMosquittoUrl({ acl: (text) => `${line}\n${text}` }) }),
    )
    expect(verdicts).toEqual({ ...proven, ...Object.fromEntries(broken.map((rule) => [rule, 'broken'])) })
  })
})
