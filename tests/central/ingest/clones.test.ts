import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { settleClone } from '../../../src/central/ingest/settle-clone.ts'
import { rebuildTallies } from '../../../src/central/upkeep/rebuild-tallies.ts'
import { makeRebuildMeans } from '../../../src/cli/rebuild/rebuild-means.ts'
import type { Hello } from '../../../src/contracts/messages.ts'
import { anchorOf, bootA, bootB, epochA, epochB, type Harness, nowMs, openHarness, pressOf } from './ingest-harness.ts'

let asked = 0
const hello = (epoch: string, monoMs: number, fields: Partial<Hello> = {}): string => {
  asked += 1
  const nonce = asked.toString(16).padStart(8, '0')
  return JSON.stringify({ nonce, versions: { terminal: '0.1.0' }, epoch, held: [], boot: bootA, monoMs, ...fields })
}

describe('a cloned terminal', () => {
  let harness: Harness
  beforeEach(async () => {
    harness = await openHarness()
  })
  afterEach(() => harness.close())
  const say = (epoch: string, monoMs: number) => harness.send('till-1', 'hello', hello(epoch, monoMs))
  const clonedAtMs = async () => {
    await harness.ingest.idle()
    return (await harness.store.read.terminalState('till-1'))?.clonedAtMs ?? null
  }
  const makeClone = () => {
    for (const [epoch, monoMs] of [
      [epochA, 1],
      [epochB, 2],
      [epochA, 3],
    ] as const)
      say(epoch, monoMs)
  }

  it('is no terminal that restarted, nor one whose old hello comes late', async () => {
    say(epochA, 1)
    say(epochA, 5)
    say(epochB, 9)
    say(epochA, 6)
    say(epochB, 10)
    expect(await clonedAtMs()).toBeNull()
    expect(harness.ingest.counters().clones).toBe(0)
  })

  it('is not one that somebody asks for while its daemon is stopped: the answer is all that comes of it', async () => {
    say(epochB, 5)
    say(epochA, 6)
    await harness.ingest.idle()
    const before = await harness.store.read.terminalState('till-1')
    await harness.welcomes()
    harness.send('till-1', 'hello', hello(epochB, 9, { probe: true, touchIssued: 7 }))
    harness.send('till-1', 'hello', hello(epochA, 10, { probe: true }))
    await harness.ingest.idle()
    const welcomes = await harness.welcomes()
    expect(welcomes.map(({ marks }) => marks.map(({ epoch }) => epoch))).toEqual([[epochB], [epochA]])
    expect(await harness.store.read.terminalState('till-1')).toEqual(before)
    expect(harness.ingest.counters().clones).toBe(0)
  })

  it('has its presses kept and acknowledged, and not tallied, until somebody has them counted', async () => {
    harness.sendBatch({ records: [anchorOf(1, 0), pressOf(2)] })
    makeClone()
    harness.sendBatch({ records: [pressOf(3), pressOf(4)] })
    harness.sendBatch({ epoch: epochB, records: [pressOf(1, { boxSeq: 9 })] })
    const acks = await harness.acks()
    expect(acks.map((ack) => ack.upTo)).toEqual([2, 4, 1])
    expect(await clonedAtMs()).toBe(nowMs)
    expect(await harness.tallies()).toEqual(['2025-03-30 8: 0 0 1 0'])
    expect(harness.ingest.counters()).toMatchObject({ clones: 1, 'held-cloned': 3 })
    expect(await harness.store.read.ledgerCounters('till-1')).toMatchObject({ stored: 4, unplaced: 3 })

    const origin = { by: 'command line', from: 'local', atMs: 7 }
    expect(await settleClone(harness.store, 'till-1', 'count', origin)).toBe(true)
    expect(await harness.store.read.accounts.audit({ before: null, limit: 9 })).toMatchObject([
      { ...origin, what: 'clone-settled', on: 'terminal till-1', detail: '{"choice":"count"}' },
    ])
    expect(await harness.tallies()).toEqual(['2025-03-30 8: 1 1 1 1'])
    expect(await harness.store.read.ledgerCounters('till-1')).toMatchObject({ stored: 4, unplaced: 0 })
    harness.sendBatch({ records: [pressOf(5)] })
    await harness.acks()
    expect(await harness.tallies()).toEqual(['2025-03-30 8: 1 2 1 1'])
    expect(await settleClone(harness.store, 'till-1', 'count')).toBe(false)
  })

  it('that is set aside has what was held stored and in no tally, and counts again from then on', async () => {
    harness.sendBatch({ records: [anchorOf(1, 0)] })
    makeClone()
    harness.sendBatch({ records: [pressOf(2), pressOf(3)] })
    await harness.acks()
    expect(await settleClone(harness.store, 'till-1', 'set-aside')).toBe(true)
    harness.sendBatch({ records: [pressOf(4)] })
    await harness.acks()
    expect(await harness.tallies()).toEqual(['2025-03-30 8: 1 0 0 0'])
    expect(await harness.store.read.ledgerCounters('till-1')).toMatchObject({ stored: 3, unplaced: 0 })
    makeClone()
    expect(await clonedAtMs()).toBe(nowMs)
    expect(harness.ingest.counters().clones).toBe(2)
  })

  it('does not hold back the presses of another', async () => {
    makeClone()
    harness.sendBatch({ terminal: 'till-2', records: [anchorOf(1, 0), pressOf(2)] })
    await harness.acks()
    expect(await harness.tallies()).toEqual(['2025-03-30 8: 0 0 1 0'])
  })

  it('has its presses held back too when they are timed only later', async () => {
    harness.sendBatch({ records: [pressOf(1)] })
    makeClone()
    harness.sendBatch({ records: [anchorOf(2, 0)] })
    await harness.acks()
    expect(await clonedAtMs()).toBe(nowMs)
    expect(await harness.tallies()).toEqual([])
    await settleClone(harness.store, 'till-1', 'count')
    expect(await harness.tallies()).toEqual(['2025-03-30 8: 0 1 0 0'])
  })

  describe('once what was held back is set aside', () => {
    const minute = 60_000
    /** Held: one press timed within an hour, one whose date is not sure, one of a boot that nothing has anchored yet. */
    const hold = async () => {
      harness.sendBatch({ records: [anchorOf(1, 0, { errorMs: 20 * minute })] })
      makeClone()
      harness.sendBatch({
        records: [
          pressOf(2, { boxSeq: 2 }),
          pressOf(3, { boxSeq: 3, spreadMs: 30 * 60 * minute, monoMs: 30 * 60 * minute }),
          pressOf(4, { boxSeq: 4, boot: bootB, monoMs: 5 * minute }),
        ],
      })
      await harness.acks()
      expect(await harness.tallies()).toEqual([])
    }
    const improve = async () => {
      harness.sendBatch({
        records: [anchorOf(5, 60 * minute), anchorOf(6, 30 * 60 * minute), anchorOf(7, minute, { boot: bootB })],
      })
      await harness.acks()
    }
    const rebuild = () =>
      rebuildTallies({
        ...{ store: harness.store, means: makeRebuildMeans(harness.store), retainedFromMs: null, wanted: {} },
        ...{ isDry: false, pause: async () => {}, onProgress: () => {} },
      })
    const allTallies = async () => [
      ...(await harness.tallies()),
      ...(await harness.tallies({ class: 'uncertain' })),
      ...(await harness.tallies({ class: 'counted' })),
    ]

    it('a better anchor gives it a time and no tally, nor does a rebuild or another placement', async () => {
      await hold()
      await settleClone(harness.store, 'till-1', 'set-aside')
      await improve()
      expect(harness.ingest.counters().retimed).toBeGreaterThanOrEqual(2)
      expect(await allTallies()).toEqual([])
      expect(await rebuild()).toMatchObject({ moves: [], differences: [] })
      const placement = { terminal: 'till-1', touchpoint: 'toilet', fromMs: 1, toMs: null }
      await harness.store.transact((writer) => writer.putPlacement(placement))
      await rebuild()
      expect(await allTallies()).toEqual([])
      expect(await harness.tallies({ touchpoint: 'toilet' })).toEqual([])
      expect(await harness.store.read.ledgerCounters('till-1')).toMatchObject({ stored: 3, unplaced: 0 })
    })

    it('a rebuild before the decision tallies nothing, and one after --count changes nothing', async () => {
      await hold()
      expect(await rebuild()).toMatchObject({ moves: [], differences: [] })
      expect(await allTallies()).toEqual([])
      await settleClone(harness.store, 'till-1', 'count')
      await improve()
      const counted = await harness.tallies()
      const sum = counted.flatMap((line) => line.split(': ')[1]?.split(' ').map(Number) ?? [])
      expect(sum.reduce((all, one) => all + one, 0)).toBe(2)
      expect(await rebuild()).toMatchObject({ moves: [], differences: [] })
      expect(await harness.tallies()).toEqual(counted)
      expect(await settleClone(harness.store, 'till-1', 'count')).toBe(false)
      expect(await harness.tallies()).toEqual(counted)
    })
  })
})
