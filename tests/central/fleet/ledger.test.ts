import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { accountBox, type Holder } from '../../../src/central/fleet/account-box.ts'
import { readLedger } from '../../../src/central/fleet/read-ledger.ts'
import { findHoles, sizeOf, splitNewest, subtractRanges } from '../../../src/central/fleet/seq-ranges.ts'
import type { BoxShare, SeqRange } from '../../../src/central/store/custody.ts'
import type { Store } from '../../../src/central/store/port.ts'
import { openSqliteStore } from '../../../src/central/store/sqlite/open-sqlite-store.ts'
import type { Health } from '../../../src/contracts/messages.ts'
import { makeLogger } from '../../../src/shared/logger.ts'
import { makePress } from '../store/store-suite.ts'
import { nowMs, saidHealth, saidHello } from './fleet-samples.ts'

const box = '0000beef'
const epoch = '00000000000000aa'

describe('the ledger', () => {
  let store: Store
  let folder = ''
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'smilepost-ledger-'))
    store = await openSqliteStore({ path: join(folder, 'central.db'), logger: makeLogger('silent') })
    await store.transact(async (writer) => {
      for (const id of ['till-1', 'till-2']) await writer.putTerminal({ id, secretHash: '', createdAtMs: 0, name: id })
    })
  })
  afterEach(async () => {
    await store.close()
    rmSync(folder, { recursive: true })
  })
  const say = (next: number, pending: number, fields: Partial<Health> = {}, terminal = 'till-1') =>
    store.transact((writer) =>
      writer.updateTerminalState(terminal, {
        lastSeenAtMs: nowMs,
        health: saidHealth({ unacknowledged: 0, box: { id: box, next, pending, dropped: 0 }, ...fields }),
      }),
    )
  const deliver = (terminal: string, ...pairs: [number, number][]) =>
    store.transact(async (writer) => {
      const ranges = pairs.map(([from, to]) => ({ from, to }))
      const before = sizeOf(await writer.boxRanges(box))
      const merged = [...(await writer.boxRanges(box)), ...ranges].sort((a, b) => a.from - b.from)
      await writer.setBoxRanges(terminal, box, merged)
      await writer.addLedger(terminal, { stored: sizeOf(await writer.boxRanges(box)) - before })
    })
  const waiting = (...pairs: [number, number][]) => ({
    waiting: { boxes: pairs.map(([from, to]) => ({ box, from, to })), more: 0, touch: 0 },
  })
  const read = async (terminal = 'till-1') => {
    const ledger = await readLedger(store.read, terminal)
    if (!ledger) throw new Error('no such terminal')
    return ledger
  }

  it('of an unknown terminal is null, of a new one empty', async () => {
    expect(await readLedger(store.read, 'nobody')).toBeNull()
    expect(await read()).toEqual({
      ...{
        pressed: 0,
        stored: 0,
        pending: 0,
        missing: [],
        missingCount: 0,
        repeated: 0,
        quarantined: 0,
        refused: 0,
        asOf: null,
      },
      ...{ aside: 0, countedTwice: 0, untimed: 0, uncertain: 0 },
      ...{ rejected: 0, unplaced: 0, clonedAt: null, waiting: [], lost: [], lostCount: 0, conflicts: [] },
    })
  })

  it('says which presses wait, at the box and in the outbox, and which are missing', async () => {
    await deliver('till-1', [1, 4], [8, 10])
    await say(15, 2, { unacknowledged: 9, ...waiting([11, 11], [5, 5]) })
    expect(await read()).toMatchObject({
      ...{ pressed: 14, stored: 7, pending: 4 },
      missing: [
        { box, from: 6, to: 7, cause: 'unknown' },
        { box, from: 12, to: 12, cause: 'unknown' },
      ],
      waiting: [
        { box, from: 11, to: 11, at: 'outbox' },
        { box, from: 5, to: 5, at: 'outbox' },
        { box, from: 13, to: 14, at: 'box' },
      ],
    })
  })

  it('does not take records for presses that are none', async () => {
    await deliver('till-1', [1, 4])
    await say(7, 0, { unacknowledged: 500, ...waiting() })
    expect(await read()).toMatchObject({ pressed: 6, pending: 0, missing: [{ from: 5, to: 6 }] })
  })

  it('of a terminal that tells only a number lays it against the newest holes', async () => {
    await deliver('till-1', [1, 4], [8, 10])
    await store.transact(async (writer) => {
      await writer.addLedger('till-1', { storedTouch: 2, repeated: 5 })
      await writer.insertMissing({ terminal: 'till-1', epoch, from: 1, to: 3, cause: 'corrupt', atMs: nowMs })
    })
    await say(15, 1, { unacknowledged: 4, touchIssued: 3 })
    expect(await read()).toMatchObject({
      ...{ pressed: 17, stored: 9, pending: 5, repeated: 5 },
      missing: [
        { box, from: 5, to: 6, cause: 'corrupt' },
        { from: 3, to: 3, cause: 'touch' },
      ],
      lost: [{ epoch, from: 1, to: 3, cause: 'corrupt', at: new Date(nowMs).toISOString() }],
      asOf: new Date(nowMs).toISOString(),
    })
  })

  it('counts the touch presses that wait', async () => {
    await store.transact((writer) => writer.addLedger('till-1', { storedTouch: 4 }))
    await say(1, 0, { touchIssued: 9, waiting: { boxes: [], more: 0, touch: 2 } })
    expect(await read()).toMatchObject({
      ...{ pressed: 9, stored: 4, pending: 2, missing: [{ from: 5, to: 7, cause: 'touch' }] },
    })
  })

  it('hides no touch press that is missing behind those that came since', async () => {
    await store.transact((writer) => writer.addLedger('till-1', { storedTouch: 4 }))
    await say(1, 0, { monoMs: 5_000, touchIssued: 9, waiting: { boxes: [], more: 0, touch: 2 } })
    const said = { epoch: 'aaaaaaaaaaaaaaaa', receivedAtMs: nowMs + 1 }
    const touch = (seq: number) =>
      makePress(seq, said, {
        boot: 'b007000a',
        source: 'touch',
        box: undefined,
        boxSeq: undefined,
        touchId: `t-${seq}`,
      })
    await store.transact(async (writer) => {
      // By monoMs two from before the terminal spoke, then three.
      await writer.insertPresses([4, 5, 6, 7, 8].map(touch))
      await writer.addLedger('till-1', { storedTouch: 5 })
    })
    expect(await read()).toMatchObject({
      ...{ pressed: 12, stored: 9, pending: 0, missingCount: 3 },
      missing: [{ from: 7, to: 9, cause: 'touch' }],
    })
  })

  it('calls no touch press missing that a restored central has forgotten and the terminal holds', async () => {
    const hello = saidHello({ held: [{ epoch, first: 1, last: 60 }], touchIssued: 60, ...waiting() })
    await store.transact(async (writer) => {
      await writer.addLedger('till-1', { storedTouch: 20 })
      await writer.advanceCursor({ terminal: 'till-1', epoch, upTo: 20 })
      await writer.updateTerminalState('till-1', { hello, toldAtMs: nowMs })
    })
    expect(await read()).toMatchObject({ pressed: 60, stored: 20, pending: 40, missing: [] })
  })

  it('balances when more is stored by now than the last report knew of', async () => {
    await deliver('till-1', [1, 9])
    await say(5, 2, { unacknowledged: 30, ...waiting([2, 6]) })
    expect(await read()).toMatchObject({ pressed: 9, stored: 9, pending: 0, missing: [], waiting: [] })
  })

  it('remembers what an unplugged box held, and tells as of when', async () => {
    await deliver('till-1', [1, 4])
    const toldAtMs = nowMs - 3 * 86_400_000
    await store.transact(async (writer) => {
      await writer.noteBoxTold('till-1', { box, next: 8, pending: 3, atMs: toldAtMs - 60_000 })
      const health = saidHealth({ unacknowledged: 0, box: null, ...waiting() })
      // A batch that came since says nothing of what is held.
      await writer.updateTerminalState('till-1', { health, toldAtMs, lastSeenAtMs: nowMs, lastBatchAtMs: nowMs })
    })
    expect(await read()).toMatchObject({
      ...{ pressed: 7, stored: 4, pending: 3, missing: [], asOf: new Date(toldAtMs).toISOString() },
      waiting: [{ box, from: 5, to: 7, at: 'box' }],
    })
  })

  it('calls nothing missing that a terminal still holds and a restored central has forgotten', async () => {
    await deliver('till-1', [1, 50])
    const hello = saidHello({ held: [{ epoch, first: 1, last: 110 }], ...waiting([101, 104]) })
    await store.transact(async (writer) => {
      await writer.advanceCursor({ terminal: 'till-1', epoch, upTo: 55 })
      await writer.updateTerminalState('till-1', { hello, toldAtMs: nowMs })
      await writer.noteBoxTold('till-1', { box, next: 105, pending: 0, atMs: nowMs })
    })
    expect(await read()).toMatchObject({ pressed: 104, stored: 50, pending: 54, missing: [] })
    await deliver('till-1', [51, 99])
    await store.transact((writer) => writer.advanceCursor({ terminal: 'till-1', epoch, upTo: 106 }))
    expect(await read()).toMatchObject({ pressed: 104, stored: 99, pending: 4, missing: [{ from: 100, to: 100 }] })
  })

  it('of many holes lists and counts them all', async () => {
    const holes = 150
    await deliver('till-1', ...Array.from({ length: holes }, (_, i): [number, number] => [3 * i + 1, 3 * i + 1]))
    await say(3 * holes + 1, 0, waiting())
    const ledger = await read()
    expect(ledger).toMatchObject({ pressed: 3 * holes, stored: holes, pending: 0, missingCount: 2 * holes })
    expect(ledger.missing.length).toBe(holes)
    expect(ledger.missing.at(-1)).toMatchObject({ from: 3 * holes - 1, to: 3 * holes })
    const oldest = await readLedger(store.read, 'till-1', 'oldest')
    expect(oldest?.missing[0]).toMatchObject({ from: 2, to: 3 })
    expect(oldest).toMatchObject({ missingCount: 2 * holes })
  })

  it('walks tens of thousands of holes once', () => {
    const count = 50_000
    const shares = Array.from({ length: count }, (_, i) => ({ from: 2 * i + 2, to: 2 * i + 2, terminal: 'till-1' }))
    const account = accountBox(box, 'till-1', { shares, holders: [], conflicting: [1, 3, 4] })
    expect(account).toMatchObject({ stored: count, quarantined: 2, pending: [] })
    expect(sizeOf(account.open)).toBe(count - 2)
  })

  it('takes no hole of one box for that of another', () => {
    const open = ['0000beef', '0000cafe'].map((of) => ({ box: of, from: 5, to: 6 }))
    expect(splitNewest(open, 1)).toEqual({
      older: [
        { box: '0000beef', from: 5, to: 6 },
        { box: '0000cafe', from: 5, to: 5 },
      ],
      newest: [{ box: '0000cafe', from: 6, to: 6 }],
    })
  })

  it('names the cause of each hole by the stored presses around what was lost', async () => {
    await deliver('till-1', [1, 2], [5, 6], [9, 9], [12, 12])
    await store.transact(async (writer) => {
      await writer.insertPresses([1, 2, 5, 6, 9, 12].map((seq) => makePress(seq)))
      const missing = { terminal: 'till-1', epoch, atMs: nowMs }
      await writer.insertMissing({ ...missing, from: 3, to: 4, cause: 'corrupt' })
      await writer.insertMissing({ ...missing, from: 7, to: 8, cause: 'trimmed' })
    })
    await say(13, 0, waiting())
    expect(await read()).toMatchObject({ lostCount: 2, lost: [{}, {}] })
    const since = new Date(nowMs).toISOString()
    expect((await read()).missing).toEqual([
      { box, from: 3, to: 4, cause: 'corrupt', since },
      { box, from: 7, to: 8, cause: 'trimmed', since },
      { box, from: 10, to: 11, cause: 'unknown' },
    ])
  })

  it('shows both contents of what came twice', async () => {
    await deliver('till-1', [1, 2])
    const arrived = { kind: 'press', source: 'box', box, boxSeq: 3 }
    await store.transact(async (writer) => {
      const key = { terminal: 'till-1', epoch, sequence: 2, atMs: nowMs }
      await writer.insertQuarantined({ ...key, stored: '{"value":1}', arrived: JSON.stringify(arrived) })
      await writer.addLedger('till-1', { quarantined: 1 })
    })
    await say(4, 0, waiting())
    expect(await read()).toMatchObject({
      ...{ pressed: 3, stored: 2, quarantined: 1, aside: 1, missing: [] },
      conflicts: [{ epoch, sequence: 2, stored: { value: 1 }, arrived, at: new Date(nowMs).toISOString() }],
    })
  })

  it('calls no touch press missing that was put aside, and counts none aside that is stored', async () => {
    const touch = (seq: number, touchId: string) =>
      makePress(seq, { epoch }, { source: 'touch', box: undefined, boxSeq: undefined, touchId })
    await store.transact(async (writer) => {
      await writer.insertPresses([1, 2, 3].map((seq) => touch(seq, `touch-000${seq}`)))
      await writer.addLedger('till-1', { storedTouch: 3, quarantined: 3 })
      // The second of these is the first once more, and the last is stored under another key.
      for (const [sequence, touchId] of [
        [1, 'touch-0004'],
        [2, 'touch-0004'],
        [2, 'touch-0003'],
      ] as const) {
        const arrived = JSON.stringify({ ...touch(sequence, touchId).record, value: sequence })
        await writer.insertQuarantined({
          ...{ terminal: 'till-1', epoch, sequence, atMs: nowMs },
          ...{ stored: '{"value":1}', arrived },
        })
      }
    })
    await say(1, 0, { touchIssued: 5, ...waiting() })
    expect(await read()).toMatchObject({ pressed: 5, stored: 3, pending: 0, aside: 1, quarantined: 3 })
    expect((await read()).missing).toEqual([{ from: 5, to: 5, cause: 'touch' }])
    await say(1, 0, { touchIssued: 4, ...waiting() })
    expect(await read()).toMatchObject({ pressed: 4, stored: 3, aside: 1, missing: [] })
  })

  it('of a cloned terminal says so', async () => {
    await store.transact((writer) => writer.updateTerminalState('till-1', { clonedAtMs: nowMs }))
    expect((await read()).clonedAt).toBe(new Date(nowMs).toISOString())
  })

  describe('of two terminals that shared a box', () => {
    it('tells of each press once, while the first still has some of them', async () => {
      await deliver('till-1', [1, 99])
      await say(111, 0, { box: null, ...waiting([100, 107]) }, 'till-1')
      await deliver('till-2', [108, 150])
      await say(153, 2, waiting([108, 150]), 'till-2')
      expect(await read('till-1')).toMatchObject({ pressed: 107, stored: 99, pending: 8, missing: [] })
      expect(await read('till-2')).toMatchObject({ pressed: 45, stored: 43, pending: 2, missing: [] })
      await deliver('till-1', [100, 107])
      expect(await read('till-1')).toMatchObject({ pressed: 107, stored: 107, pending: 0, missing: [] })
    })

    it('calls nothing missing that a silent terminal may have', async () => {
      await deliver('till-1', [1, 99])
      await say(101, 1, waiting(), 'till-1')
      await deliver('till-2', [108, 150])
      await say(151, 0, waiting(), 'till-2')
      expect(await read('till-2')).toMatchObject({ pressed: 43, stored: 43, missing: [] })
      expect(await read('till-1')).toMatchObject({
        ...{ pressed: 107, stored: 99, pending: 8, missing: [] },
        // What was at the box when the first terminal spoke has left it since, to whichever of the two.
        waiting: [{ from: 100, to: 107, at: 'unheard' }],
      })
      await say(1, 0, { box: null, ...waiting() }, 'till-1')
      expect(await read('till-1')).toMatchObject({ pressed: 107, pending: 0, missing: [{ from: 100, to: 107 }] })
    })

    const terminals = ['a', 'b', 'c']
    const said = { epoch, boot: 'b007000a', monoMs: 0, atMs: nowMs }
    const silent = {
      touchIssued: 0,
      unacknowledged: null,
      versions: {},
      told: said,
      held: [],
      storage: null,
      isUnreadable: false,
    }

    it('always add up to what the box gave', () => {
      const spans = fc.array(fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 9 }), fc.nat(2)), { maxLength: 12 })
      fc.assert(
        fc.property(spans, fc.nat(5), fc.nat(2), (lengths, atBox, holder) => {
          // Each span of numbers is stored by, waits with, or is lost by one of the terminals.
          const shares: BoxShare[] = []
          const claims = terminals.map((): SeqRange[] => [])
          let next = 1
          for (const [who, length, fate] of lengths) {
            const range = { from: next, to: next + length - 1 }
            if (fate === 0) shares.push({ ...range, terminal: terminals[who] as string })
            if (fate === 1) claims[who]?.push(range)
            next += length
          }
          const holders = terminals.map((terminal, i): Holder => {
            const state = { id: box, next: next + atBox, pending: atBox, dropped: 0 }
            const boxes = (claims[i] ?? []).map((range) => ({ ...range, box }))
            const told = { waiting: { boxes, more: 0, touch: 0 }, box: i === holder ? state : null }
            const said =
              i === holder ? { next: next + atBox, pending: atBox, atMs: nowMs, fromAtMs: nowMs, fromNext: 1 } : null
            return { terminal, report: { ...silent, ...told }, told: said }
          })
          const accounts = terminals.map((terminal) => accountBox(box, terminal, { shares, holders, conflicting: [] }))
          const counted = accounts.map((one) => one.stored + sizeOf(one.pending) + sizeOf(one.open))
          if (shares.length > 0) expect(counted.reduce((sum, n) => sum + n, 0)).toBe(next - 1 + atBox)
          for (const [i, account] of accounts.entries()) {
            expect(account.stored).toBe(sizeOf(shares.filter(({ terminal }) => terminal === terminals[i])))
            const waits = sizeOf(claims[i] ?? []) + (i === holder ? atBox : 0)
            expect(sizeOf(account.pending)).toBe(waits)
          }
        }),
      )
    })
  })
})

describe('ranges of numbers', () => {
  it('finds holes and parts the newest from them', () => {
    const stored = [
      { from: 2, to: 3 },
      { from: 7, to: 8 },
    ]
    const holes = findHoles(stored, 10)
    expect(holes).toEqual([
      { from: 1, to: 1 },
      { from: 4, to: 6 },
      { from: 9, to: 10 },
    ])
    expect(splitNewest(holes, 3)).toEqual({
      older: [
        { from: 1, to: 1 },
        { from: 4, to: 5 },
      ],
      newest: [
        { from: 6, to: 6 },
        { from: 9, to: 10 },
      ],
    })
    expect(splitNewest(holes, 99).older).toEqual([])
    expect(findHoles([], 0)).toEqual([])
    expect(subtractRanges([{ from: 1, to: 9, box }], [{ from: 3, to: 20 }])).toEqual([{ from: 1, to: 2, box }])
  })
})
