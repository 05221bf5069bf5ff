import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type CustodyWatch, openCustodyWatch } from '../../../src/central/fleet/open-custody-watch.ts'
import { readLedger } from '../../../src/central/fleet/read-ledger.ts'
import type { Logger } from '../../../src/shared/logger.ts'
import { makeBusyStore } from '../../support/busy-store.ts'
import { openTempStore, type TempStore } from '../../support/central-store.ts'
import { nowMs, saidHealth } from './fleet-samples.ts'

const box = '0000beef'
const minuteMs = 60_000

describe('the watch over ledgers', () => {
  let temp: TempStore
  let watch: CustodyWatch
  let atMs = nowMs
  const lines: { text: string; fields: Record<string, unknown> }[] = []
  const write = (fields: object, text: string) => void lines.push({ text, fields: { ...fields } })
  const logger: Logger = { debug: () => {}, info: write, warn: write, error: write, child: () => logger }
  const open = () => openCustodyWatch({ store: temp.store, clock: { wallMs: () => atMs, monoMs: () => atMs }, logger })
  const deliver = (terminal: string, from: number, to: number) =>
    temp.store.transact(async (writer) => {
      const ranges = [...(await writer.boxRanges(box)), { from, to }].sort((a, b) => a.from - b.from)
      await writer.setBoxRanges(terminal, box, ranges)
      await writer.addLedger(terminal, { stored: to - from + 1 })
    })
  const tell = (terminal: string, next: number) =>
    temp.store.transact(async (writer) => {
      const waiting = { boxes: [], more: 0, touch: 0 }
      const health = saidHealth({ unacknowledged: 0, box: { id: box, next, pending: 0, dropped: 0 }, waiting })
      await writer.updateTerminalState(terminal, { lastSeenAtMs: atMs, toldAtMs: atMs, health })
      await writer.noteBoxTold(terminal, { box, next, pending: 0, atMs })
    })
  const review = async (...changed: string[]) => {
    watch.noteChanged(changed)
    await watch.review(10_000)
  }
  const said = () => lines.splice(0).map(({ text, fields }) => ({ ...fields, text }))

  beforeEach(async () => {
    temp = await openTempStore()
    atMs = nowMs
    await temp.store.transact(async (writer) => {
      for (const id of ['till-1', 'till-2']) await writer.putTerminal({ id, secretHash: '', createdAtMs: 0, name: id })
    })
    watch = open()
  })
  afterEach(async () => {
    await watch.close()
    await temp.remove()
    lines.length = 0
  })

  it('knows every ledger in short, and looks again at what changed', async () => {
    await deliver('till-1', 1, 5)
    await tell('till-1', 6)
    expect(watch.custodyOf('till-1')).toBeNull()
    await review()
    const five = { pressed: 5, stored: 5, pending: 0, missing: 0, quarantined: 0, countedTwice: 0 }
    expect(watch.custodyOf('till-1')).toEqual(five)
    expect(watch.custodyOf('till-2')).toMatchObject({ pressed: 0 })
    await deliver('till-1', 6, 8)
    await review()
    expect(watch.custodyOf('till-1')).toEqual(five)
    await review('till-1')
    expect(watch.custodyOf('till-1')).toMatchObject({ pressed: 8, stored: 8 })
  })

  it('raises a hole once, when it has stood for a while, also over a restart, and says when it is filled', async () => {
    await deliver('till-1', 1, 5)
    await tell('till-1', 8)
    await review('till-1')
    expect(said()).toEqual([])
    expect(watch.missing()).toBe(2)
    const since = new Date(nowMs).toISOString()
    expect((await readLedger(temp.store.read, 'till-1'))?.missing).toEqual([
      { box, from: 6, to: 7, cause: 'unknown', since },
    ])

    atMs += 9 * minuteMs
    await review()
    expect(said()).toEqual([])
    await watch.close()
    watch = open()
    atMs += 2 * minuteMs
    await review()
    expect(said()).toEqual([{ terminal: 'till-1', box, from: 6, to: 7, cause: 'unknown', text: 'presses are missing' }])
    expect(watch.counters.get('missing-presses')).toBe(2)
    atMs += 30 * minuteMs
    await review('till-1')
    expect(said()).toEqual([])

    await deliver('till-1', 7, 7)
    await review('till-1')
    expect(said()).toEqual([{ terminal: 'till-1', presses: 1, text: 'presses that were missing are here' }])
    expect((await readLedger(temp.store.read, 'till-1'))?.missing).toEqual([
      { box, from: 6, to: 6, cause: 'unknown', since },
    ])
    await deliver('till-1', 6, 6)
    await review('till-1')
    expect(watch.missing()).toBe(0)
    expect(await temp.store.read.missingPresses('till-1')).toEqual([])
  })

  it('says nothing of a hole that was only a batch on its way', async () => {
    await deliver('till-1', 1, 5)
    await tell('till-1', 8)
    await review('till-1')
    await deliver('till-1', 6, 7)
    atMs += 20 * minuteMs
    await review('till-1')
    expect(said()).toEqual([])
    expect(watch.counters.get('missing-presses')).toBe(0)
  })

  it('looks again at whoever had the box, when the next one speaks of it', async () => {
    await deliver('till-1', 1, 5)
    await tell('till-1', 6)
    await review()
    atMs += minuteMs
    await tell('till-2', 9)
    await review('till-2')
    expect(watch.custodyOf('till-1')).toMatchObject({ pressed: 8, stored: 5, pending: 3, missing: 0 })
    atMs += minuteMs
    await tell('till-1', 6)
    await review('till-1')
    expect(watch.custodyOf('till-1')).toMatchObject({ pressed: 8, stored: 5, pending: 0, missing: 3 })
  })

  it('raises presses that were counted more than once', async () => {
    await deliver('till-1', 1, 5)
    await tell('till-1', 6)
    await temp.store.transact((writer) => writer.addLedger('till-1', { stored: 1 }))
    await review('till-1')
    expect(said()).toEqual([{ terminal: 'till-1', presses: 1, text: 'presses were counted more than once' }])
    await review('till-1')
    expect(said()).toEqual([])
    expect(watch.counters.get('counted-twice')).toBe(1)
  })

  it('forgets no terminal of which the store failed, and looks at the rest', async () => {
    await review()
    await watch.close()
    const { store, setBusy } = makeBusyStore(temp.store)
    watch = openCustodyWatch({ store, clock: { wallMs: () => atMs, monoMs: () => atMs }, logger })
    await review()
    await deliver('till-1', 1, 5)
    await deliver('till-2', 6, 8)
    for (const [terminal, next] of [
      ['till-1', 6],
      ['till-2', 9],
    ] as const)
      await tell(terminal, next)
    setBusy((name, terminal) => name === 'terminal' && terminal === 'till-1')
    await review('till-1', 'till-2')
    atMs += minuteMs
    await review()
    expect([watch.custodyOf('till-1')?.pressed, watch.custodyOf('till-2')?.pressed]).toEqual([0, 3])
    expect(watch.counters.get('failed-ledgers')).toBeGreaterThanOrEqual(2)
    expect(said()).toMatchObject([{ text: 'ledgers could not be looked at; it is tried again' }])
    setBusy(() => false)
    await review()
    expect(watch.custodyOf('till-1')?.pressed).toBe(5)
    setBusy((name, terminal) => name === 'boxesOf' && terminal === 'till-1')
    await review('till-1')
    expect(said()).toHaveLength(1)
  })

  it('raises later what could not be noted, and looks at the rest', async () => {
    await watch.close()
    const { store, setBusy } = makeBusyStore(temp.store)
    watch = openCustodyWatch({ store, clock: { wallMs: () => atMs, monoMs: () => atMs }, logger })
    await deliver('till-1', 1, 5)
    await tell('till-1', 8)
    await review('till-1', 'till-2')
    atMs += 11 * minuteMs
    setBusy((name) => name === 'transact')
    await temp.store.transact((writer) => writer.addLedger('till-2', { storedTouch: 4 }))
    await review('till-1', 'till-2')
    expect(watch.custodyOf('till-2')?.stored).toBe(4)
    expect(said().map(({ text }) => text)).toEqual(['ledgers could not be looked at; it is tried again'])
    setBusy(() => false)
    await review()
    expect(said()).toMatchObject([{ terminal: 'till-1', from: 6, to: 7, text: 'presses are missing' }])
    expect(watch.counters.get('missing-presses')).toBe(2)
  })
})
