/** What one terminal can do to the others, and what is said aloud of what went wrong. */
import { afterEach, describe, expect, it } from 'vitest'
import type { Desired } from '../../../src/contracts/messages.ts'
import type { Logger } from '../../../src/shared/logger.ts'
import { anchorOf, bootA, epochA, epochB, type Harness, openHarness, pressOf } from './ingest-harness.ts'

let harness: Harness
let atMs = 0
const lines: { text: string; fields: Record<string, unknown> }[] = []
const write = (fields: object, text: string) => void lines.push({ text, fields: { ...fields } })
const logger: Logger = { debug: () => {}, info: () => {}, warn: write, error: write, child: () => logger }
const linesOf = (text: string) => lines.filter((line) => line.text.includes(text)).map(({ fields }) => fields)
const open = async (options: Parameters<typeof openHarness>[0] = {}) => {
  atMs = 1_000_000
  lines.length = 0
  harness = await openHarness({ monoMs: () => atMs, logger, ...options })
}
afterEach(() => harness.close())

const hello = (i: number, terminal = 'till-1') => {
  const nonce = i.toString(16).padStart(8, '0')
  const held = [{ epoch: i.toString(16).padStart(16, '0'), first: 1, last: 9 }]
  const text = { nonce, versions: { terminal: '0.1.0' }, epoch: epochA, held, boot: bootA, monoMs: i }
  harness.send(terminal, 'hello', JSON.stringify(text))
}
const health = (rev: number, terminal = 'till-1') =>
  harness.send(
    terminal,
    'health',
    JSON.stringify({
      ...{ nonce: 'abcdef01', epoch: epochA, boot: bootA, monoMs: 5, versions: { terminal: '0.1.0' }, rev },
      ...{ unacknowledged: 0, oldestAgeMs: null, box: null, touchIssued: 0, diskFreeBytes: null, databaseBytes: 0 },
      ...{ walBytes: 0, cpuTemperatureC: null, undervoltage: null, clock: 'kernel', serial: {}, boxResets: 0 },
      stuckButtons: [],
    }),
  )

describe('a terminal that sends without end', () => {
  it('is taken up to its allowance, counted, and told of once; others are answered, and it may go on later', async () => {
    await open()
    for (let i = 0; i < 10_000; i += 1) hello(i)
    harness.sendBatch({ terminal: 'till-2', records: [anchorOf(1, 0), pressOf(2)] })
    hello(1, 'till-2')
    await harness.ingest.idle()
    expect(harness.ingest.counters()).toMatchObject({ hellos: 121, 'dropped-rate': 9_880 })
    expect(linesOf('message refused')).toMatchObject([{ terminal: 'till-1', reason: 'dropped-rate' }])
    expect(harness.said.filter(({ terminal, leaf }) => terminal === 'till-2' && leaf === 'ack')).toHaveLength(1)
    expect(harness.said.filter(({ terminal, leaf }) => terminal === 'till-2' && leaf === 'welcome')).toHaveLength(1)
    atMs += 1_000
    for (let i = 0; i < 100; i += 1) hello(i)
    await harness.ingest.idle()
    expect(harness.ingest.counters()).toMatchObject({ hellos: 161 })
  })

  it('loses no press: it is asked to wait before anything is dropped, and what was dropped comes again', async () => {
    await open()
    const sendOne = (sequence: number) => harness.sendBatch({ records: [pressOf(sequence)] })
    for (let sequence = 1; sequence <= 700; sequence += 1) sendOne(sequence)
    const acks = await harness.acks()
    expect(acks).toHaveLength(600)
    expect(acks.at(-1)).toMatchObject({ upTo: 600, retryAfter: 1_000 })
    atMs += 1_000
    for (let sequence = 601; sequence <= 700; sequence += 1) sendOne(sequence)
    const later = await harness.acks()
    expect(later.at(-1)).toMatchObject({ upTo: 700 })
    expect(await harness.store.read.ledgerCounters('till-1')).toMatchObject({ stored: 700, repeated: 0 })
    atMs += 3_000
    sendOne(701)
    expect((await harness.acks())[0]).not.toHaveProperty('retryAfter')
  })

  it('of full batches gets no more than its share of a queue that is filling', async () => {
    await open()
    const records = Array.from({ length: 200 }, (_, i) => pressOf(i + 1))
    for (let i = 0; i < 300; i += 1) harness.sendBatch({ epoch: i.toString(16).padStart(16, '0'), records })
    expect(harness.ingest.waiting()).toBeLessThan(21_000)
    harness.sendBatch({ terminal: 'till-2', records: [anchorOf(1, 0), pressOf(2)] })
    const acks = await harness.acks()
    expect(harness.ingest.counters()).toMatchObject({ 'dropped-share': 199, 'dropped-full': 0 })
    expect(acks).toHaveLength(102)
  })
})

describe('the configuration', () => {
  const shown = (rev: number): Desired => ({
    rev,
    survey: { question: 'service', revision: 1, scaleMax: 3, texts: [{ language: 'en', text: 'How were we?' }] },
  })
  const sent = async () => {
    await harness.ingest.idle()
    return harness.said.splice(0).filter(({ leaf }) => leaf === 'desired').length
  }

  it('is sent more and more seldom to a terminal that never puts it in force, and at once when it did', async () => {
    await open({ makeDesired: async () => shown(7) })
    let all = 0
    for (let i = 0; i < 100; i += 1) {
      health(100 + i)
      all += await sent()
    }
    expect(all).toBe(1)
    expect(harness.ingest.counters()['desired-withheld']).toBe(99)
    atMs += 60_000
    health(1)
    expect(await sent()).toBe(1)
    atMs += 60_000
    health(2)
    expect(await sent()).toBe(0)
    health(7)
    health(6)
    expect(await sent()).toBe(1)
    hello(1)
    expect(await sent()).toBe(1)
  })
})

describe('what went wrong with records', () => {
  it('is said aloud and counted: a loss, a conflict, a record that can not be accepted', async () => {
    await open()
    harness.sendBatch({ records: [anchorOf(1, 0), pressOf(2)] })
    harness.sendBatch({ records: [pressOf(2, { value: 3 })] })
    harness.sendBatch({ records: [], first: 3, lost: [{ epoch: epochB, from: 1, to: 4, cause: 'trimmed' }] })
    harness.sendBatch({ records: [pressOf(3, { value: 9 }), pressOf(4, { value: 9 })] })
    await harness.acks()
    const at = { terminal: 'till-1', epoch: epochA }
    expect(linesOf('other content')).toEqual([{ ...at, sequence: 2 }])
    expect(linesOf('missing for ever')).toEqual([{ ...at, epoch: epochB, from: 1, to: 4, cause: 'trimmed' }])
    expect(linesOf('can never be accepted')).toEqual([{ ...at, sequence: 3, reason: 'value-above-scale' }])
    expect(harness.ingest.counters()).toMatchObject({
      ...{ quarantined: 1, 'lost-records': 4, 'rejected-value-above-scale': 2 },
    })
  })

  it('is said once: the same loss told again changes nothing', async () => {
    await open()
    for (let i = 0; i < 3; i += 1)
      harness.sendBatch({ records: [], first: 1, lost: [{ epoch: epochB, from: 1, to: 4, cause: 'corrupt' }] })
    await harness.acks()
    expect(linesOf('missing for ever')).toHaveLength(1)
    expect(harness.ingest.counters()['lost-records']).toBe(4)
  })
})
