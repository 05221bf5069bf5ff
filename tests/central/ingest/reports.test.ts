import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Desired, Health, Hello } from '../../../src/contracts/messages.ts'
import { bootA, epochA, epochB, type Harness, nowMs, openHarness, pressOf } from './ingest-harness.ts'

const hello = (fields: Partial<Hello> = {}): string =>
  JSON.stringify({
    nonce: 'abcdef01',
    versions: { terminal: '0.1.0' },
    epoch: epochA,
    held: [],
    boot: bootA,
    monoMs: 5,
    ...fields,
  } satisfies Hello)
const health = (fields: Partial<Health> = {}): string =>
  JSON.stringify({
    nonce: 'abcdef02',
    epoch: epochA,
    boot: bootA,
    monoMs: 6,
    rev: 1,
    unacknowledged: 3,
    oldestAgeMs: 10,
    box: null,
    touchIssued: 0,
    diskFreeBytes: null,
    databaseBytes: 1,
    walBytes: 1,
    cpuTemperatureC: null,
    undervoltage: null,
    clock: 'kernel',
    serial: {},
    boxResets: 0,
    stuckButtons: [],
    versions: { terminal: '0.1.0' },
    ...fields,
  } satisfies Health)
const desired = (rev: number, text = 'How were we?'): Desired => ({
  rev,
  survey: { question: 'service', revision: 1, scaleMax: 3, texts: [{ language: 'en', text }] },
})

describe('hello, health and status', () => {
  let harness: Harness
  let shown: Desired | null
  beforeEach(async () => {
    shown = desired(1)
    harness = await openHarness({ makeDesired: async () => shown })
  })
  afterEach(() => harness.close())
  const marksOf = async () => (await harness.welcomes()).map((welcome) => welcome.marks)

  it('hello is answered with the marks of all epochs it names, then with what to show', async () => {
    harness.sendBatch({ records: [pressOf(1), pressOf(2)] })
    harness.sendBatch({ epoch: epochB, records: [pressOf(1)] })
    harness.send(
      'till-1',
      'hello',
      hello({
        epoch: 'cccccccccccccccc',
        held: [epochA, epochB, 'dddddddddddddddd'].map((epoch) => ({ epoch, first: 1, last: 9 })),
      }),
    )
    await harness.ingest.idle()
    expect(harness.said.map((one) => one.leaf)).toEqual(['ack', 'ack', 'welcome', 'desired'])
    const [welcome] = await harness.welcomes()
    expect(welcome).toEqual({
      nonce: 'abcdef01',
      serverTime: nowMs,
      marks: [
        { epoch: 'cccccccccccccccc', upTo: 0 },
        { epoch: epochA, upTo: 2 },
        { epoch: epochB, upTo: 1 },
        { epoch: 'dddddddddddddddd', upTo: 0 },
      ],
    })
    expect(harness.said.at(-1)?.message).toEqual(shown)
    const state = await harness.store.read.terminalState('till-1')
    expect(state).toMatchObject({ online: true, lastSeenAtMs: nowMs })
    expect(JSON.parse(state?.hello ?? '')).toMatchObject({ nonce: 'abcdef01' })
  })

  it('health is saved and answered with the marks of what the last hello held', async () => {
    harness.sendBatch({ epoch: epochB, records: [pressOf(1)] })
    harness.send('till-1', 'hello', hello({ held: [{ epoch: epochB, first: 1, last: 1 }] }))
    harness.send('till-1', 'health', health())
    harness.send('till-2', 'health', health())
    expect(await marksOf()).toEqual([
      [
        { epoch: epochA, upTo: 0 },
        { epoch: epochB, upTo: 1 },
      ],
      [
        { epoch: epochA, upTo: 0 },
        { epoch: epochB, upTo: 1 },
      ],
      [{ epoch: epochA, upTo: 0 }],
    ])
    expect((await harness.store.read.terminalState('till-1'))?.health).toContain('"unacknowledged":3')
  })

  it('a terminal that stands nowhere is welcomed and shown nothing', async () => {
    shown = null
    harness.send('till-1', 'hello', hello())
    expect(await harness.welcomes()).toHaveLength(1)
    expect(harness.said).toEqual([])
  })

  it('health that tells of another configuration in force is answered with the present one', async () => {
    shown = desired(4)
    harness.send('till-1', 'health', health({ rev: 4 }))
    await harness.ingest.idle()
    expect(harness.said.map((one) => one.leaf)).toEqual(['welcome'])
    harness.send('till-1', 'health', health({ rev: 3 }))
    await harness.ingest.idle()
    expect(harness.said.map((one) => one.leaf)).toEqual(['welcome', 'welcome', 'desired'])
    expect(harness.said.at(-1)?.message).toEqual(shown)
  })

  it('a change of what to show goes to terminals that said hello, an equal content does not', async () => {
    harness.send('till-1', 'hello', hello())
    await harness.ingest.idle()
    harness.said.length = 0
    const change = (text: string) =>
      harness.store.transact((writer) =>
        writer.putSurvey({ question: 'service', revision: 2, scaleMax: 3, texts: [{ language: 'en', text }] }),
      )
    shown = desired(2)
    await change('Same for the terminal')
    harness.send('till-2', 'status', '{"status":"online","connection":"aaaaaaaa"}')
    await harness.ingest.idle()
    expect(harness.said).toEqual([])
    shown = desired(3, 'And today?')
    await change('And today?')
    await vi.waitFor(
      () => expect(harness.said.map((one) => [one.terminal, one.message])).toEqual([['till-1', shown]]),
      {
        timeout: 10_000,
      },
    )
  })

  it('status keeps presence, and a will of an older connection changes nothing', async () => {
    const isOnline = async () => {
      await harness.ingest.idle()
      return (await harness.store.read.terminalState('till-1'))?.online
    }
    const send = (status: string, connection: string) =>
      harness.send('till-1', 'status', JSON.stringify({ status, connection }))
    send('online', 'aaaaaaaa')
    send('online', 'bbbbbbbb')
    send('offline', 'aaaaaaaa')
    expect(await isOnline()).toBe(true)
    expect(harness.ingest.counters()['stale-offline']).toBe(1)
    send('offline', 'bbbbbbbb')
    expect(await isOnline()).toBe(false)
    send('online', 'cccccccc')
    expect(await isOnline()).toBe(true)
  })
})
