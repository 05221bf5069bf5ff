/** The central says where a broker is not proven to keep terminals apart: in its log, and in the state of the broker. */
import { describe, expect, it, vi } from 'vitest'
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
  const make = (prove: ((signal: AbortSignal) => Promise<RuleProof[]>) | null) => {
    const { lines, logger } = makeLog()
    const time = { nowMs: 0 }
    const watch = makeIsolationWatch({ url: 'mqtt://x', prove, everyMs: 1_000, monoMs: () => time.nowMs, logger })
    return { watch, lines, time }
  }

  it('says at once that nobody checks', () => {
    const { watch, lines } = make(null)
    watch.check()
    expect(watch.isolation()).toBe('unchecked')
    expect(lines).toEqual([expect.stringMatching(/^warn ISOLATION NOT CHECKED/)])
  })

  it('tells of each rule that is not proven, and looks again when it is time', async () => {
    const prove = vi.fn(async () => [proof('proven'), proof('open')])
    const { watch, lines, time } = make(prove)
    watch.check()
    watch.check()
    await vi.waitFor(() => expect(watch.isolation()).toBe('not-proven'))
    expect(lines).toEqual([expect.stringMatching(/^error ISOLATION NOT PROVEN.*retained.*open/)])
    time.nowMs = 999
    watch.check()
    expect(prove).toHaveBeenCalledTimes(1)
    prove.mockResolvedValue([proof('proven')])
    time.nowMs = 1_001
    watch.check()
    await vi.waitFor(() => expect(watch.isolation()).toBe('proven'))
  })

  it('asks again at the next connect when the check itself failed, and stops when told to', async () => {
    const prove = vi.fn((signal: AbortSignal) => {
      if (prove.mock.calls.length === 1) return Promise.reject(new Error('gone'))
      return new Promise<RuleProof[]>((_, reject) =>
        signal.addEventListener('abort', () => reject(new Error('aborted'))),
      )
    })
    const { watch, lines } = make(prove)
    watch.check()
    await vi.waitFor(() => expect(lines).toHaveLength(1))
    await vi.waitFor(() => {
      watch.check()
      expect(prove).toHaveBeenCalledTimes(2)
    })
    await watch.close()
    watch.check()
    expect(prove).toHaveBeenCalledTimes(2)
    expect(lines).toEqual([expect.stringMatching(/^warn isolation of the broker could not be checked/)])
    expect(watch.isolation()).toBe('unchecked')
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
