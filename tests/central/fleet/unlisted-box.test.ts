/** Presses that a terminal holds and can't list are nobody's missing ones, whoever had the box before. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readLedger } from '../../../src/central/fleet/read-ledger.ts'
import type { Health } from '../../../src/contracts/messages.ts'
import { openTempStore, type TempStore } from '../../support/central-store.ts'
import { nowMs, saidHealth } from './fleet-samples.ts'

const box = '0000beef'
const minuteMs = 60_000
const nothing = { boxes: [], more: 0, touch: 0 }
let temp: TempStore
let atMs = nowMs

beforeEach(async () => {
  temp = await openTempStore()
  atMs = nowMs
  await temp.store.transact(async (writer) => {
    for (const id of ['a', 'b', 'c']) await writer.putTerminal({ id, secretHash: '', createdAtMs: 0, name: id })
  })
})
afterEach(() => temp.remove())

const deliver = (terminal: string, from: number, to: number) =>
  temp.store.transact(async (writer) => {
    const ranges = [...(await writer.boxRanges(box)), { from, to }].sort((a, b) => a.from - b.from)
    await writer.setBoxRanges(terminal, box, ranges)
    await writer.addLedger(terminal, { stored: to - from + 1 })
  })

/** `next` null where another has the box. */
async function tell(terminal: string, next: number | null, fields: Partial<Health> = {}, pending = 0): Promise<void> {
  atMs += minuteMs
  const state = next === null ? null : { id: box, next, pending, dropped: 0 }
  const health = saidHealth({ monoMs: atMs - nowMs, unacknowledged: 0, waiting: nothing, box: state, ...fields })
  await temp.store.transact(async (writer) => {
    await writer.updateTerminalState(terminal, { lastSeenAtMs: atMs, toldAtMs: atMs, health })
    if (next !== null) await writer.noteBoxTold(terminal, { box, next, pending, atMs })
  })
}

async function read(terminal: string) {
  const ledger = await readLedger(temp.store.read, terminal)
  return [ledger?.pressed, ledger?.stored, ledger?.pending, ledger?.missing.map(({ from, to }) => [from, to])]
}

const untold = (unacknowledged: number) => {
  const health: Partial<Health> = { unacknowledged }
  Object.defineProperty(health, 'waiting', { value: undefined, enumerable: true })
  return health
}
const unlisted: [string, Partial<Health>][] = [
  ['can not read its outbox', { unreadable: true, ...untold(0) }],
  ['tells only how many records wait', untold(11)],
  ['lists only a part', { unacknowledged: 11, waiting: { boxes: [{ box, from: 11, to: 12 }], more: 8, touch: 0 } }],
]

describe.each(unlisted)('a terminal that %s', (_, said) => {
  it('keeps what the box gave since it came there', async () => {
    await tell('a', 1)
    await tell('a', 11)
    await deliver('a', 1, 10)
    await tell('b', 11)
    await tell('a', null)
    await tell('b', 21, said)
    expect(await read('a')).toEqual([10, 10, 0, []])
    expect(await read('b')).toEqual([10, 0, 10, []])
  })

  it('keeps what the box brought along', async () => {
    await tell('a', 1)
    await tell('a', 11)
    await deliver('a', 1, 10)
    await tell('b', 16, {}, 5)
    await tell('a', null)
    await tell('b', 21, said)
    expect(await read('a')).toEqual([10, 10, 0, []])
    expect(await read('b')).toEqual([10, 0, 10, []])
  })

  it('leaves to the one before what went missing there', async () => {
    await tell('a', 1)
    await tell('a', 11)
    await deliver('a', 1, 4)
    await deliver('a', 8, 10)
    await tell('b', 11)
    await tell('a', null)
    await tell('b', 21, said)
    expect(await read('a')).toEqual([10, 7, 0, [[5, 7]]])
    expect(await read('b')).toEqual([10, 0, 10, []])
  })
})

describe('of terminals that list what they have', () => {
  it('what is missing is missing where the box was when it gave it', async () => {
    await tell('a', 1)
    await tell('a', 11)
    await deliver('a', 1, 10)
    await tell('b', 11)
    await tell('a', null)
    await deliver('b', 14, 20)
    await tell('b', 21)
    expect(await read('a')).toEqual([10, 10, 0, []])
    expect(await read('b')).toEqual([10, 7, 0, [[11, 13]]])
  })

  it('a box that came back is nobody else’s for what it gave before', async () => {
    await tell('a', 1)
    await tell('a', 11)
    await deliver('a', 1, 10)
    await tell('b', 11)
    await tell('b', 21)
    await deliver('b', 11, 14)
    await deliver('b', 18, 20)
    await tell('c', 21)
    await tell('c', 31)
    await deliver('c', 21, 30)
    await tell('b', 41)
    await deliver('b', 31, 40)
    for (const terminal of ['a', 'c', 'b']) await tell(terminal, terminal === 'b' ? 41 : null)
    expect(await read('a')).toEqual([10, 10, 0, []])
    expect(await read('b')).toEqual([20, 17, 0, [[15, 17]]])
    expect(await read('c')).toEqual([10, 10, 0, []])
  })
})
