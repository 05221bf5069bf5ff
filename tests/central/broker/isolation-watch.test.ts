/** The central says where a broker is not proven to keep terminals apart: in its log, and in the state of the broker. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RuleProof } from '../../../src/central/broker/check/rules.ts'
import { makeIsolationWatch } from '../../../src/central/broker/isolation-watch.ts'
import { openBrokers } from '../../../src/central/broker/open-brokers.ts'
import { systemClock } from '../../../src/shared/clock.ts'
import type { Logger } from '../../../src/shared/logger.ts'
import { hasMosquitto, openMosquitto } from '../../support/mosquitto.ts'

const proof = (verdict: RuleProof['verdict']): RuleProof => ({ rule: 'retained', verdict, detail: '' })

function makeLog() {
  const lines: string[] = []
  const write = (level: string) => (fields: object, text: string) =>
    void lines.push(`${level} ${text} ${JSON.stringify(fields)}`)
  const logger: Logger = {
    ...{ debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
    child: () => logger,
  }
  return { lines, logger }
}

describe('watching over isolation', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  const make = (prove: ((signal: AbortSignal) => Promise<RuleProof[]>) | null) => {
    const { lines, logger } = makeLog()
    const timing = { everyMs: 1_000, retryMs: 100, monoMs: () => performance.now(), random: () => 1 }
    const watch = makeIsolationWatch({ url: 'mqtt://x', prove, ...timing, logger })
    return { watch, lines }
  }
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

  it('says at once that nobody checks', async () => {
    const { watch, lines } = make(null)
    watch.up()
    await pass(10_000)
    expect(watch.isolation()).toBe('unchecked')
    expect(lines).toEqual([expect.stringMatching(/^warn ISOLATION NOT CHECKED/)])
  })

  it('tells of each rule that is not proven, and looks again on an unbroken connection when it is time', async () => {
    const prove = vi.fn(async () => [proof('proven')])
    const { watch, lines } = make(prove)
    watch.up()
    watch.up()
    await pass(0)
    expect(watch.isolation()).toBe('proven')
    // The rules are loosened while the central stays connected.
    prove.mockResolvedValue([proof('proven'), proof('open')])
    await pass(999)
    expect(prove).toHaveBeenCalledTimes(1)
    await pass(1)
    expect(watch.isolation()).toBe('not-proven')
    expect(lines.at(-1)).toMatch(/^error ISOLATION NOT PROVEN.*retained.*open/)
    prove.mockResolvedValue([proof('proven')])
    await pass(1_000)
    expect(watch.isolation()).toBe('proven')
    expect(prove).toHaveBeenCalledTimes(3)
  })

  it('does not look at a broker that is away, nor at each of many connects', async () => {
    const prove = vi.fn(async () => [proof('proven')])
    const { watch } = make(prove)
    await pass(5_000)
    expect(prove).toHaveBeenCalledTimes(0)
    watch.up()
    for (let times = 0; times < 9; times++) {
      await pass(100)
      watch.down()
      watch.up()
    }
    expect(prove).toHaveBeenCalledTimes(1)
    watch.down()
    await pass(5_000)
    expect(prove).toHaveBeenCalledTimes(1)
    watch.up()
    expect(prove).toHaveBeenCalledTimes(2)
    await pass(0)
  })

  it('keeps no old verdict where the check can not run, and tries again by and by', async () => {
    const prove = vi.fn(async () => [proof('proven')])
    const { watch, lines } = make(prove)
    watch.up()
    await pass(0)
    prove.mockRejectedValue(new Error('gone'))
    await pass(1_000)
    expect(watch.isolation()).toBe('unchecked')
    expect(lines.at(-1)).toMatch(/^warn ISOLATION NOT CHECKED: the check could not run.*"before":"proven".*gone/)
    const calls: number[] = []
    for (const ms of [99, 1, 199, 1, 399, 1, 799, 1, 999, 1, 999, 1]) {
      await pass(ms)
      calls.push(prove.mock.calls.length)
    }
    expect(calls).toEqual([2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8])
    prove.mockResolvedValue([proof('proven')])
    await pass(1_000)
    expect(watch.isolation()).toBe('proven')
    // A good check makes the next wait after a failure short again.
    prove.mockRejectedValue(new Error('gone'))
    await pass(1_100)
    expect(prove).toHaveBeenCalledTimes(11)
  })

  it('stops when told to, without a word', async () => {
    const prove = vi.fn(
      (signal: AbortSignal) =>
        new Promise<RuleProof[]>((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
    )
    const { watch, lines } = make(prove)
    watch.up()
    await watch.close()
    watch.up()
    await pass(10_000)
    expect(prove).toHaveBeenCalledTimes(1)
    expect(lines).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe.runIf(hasMosquitto())('the central beside a strict and an open Mosquitto', () => {
  it('proves the one and raises its voice about the other, and the probes reach nobody', async () => {
    const account = (username: string) => ({ username, password: `secret of ${username}` })
    const check = {
      witness: account('smilepost-witness'),
      probes: [account('smilepost-probe-1'), account('smilepost-probe-2')] as const,
    }
    const accounts = [account('smilepost-central'), check.witness, ...check.probes]
    const users = Object.fromEntries(accounts.map(({ username, password }) => [username, password]))
    const strict = await openMosquitto({ users })
    const loose = await openMosquitto({
      users,
      change: (text) => `${/^listener.*$/m.exec(text)?.[0]}\nallow_anonymous true\nuser root\n`,
    })
    const { lines, logger } = makeLog()
    const received: string[] = []
    const brokers = await openBrokers({
      ...{ embedded: null, clock: systemClock, random: Math.random, logger },
      external: [strict, loose].map(({ url }) => ({
        ...{ url, ...account('smilepost-central'), check },
        filters: ['hello', 'batch', 'health', 'status'].map((leaf) => `smilepost/v1/+/${leaf}`),
      })),
      authenticate: async () => false,
      isKnown: async () => true,
      onMessage: (terminal) => received.push(terminal),
    })
    try {
      const isolations = () => brokers.states().map(({ isolation }) => isolation)
      await vi.waitFor(() => expect(isolations()).toEqual(['proven', 'not-proven']), { timeout: 40_000, interval: 100 })
      const [raised = ''] = lines.filter((line) => line.startsWith('error'))
      expect(raised).toContain(loose.url)
      for (const rule of ['anonymous', 'client-id', 'foreign-publish', 'forged-answers', 'foreign-subscribe'])
        expect(raised).toContain(`"rule":"${rule}"`)
      expect(brokers.counters()).toMatchObject({
        [`isolation-proven@${new URL(strict.url).host}`]: 1,
        [`isolation-proven@${new URL(loose.url).host}`]: 0,
      })
      expect(received).toEqual([])
    } finally {
      await brokers.close()
      await strict.close()
      await loose.close()
    }
  }, 60_000)
})
