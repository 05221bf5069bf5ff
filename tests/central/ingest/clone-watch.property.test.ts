/** A clone is two machines under one name. Whatever one machine goes through, however late it is heard, it is no clone; two always are. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Heard, type Life, lateMs, noteLife } from '../../../src/central/ingest/clone-watch.ts'
import { makeRandom } from '../../support/press-generator.ts'
import { minuteMs } from './ingest-harness.ts'

type Random = () => number
const hex = (random: Random, digits: number) =>
  Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('')
const upTo = (random: Random, limit: number) => Math.floor(random() * limit)

/** One message, when it was made by the true clock, and when it is heard. */
type Message = Omit<Heard, 'atMs'> & { madeAtMs: number; atMs: number }

/**
 * What one machine says from `fromMs` for so many boots: daemons that follow each other, each with hellos and healths, most of them
 * heard at once, some late over a silent connection, some twice. A daemon may begin an epoch anew.
 */
function liveMachine(random: Random, fromMs: number, boots: number): Message[] {
  const messages: Message[] = []
  let nowMs = fromMs
  for (let b = 0; b < boots; b += 1) {
    const boot = hex(random, 12)
    const bootedAtMs = nowMs
    for (let daemons = 1 + upTo(random, 4); daemons > 0; daemons -= 1) {
      nowMs += 1 + upTo(random, 3 * minuteMs)
      let epoch = hex(random, 16)
      for (let said = 1 + upTo(random, 6); said > 0; said -= 1) {
        nowMs += upTo(random, 2) * upTo(random, 12 * minuteMs)
        if (random() < 0.1) {
          epoch = hex(random, 16)
          nowMs += 1
        }
        const delayMs = random() < 0.6 ? upTo(random, 50) : upTo(random, lateMs)
        const message = { nonce: hex(random, 16), epoch, boot, monoMs: nowMs - bootedAtMs, madeAtMs: nowMs }
        messages.push({ ...message, atMs: nowMs + delayMs })
        if (random() < 0.1) messages.push({ ...message, atMs: nowMs + upTo(random, lateMs) })
      }
    }
    nowMs += 1 + upTo(random, 2) * upTo(random, 100 * minuteMs)
  }
  return messages
}

const inArrival = (messages: readonly Message[]) => [...messages].sort((a, b) => a.atMs - b.atMs)

/** The central hears it all; now and then it is restored from a backup and has forgotten what it heard since. */
function hear(random: Random, messages: readonly Message[], restoreShare: number) {
  let lives: Life[] = []
  const backups: Life[][] = [lives]
  for (const message of messages) {
    if (random() < restoreShare) lives = backups[upTo(random, backups.length)] as Life[]
    const noted = noteLife(lives, message)
    if (noted.clone) return { message, other: noted.clone }
    lives = noted.lives
    if (random() < 0.2) backups.push(lives)
  }
  return null
}

const seeds = fc.integer({ min: 1, max: 2 ** 31 })

describe('a clone', () => {
  it('is never seen in the life of one machine', () => {
    let restarts = 0
    let returns = 0
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = makeRandom(seed)
        const heard = inArrival(liveMachine(random, 1_000_000, 1 + upTo(random, 6)))
        restarts += new Set(heard.map(({ epoch }) => epoch)).size - 1
        returns += countReturns(heard)
        expect(hear(random, heard, 0.05)).toBeNull()
      }),
      { numRuns: 2_000 },
    )
    // The histories were worth it: epochs changed, and what was heard did go A → B → A.
    expect(restarts).toBeGreaterThan(10_000)
    expect(returns).toBeGreaterThan(1_000)
  })

  it('is seen when two machines speak under one name for three quarters of an hour', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = makeRandom(seed)
        const machines = [0, 1].map((i) => talk(random, i === 0 ? 0 : upTo(random, 100 * minuteMs), null))
        expect(hear(random, inArrival(machines.flat()), 0)).not.toBeNull()
      }),
      { numRuns: 300 },
    )
  })

  it('is seen at once when both are daemons of one machine', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = makeRandom(seed)
        const boot = hex(random, 12)
        const machines = [0, 1].map((i) => talk(random, i * minuteMs, boot))
        const clone = hear(random, inArrival(machines.flat()), 0)
        expect(clone?.message.atMs).toBeLessThan(25 * minuteMs)
      }),
      { numRuns: 300 },
    )
  })

  it('in the same millisecond goes by the order of arrival', () => {
    const said = (epoch: string, nonce: string) => ({ nonce, epoch, boot: 'b007000a', monoMs: 5, atMs: 1 })
    const first = noteLife([], said('a', '1'))
    const second = noteLife(first.lives, said('b', '2'))
    expect(second.clone).toBeNull()
    expect(noteLife(second.lives, said('a', '1')).clone).toBeNull()
    expect(noteLife(second.lives, said('a', '3')).clone?.epoch).toBe('b')
  })
})

/** How often an epoch is heard again after another one. */
function countReturns(messages: readonly Message[]): number {
  const left = new Set<string>()
  let current = ''
  let returns = 0
  for (const { epoch } of messages) {
    if (epoch === current) continue
    if (left.has(epoch)) returns += 1
    left.add(current)
    current = epoch
  }
  return returns
}

/** One daemon that speaks at least every 5 min, for longer than a copy can stay unnoticed. */
function talk(random: Random, fromMs: number, boot: string | null): Message[] {
  const epoch = hex(random, 16)
  const ownBoot = boot ?? hex(random, 12)
  const startedAtMs = boot === null ? fromMs - upTo(random, 100 * minuteMs) : 0
  const messages: Message[] = []
  for (let nowMs = fromMs; nowMs < fromMs + 145 * minuteMs; nowMs += 1 + upTo(random, 5 * minuteMs)) {
    const message = { nonce: hex(random, 16), epoch, boot: ownBoot, monoMs: nowMs - startedAtMs, madeAtMs: nowMs }
    messages.push({ ...message, atMs: nowMs + upTo(random, 50) + (random() < 0.1 ? upTo(random, 5 * minuteMs) : 0) })
  }
  return messages
}
