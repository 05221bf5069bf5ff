/** Where nothing is lost, no ledger ever says that something is missing, whatever is on its way and whoever is silent. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readLedger } from '../../../src/central/fleet/read-ledger.ts'
import { makeSeqSet } from '../../../src/central/ingest/seq-set.ts'
import type { Store, StoreReader } from '../../../src/central/store/port.ts'
import type { Waiting } from '../../../src/contracts/messages.ts'
import { openTempStore } from '../../support/central-store.ts'
import { makePress } from '../store/store-suite.ts'
import { nowMs, saidHealth } from './fleet-samples.ts'

const box = '0000beef'
const names = ['till-1', 'till-2', 'till-3'] as const
const steps = ['press', 'touch', 'take', 'tell', 'deliver', 'restart', 'move'] as const
type Step = [what: (typeof steps)[number], which: number, count: number]
type Touch = { touchId: string; monoMs: number }
type Pi = {
  name: string
  /** Numbers of the box, and touch presses. */
  outbox: (number | Touch)[]
  sequence: number
  touchIssued: number
  known: { next: number; pending: number } | null
}

const rangesOf = (seqs: readonly number[]) => {
  const set = makeSeqSet([])
  for (const seq of seqs) set.add(seq)
  return set.ranges()
}

/** A box, the terminals it wanders between, and what the central hears of them. */
function makeWorld(store: Store) {
  const pis: Pi[] = names.map((name) => ({ name, outbox: [], sequence: 0, touchIssued: 0, known: null }))
  const atBox: number[] = []
  let next = 1
  let attached = 0
  let atMs = nowMs

  const meet = (pi: Pi) => {
    pi.outbox.push(...atBox.splice(0))
    pi.known = { next, pending: 0 }
  }
  const touch = (pi: Pi, count: number) => {
    for (let i = 0; i < count; i += 1) {
      pi.touchIssued += 1
      atMs += 1
      pi.outbox.push({ touchId: `${pi.name} ${pi.touchIssued}`, monoMs: atMs - nowMs })
    }
  }
  async function tell(pi: Pi): Promise<void> {
    atMs += 60_000
    const seqs = pi.outbox.filter((one) => typeof one === 'number')
    const boxes = rangesOf(seqs).map((range) => ({ box, ...range }))
    const waiting: Waiting = { boxes, more: 0, touch: pi.outbox.length - seqs.length }
    const state = pi.known && { id: box, ...pi.known, dropped: 0 }
    const said = { monoMs: atMs - nowMs, unacknowledged: pi.outbox.length, touchIssued: pi.touchIssued }
    const health = saidHealth({ ...said, box: state, waiting })
    await store.transact(async (writer) => {
      await writer.updateTerminalState(pi.name, { toldAtMs: atMs, lastSeenAtMs: atMs, health })
      if (state) await writer.noteBoxTold(pi.name, { box, ...state, atMs })
    })
  }
  async function deliver(pi: Pi, count: number): Promise<void> {
    const sent = pi.outbox.splice(0, count)
    if (sent.length === 0) return
    atMs += 1
    const seqs = sent.filter((one) => typeof one === 'number')
    const rows = sent.map((one) => {
      pi.sequence += 1
      const origin = typeof one === 'number' ? { boxSeq: one } : { source: 'touch', box: undefined, ...one }
      const change = { terminal: pi.name, epoch: 'aaaaaaaaaaaaaaaa', receivedAtMs: atMs }
      return makePress(pi.sequence, change, { boot: 'b007000a', boxSeq: undefined, ...origin })
    })
    await store.transact(async (writer) => {
      const set = makeSeqSet(await writer.boxRanges(box))
      for (const seq of seqs) set.add(seq)
      await writer.insertPresses(rows)
      await writer.setBoxRanges(pi.name, box, set.ranges())
      await writer.addLedger(pi.name, { stored: seqs.length, storedTouch: sent.length - seqs.length })
    })
  }
  const here = () => pis[attached] as Pi
  /**
   * A terminal says at once that it has met another box; what it takes from it may stay unsaid for days. Whoever moves a box tries
   * its buttons.
   */
  async function move(to: number) {
    attached = to
    atBox.push(next++)
    here().known = { next, pending: atBox.length }
    await tell(here())
  }
  function press(count: number) {
    for (let i = 0; i < count; i += 1) atBox.push(next++)
    // It hears of presses before it takes them.
    here().known = { next, pending: atBox.length }
  }
  return {
    pis,
    pressed: () => next - 1 + pis.reduce((sum, { touchIssued }) => sum + touchIssued, 0),
    take: () => meet(here()),
    tell,
    deliver,
    move,
    async go([what, which, count]: Step): Promise<void> {
      const pi = pis[which] as Pi
      if (what === 'press') press(count)
      if (what === 'touch') touch(pi, count)
      if (what === 'take') meet(here())
      if (what === 'tell') await tell(pi)
      if (what === 'deliver') await deliver(pi, count)
      // A daemon that starts again knows of no box until it has met it.
      if (what === 'restart') pi.known = null
      if (what === 'move') await move(which)
    },
  }
}

async function readAll(read: StoreReader) {
  const ledgers = []
  for (const name of names) {
    const ledger = await readLedger(read, name)
    if (!ledger) throw new Error('no such terminal')
    ledgers.push(ledger)
  }
  return ledgers
}

async function inWorld(check: (store: Store, world: ReturnType<typeof makeWorld>) => Promise<void>): Promise<void> {
  const temp = await openTempStore()
  try {
    await temp.store.transact(async (writer) => {
      for (const id of names) await writer.putTerminal({ id, secretHash: '', createdAtMs: 0, name: id })
    })
    const world = makeWorld(temp.store)
    await world.move(0)
    await check(temp.store, world)
  } finally {
    await temp.remove()
  }
}

const anyStep = fc.tuple(fc.constantFrom(...steps), fc.nat(2), fc.nat(5))

function expectWhole(ledgers: Awaited<ReturnType<typeof readAll>>): void {
  for (const { missing, pressed, stored, pending, countedTwice } of ledgers) {
    expect(missing).toEqual([])
    expect(countedTwice).toBe(0)
    expect(pressed).toBe(stored + pending)
  }
}

it('calls nothing missing that is only on its way', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { maxLength: 40 }), (taken) =>
      inWorld(async (store, world) => {
        for (const step of taken) {
          await world.go(step)
          const all = await readAll(store.read)
          expectWhole(all)
          expect(all.reduce((sum, { pressed }) => sum + pressed, 0)).toBeLessThanOrEqual(world.pressed())
        }
        world.take()
        for (const pi of world.pis) await world.tell(pi)
        expect((await readAll(store.read)).reduce((sum, { pressed }) => sum + pressed, 0)).toBe(world.pressed())
        for (const pi of world.pis) await world.deliver(pi, 1_000)
        const end = await readAll(store.read)
        expect(end.reduce((sum, { stored }) => sum + stored, 0)).toBe(world.pressed())
        expect(end.map(({ pending }) => pending)).toEqual([0, 0, 0])
      }),
    ),
    { numRuns: 25 },
  )
}, 60_000)

/** Does something before each question, as a central that goes on while a ledger is read. */
function whileGoingOn(read: StoreReader, goOn: () => Promise<void>): StoreReader {
  return new Proxy(read, {
    get(target, name: keyof StoreReader) {
      return async (...args: unknown[]) => {
        await goOn()
        return await (target[name] as (...given: unknown[]) => unknown)(...args)
      }
    },
  })
}

it('calls nothing missing that moves on while the ledger is read', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(anyStep, { minLength: 2, maxLength: 8 }), { maxLength: 40 }), (taken) =>
      inWorld(async (store, world) => {
        const left = [...taken]
        const read = whileGoingOn(store.read, async () => {
          for (const step of left.shift() ?? []) await world.go(step)
        })
        while (left.length > 0) expectWhole(await readAll(read))
      }),
    ),
    { numRuns: 20 },
  )
}, 60_000)
