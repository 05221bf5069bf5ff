import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Anchor, Store, StoreWriter } from '../../../src/central/store/port.ts'
import { makeKeptRows } from '../../../src/central/store/sqlite/kept-rows.ts'
import { openSqliteStore } from '../../../src/central/store/sqlite/open-sqlite-store.ts'
import { makeLogger } from '../../../src/shared/logger.ts'

const logger = makeLogger('silent')
const boots = ['b007000a', 'b007000b']
const boxes = ['0000beef', '0000cafe']
const terminals = ['till-1', 'till-2']

/** What the store should hold, by plain sets. */
type Model = { anchors: Map<string, Anchor>; seqs: Set<string>; dirty: Set<string> }
type Step = {
  terminal: string
  boot: string
  box: string
  at: number
  size: number
  what: 'anchor' | 'seq' | 'hour' | 'clear'
}
type Turn = { by: 0 | 1; isUndone: boolean; steps: Step[] }

const step = fc.record({
  terminal: fc.constantFrom(...terminals),
  boot: fc.constantFrom(...boots),
  box: fc.constantFrom(...boxes),
  at: fc.integer({ min: 1, max: 60 }),
  size: fc.integer({ min: 0, max: 30 }),
  what: fc.constantFrom('anchor' as const, 'seq' as const, 'hour' as const, 'clear' as const),
})
const turn = fc.record({
  by: fc.constantFrom(0 as const, 1 as const),
  isUndone: fc.boolean(),
  steps: fc.array(step, { minLength: 1, maxLength: 12 }),
})

function anchorsAround(model: Model, { terminal, boot, at, size }: Step): Anchor[] {
  const all = [...model.anchors].filter(([key]) => key.startsWith(`${terminal} ${boot} `)).map(([, anchor]) => anchor)
  all.sort((a, b) => a.monoMs - b.monoMs)
  const below = all.filter(({ monoMs }) => monoMs < at).slice(-1)
  const above = all.filter(({ monoMs }) => monoMs > at + size).slice(0, 1)
  return [...below, ...all.filter(({ monoMs }) => monoMs >= at && monoMs <= at + size), ...above]
}

const seqsOf = (model: Model, box: string) =>
  [...model.seqs].flatMap((key) => (key.startsWith(box) ? [Number(key.slice(9))] : [])).sort((a, b) => a - b)
const toRanges = (seqs: readonly number[]) => {
  const ranges: { from: number; to: number }[] = []
  for (const seq of seqs) {
    const last = ranges.at(-1)
    if (last?.to === seq - 1) last.to = seq
    else ranges.push({ from: seq, to: seq })
  }
  return ranges
}

async function take(writer: StoreWriter, model: Model, one: Step): Promise<void> {
  const { terminal, boot, box, at, what } = one
  expect(await writer.anchorsAround(terminal, boot, at, at + one.size)).toEqual(anchorsAround(model, one))
  expect(await writer.boxRanges(box)).toEqual(toRanges(seqsOf(model, box)))
  const hours = [{ terminal, utcHour: at % 5 }]
  if (what === 'anchor') {
    const anchor: Anchor = { boot, monoMs: at, utcMs: 1_000 + one.size, errorMs: one.size, clock: 'kernel' }
    model.anchors.set(`${terminal} ${boot} ${at}`, anchor)
    await writer.insertAnchor(terminal, anchor)
  } else if (what === 'seq') {
    model.seqs.add(`${box} ${at}`)
    await writer.setBoxRanges(terminal, box, toRanges(seqsOf(model, box)))
  } else if (what === 'hour') {
    model.dirty.add(`${terminal} ${at % 5}`)
    await writer.markDirty(hours)
  } else {
    model.dirty.delete(`${terminal} ${at % 5}`)
    await writer.clearDirty(hours)
  }
}

async function takeTurns(stores: readonly [Store, Store], turns: readonly Turn[]): Promise<void> {
  let model: Model = { anchors: new Map(), seqs: new Set(), dirty: new Set() }
  for (const { by, isUndone, steps } of turns) {
    const next = { anchors: new Map(model.anchors), seqs: new Set(model.seqs), dirty: new Set(model.dirty) }
    const work = stores[by].transact(async (writer) => {
      for (const one of steps) await take(writer, next, one)
      if (isUndone) throw new Error('undone')
    })
    if (isUndone) await expect(work).rejects.toThrow('undone')
    else {
      await work
      model = next
    }
    const found = (await stores[by].read.dirtyHours(100)).map(({ terminal, utcHour }) => `${terminal} ${utcHour}`)
    expect(new Set(found)).toEqual(model.dirty)
  }
}

describe('rows kept across transactions', () => {
  it('are what plain reads would give, whoever wrote beside and whatever was rolled back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { minLength: 2, maxLength: 12 }), async (turns) => {
        const folder = mkdtempSync(join(tmpdir(), 'smilepost-kept-'))
        const path = join(folder, 'central.db')
        const stores = [await openSqliteStore({ path, logger }), await openSqliteStore({ path, logger })] as const
        try {
          await takeTurns(stores, turns)
        } finally {
          for (const store of stores) await store.close()
          rmSync(folder, { recursive: true })
        }
      }),
      { numRuns: 40 },
    )
  })

  it('are forgotten, not added to, beyond their limit', () => {
    const db = new Sqlite(':memory:')
    const map = makeKeptRows(db).makeMap<number, string>(2)
    map.set(1, 'one')
    map.set(2, 'two')
    map.set(2, 'zwei')
    expect([map.get(1), map.get(2)]).toEqual(['one', 'zwei'])
    map.set(3, 'three')
    expect([map.get(1), map.get(2), map.get(3)]).toEqual([undefined, undefined, 'three'])
    db.close()
  })

  it('of a boot with more anchors than are kept give the nearest ones all the same', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'smilepost-kept-'))
    const store = await openSqliteStore({ path: join(folder, 'central.db'), logger })
    const [terminal, boot] = ['till-1', 'b007000a']
    const anchors = Array.from({ length: 90 }, (_, i) => {
      return { boot, monoMs: i * 10, utcMs: 1_000 + i, errorMs: 3, clock: 'kernel' as const }
    })
    await store.transact(async (writer) => {
      for (const anchor of anchors) await writer.insertAnchor(terminal, anchor)
      const ask = (from: number, to: number) => writer.anchorsAround(terminal, boot, from, to)
      expect(await ask(0, 2_000)).toEqual(anchors)
      expect(await ask(800, 2_000)).toEqual(anchors.slice(79))
      expect(await ask(5, 15)).toEqual(anchors.slice(0, 3))
      expect(await ask(300, 310)).toEqual(anchors.slice(29, 33))
      expect(await ask(885, 885)).toEqual(anchors.slice(88))
    })
    await store.close()
    rmSync(folder, { recursive: true })
  })
})
