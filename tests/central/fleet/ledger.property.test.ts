/** Where nothing is lost, no ledger ever says that something is missing, whatever is on its way and whoever is silent. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readLedger } from '../../../src/central/fleet/read-ledger.ts'
import { makeSeqSet } from '../../../src/central/ingest/seq-set.ts'
import type { Store } from '../../../src/central/store/port.ts'
import type { Waiting } from '../../../src/contracts/messages.ts'
import { openTempStore } from '../../support/central-store.ts'
import { nowMs, saidHealth } from './fleet-samples.ts'

const box = '0000beef'
const names = ['till-1', 'till-2', 'till-3'] as const
type Pi = { name: string; outbox: number[]; known: { next: number; pending: number } | null }

const rangesOf = (seqs: readonly number[]) => {
  const set = makeSeqSet([])
  for (const seq of seqs) set.add(seq)
  return set.ranges()
}

/** A box, the terminals it wanders between, and what the central hears of them. */
function makeWorld(store: Store) {
  const pis: Pi[] = names.map((name) => ({ name, outbox: [], known: null }))
  const atBox: number[] = []
  let next = 1
  let attached = 0
  let atMs = nowMs

  const meet = (pi: Pi) => {
    pi.outbox.push(...atBox.splice(0))
    pi.known = { next, pending: 0 }
  }
  async function tell(pi: Pi): Promise<void> {
    atMs += 60_000
    const waiting: Waiting = { boxes: rangesOf(pi.outbox).map((range) => ({ box, ...range })), more: 0, touch: 0 }
    const state = pi.known && { id: box, ...pi.known, dropped: 0 }
    const health = saidHealth({ monoMs: atMs - nowMs, unacknowledged: pi.outbox.length, box: state, waiting })
    await store.transact(async (writer) => {
      await writer.updateTerminalState(pi.name, { toldAtMs: atMs, lastSeenAtMs: atMs, health })
      if (state) await writer.noteBoxTold(pi.name, { box, ...state, atMs })
    })
  }
  async function deliver(pi: Pi, count: number): Promise<void> {
    const seqs = pi.outbox.splice(0, count)
    if (seqs.length === 0) return
    await store.transact(async (writer) => {
      const set = makeSeqSet(await writer.boxRanges(box))
      for (const seq of seqs) set.add(seq)
      await writer.setBoxRanges(pi.name, box, set.ranges())
      await writer.addLedger(pi.name, { stored: seqs.length })
    })
  }
  const here = () => pis[attached] as Pi
  return {
    pis,
    pressed: () => next - 1,
    press(count: number) {
      for (let i = 0; i < count; i += 1) atBox.push(next++)
      // It hears of presses before it takes them.
      here().known = { next, pending: atBox.length }
    },
    take: () => meet(here()),
    tell,
    deliver,
    /** A daemon that starts again knows of no box until it has met it. */
    restart: (pi: Pi) => {
      pi.known = null
    },
    /**
     * A terminal says at once that it has met another box; what it takes from it may stay unsaid for days. Whoever moves a box tries
     * its buttons.
     */
    async move(to: number) {
      attached = to
      atBox.push(next++)
      here().known = { next, pending: atBox.length }
      await tell(here())
    },
  }
}

const ledgers = (store: Store) =>
  Promise.all(
    names.map(async (name) => {
      const ledger = await readLedger(store.read, name)
      if (!ledger) throw new Error('no such terminal')
      return ledger
    }),
  )

it('calls nothing missing that is only on its way', async () => {
  const step = fc.tuple(fc.constantFrom('press', 'take', 'tell', 'deliver', 'restart', 'move'), fc.nat(2), fc.nat(5))
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const temp = await openTempStore()
      const { store } = temp
      try {
        await store.transact(async (writer) => {
          for (const id of names) await writer.putTerminal({ id, secretHash: '', createdAtMs: 0, name: id })
        })
        const world = makeWorld(store)
        await world.move(0)
        for (const [what, which, count] of steps) {
          const pi = world.pis[which] as Pi
          if (what === 'press') world.press(count)
          if (what === 'take') world.take()
          if (what === 'tell') await world.tell(pi)
          if (what === 'deliver') await world.deliver(pi, count)
          if (what === 'restart') world.restart(pi)
          if (what === 'move') await world.move(which)
          const all = await ledgers(store)
          for (const { missing, pressed, stored, pending, countedTwice } of all) {
            expect(missing).toEqual([])
            expect(countedTwice).toBe(0)
            expect(pressed).toBe(stored + pending)
          }
          expect(all.reduce((sum, { pressed }) => sum + pressed, 0)).toBeLessThanOrEqual(world.pressed())
        }
        world.take()
        for (const pi of world.pis) await world.tell(pi)
        expect((await ledgers(store)).reduce((sum, { pressed }) => sum + pressed, 0)).toBe(world.pressed())
        for (const pi of world.pis) await world.deliver(pi, 1_000)
        const end = await ledgers(store)
        expect(end.reduce((sum, { stored }) => sum + stored, 0)).toBe(world.pressed())
        expect(end.map(({ pending }) => pending)).toEqual([0, 0, 0])
      } finally {
        await temp.remove()
      }
    }),
    { numRuns: 25 },
  )
})
