import { describe, expect, it, vi } from 'vitest'
import { maxPayloadBytes } from '../../../src/contracts/limits.ts'
import { boxPress, openTestOutbox, tick, touchPress } from '../outbox/open-outbox.ts'
import { openTestCentral, openTestUplink, terminal } from './open-uplink.ts'

const within = { timeout: 8_000, interval: 10 }
const until = (check: () => void) => vi.waitFor(check, within)
const desired = (rev: number, text = 'How was it?') => ({
  rev,
  survey: { question: 'service', revision: 1, scaleMax: 3, texts: [{ language: 'en', text }] },
})

describe('delivery', () => {
  it('says online and hello, then sends what waited and what comes, one batch in flight', async () => {
    const central = await openTestCentral()
    const outbox = openTestOutbox()
    for (let i = 1; i <= 450; i += 1) outbox.append(boxPress(i, i % 4))
    const timing = { ackTimeoutMs: 5_000, maxAckTimeoutMs: 5_000 }
    const { append, uplink } = openTestUplink([central.url], { outbox, timing })
    await until(() => expect(outbox.undelivered().count).toBe(0))
    append(touchPress('0123456789abcdef'))
    await until(() => expect(outbox.undelivered().count).toBe(0))
    expect(central.statuses).toMatchObject([{ status: 'online' }])
    expect(central.hellos[0]).toMatchObject({ epoch: outbox.epoch(), held: [{ first: 1, last: 450 }], touchIssued: 0 })
    expect(central.batches.slice(0, 3).map(({ first, records }) => [first, records.length])).toEqual([
      [1, 200],
      [201, 200],
      // The 450 presses and the anchor of the welcome.
      [401, 51],
    ])
    expect(central.stored.size).toBe(452)
    expect([...central.stored.values()].filter((record) => record.kind === 'press')).toHaveLength(451)
    expect(uplink.isConnected()).toBe(true)
    await until(() => expect(central.healths.at(-1)).toMatchObject({ epoch: outbox.epoch(), unacknowledged: 0 }))
  })

  it('sends a batch again until it is acknowledged, and again counts nothing twice', async () => {
    const central = await openTestCentral()
    let dropped = 0
    central.intercept = () => {
      dropped += 1
      return dropped <= 2
    }
    const { append, outbox, uplink } = openTestUplink([central.url])
    append(boxPress(1))
    await until(() => expect(outbox.undelivered().count).toBe(0))
    expect(central.batches.length).toBeGreaterThanOrEqual(3)
    expect(uplink.counters().silence).toBeGreaterThanOrEqual(2)
  })

  it('is not led astray by doubled and late acks', async () => {
    const central = await openTestCentral()
    const { append, outbox } = openTestUplink([central.url])
    for (let i = 1; i <= 5; i += 1) append(boxPress(i))
    await until(() => expect(outbox.undelivered().count).toBe(0))
    const epoch = outbox.epoch()
    for (const upTo of [1, 3, 3, 0]) central.send('ack', { epoch, upTo, serverTime: 0 })
    append(boxPress(6))
    await until(() => expect(outbox.undelivered().count).toBe(0))
    expect(central.batches.flatMap(({ records }) => records.map(({ sequence }) => sequence))).toEqual([
      1, 2, 3, 4, 5, 6, 7,
    ])
  })

  it('halves a batch that meets nothing but silence until the record the central can not read is alone', async () => {
    const central = await openTestCentral()
    const outbox = openTestOutbox()
    for (let i = 1; i <= 9; i += 1) outbox.append(boxPress(i))
    const epoch = outbox.epoch()
    central.intercept = ({ first, records }) => {
      if (first > 6 || first + records.length <= 6) return false
      if (records.length === 1) {
        central.marks.set(epoch, 6)
        central.send('ack', { epoch, sequence: 6, reject: 'bad-columns' })
      }
      return true
    }
    const { uplink } = openTestUplink([central.url], { outbox, timing: { ackTimeoutMs: 20, maxAckTimeoutMs: 30 } })
    await until(() => expect(outbox.undelivered().count).toBe(0))
    const presses = [...central.stored.values()].filter(({ kind }) => kind === 'press')
    expect(presses.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 7, 8, 9])
    expect(uplink.counters().rejected).toBeGreaterThanOrEqual(1)
  })

  it('waits as long as the central asks before the next batch', async () => {
    const central = await openTestCentral()
    const { append, outbox } = openTestUplink([central.url], { timing: { ackTimeoutMs: 2_000 } })
    await until(() => expect(outbox.undelivered().count).toBe(0))
    await until(() => expect(central.batches).toHaveLength(1))
    let askedAtMs = Number.NaN
    central.intercept = ({ epoch, first }) => {
      central.marks.set(epoch, first)
      askedAtMs = performance.now()
      central.send('ack', { epoch, upTo: first, serverTime: 0, retryAfter: 300 })
      central.intercept = () => false
      return true
    }
    append(tick(1))
    await until(() => expect(outbox.undelivered().count).toBe(0))
    append(tick(2))
    await until(() => expect(outbox.undelivered().count).toBe(0))
    // However late this machine notices: never before the time is over.
    expect(performance.now() - askedAtMs).toBeGreaterThan(290)
  })
})

describe('marks', () => {
  it('goes back for a gap', async () => {
    const central = await openTestCentral()
    const { append, outbox, uplink } = openTestUplink([central.url])
    for (let i = 1; i <= 4; i += 1) append(boxPress(i))
    await until(() => expect(outbox.undelivered().count).toBe(0))
    central.marks.clear()
    central.stored.clear()
    append(boxPress(5))
    await until(() => expect([...central.stored.values()].filter(({ kind }) => kind === 'press')).toHaveLength(5))
    await until(() => expect(outbox.undelivered().count).toBe(0))
    expect(uplink.counters()).toMatchObject({ gap: 1, rewound: 1 })
  })

  it('says what it no longer has as lost, and sends the rest', async () => {
    const outbox = openTestOutbox()
    for (let i = 1; i <= 4; i += 1) outbox.append(boxPress(i))
    outbox.confirm({ epoch: outbox.epoch(), upTo: 3 })
    // As on a card that runs out of room.
    while (outbox.trim(true) > 0);
    const central = await openTestCentral()
    const { uplink } = openTestUplink([central.url], { outbox })
    await until(() => expect(outbox.undelivered().count).toBe(0))
    expect(central.batches[0]).toEqual({
      ...{ epoch: outbox.epoch(), first: 1, records: [] },
      lost: [{ epoch: outbox.epoch(), from: 1, to: 3, cause: 'trimmed' }],
    })
    expect(central.batches[1]?.first).toBe(4)
    expect(uplink.counters()['lost-said']).toBe(1)
  })

  it('learns of a restored central from the answer to a health, while idle', async () => {
    const central = await openTestCentral()
    const { append, outbox, uplink } = openTestUplink([central.url])
    for (let i = 1; i <= 4; i += 1) append(boxPress(i))
    await until(() => expect(outbox.undelivered().count).toBe(0))
    await until(() => expect(central.healths.length).toBeGreaterThan(0))
    central.marks.set(outbox.epoch(), 2)
    for (const key of central.stored.keys()) if (Number(key.split('/')[1]) > 2) central.stored.delete(key)
    uplink.noteHealthChange()
    await until(() => expect(central.stored.size).toBe(5))
    await until(() => expect(outbox.undelivered().count).toBe(0))
    expect(uplink.counters().rewound).toBe(1)
  })

  it('takes over what the central already has', async () => {
    const central = await openTestCentral()
    const outbox = openTestOutbox()
    for (let i = 1; i <= 4; i += 1) outbox.append(boxPress(i))
    central.marks.set(outbox.epoch(), 3)
    openTestUplink([central.url], { outbox })
    await until(() => expect(outbox.undelivered().count).toBe(0))
    expect(central.batches[0]?.first).toBe(4)
  })

  it('says hello in pages when it holds more epochs than fit into one', async () => {
    const central = await openTestCentral()
    const outbox = openTestOutbox()
    const held = Array.from({ length: 230 }, (_, i) => ({
      epoch: i.toString(16).padStart(16, '0'),
      first: 1,
      last: 1,
      confirmed: 1,
    }))
    openTestUplink([central.url], { outbox: { ...outbox, held: () => held } })
    await until(() => expect(central.hellos.map((hello) => hello.held.length)).toEqual([100, 100, 30]))
    expect(new Set(central.hellos.flatMap((hello) => hello.held.map(({ epoch }) => epoch))).size).toBe(230)
  })

  it('exchanges the time at a welcome: an anchor that is right within its error', async () => {
    const central = await openTestCentral()
    openTestUplink([central.url])
    await until(() => expect(central.stored.size).toBe(1))
    const [anchor] = central.stored.values()
    if (anchor?.kind !== 'anchor') throw new Error('no anchor')
    expect(anchor.clock).toBe('exchange')
    // One machine here, so the wall clock as read is the true time.
    expect(Math.abs(anchor.utcMs - anchor.wallMs)).toBeLessThanOrEqual(anchor.errorMs)
  })
})

describe('a bad broker', () => {
  it('may send anything: it is counted by its reason, and presses still go through', async () => {
    const central = await openTestCentral()
    const { append, outbox, uplink, desired: taken } = openTestUplink([central.url])
    // Idle, its first anchor delivered.
    await until(() => expect(central.stored.size).toBe(1))
    await until(() => expect(outbox.undelivered().count).toBe(0))
    central.send('ack', 'not json {')
    central.send('ack', Buffer.from([0xff, 0xfe, 0x00]))
    central.send('ack', { epoch: 'x', upTo: -1 })
    central.send('ack', { epoch: '00000000000000aa', upTo: 9, serverTime: 0 })
    central.send('ack', { epoch: outbox.epoch(), expect: 9e9 })
    central.send('welcome', { nonce: 'deadbeef', marks: [{ epoch: outbox.epoch(), upTo: 0 }], serverTime: 0 })
    central.send('ack', { epoch: outbox.epoch(), upTo: 1, serverTime: 0, reject: 5 })
    central.send('ack', { epoch: outbox.epoch(), upTo: 1, serverTime: 0, expect: 'x' })
    central.send('desired', { rev: 0 })
    central.send('desired', 'x'.repeat(maxPayloadBytes + 1))
    await until(() =>
      expect(uplink.counters()).toMatchObject({
        ...{ 'down-not-json': 2, 'down-bad-shape': 4, 'down-too-large': 1 },
        ...{ 'ack-foreign': 1, 'gap-stale': 1, 'welcome-unasked': 1 },
      }),
    )
    append(boxPress(1))
    await until(() => expect(outbox.undelivered().count).toBe(0))
    expect(taken).toEqual([])
  })

  it('may hide anything in members that nobody knows: the rest is taken, and they are not', async () => {
    const central = await openTestCentral()
    const { outbox, desired: taken } = openTestUplink([central.url])
    await until(() => expect(central.stored.size).toBe(1))
    const survey = { question: 'food', revision: 1, scaleMax: 3, texts: [{ language: 'en', text: 'How was it?' }] }
    const deep = `${'['.repeat(15_000)}${']'.repeat(15_000)}`
    central.send('desired', JSON.stringify({ rev: 7, survey }).replace('{', `{"later":${deep},`))
    await until(() => expect(taken).toEqual([{ rev: 7, survey }]))
    expect(outbox.desired()).toEqual({ rev: 7, survey })
  })

  it('is left for the next one in the list when it does not answer', async () => {
    const central = await openTestCentral()
    const { outbox, append, uplink } = openTestUplink(['mqtt://127.0.0.1:1', central.url])
    append(boxPress(1))
    await until(() => expect(outbox.undelivered().count).toBe(0))
    expect(uplink.counters()['connect-failed']).toBe(1)
  })
})

describe('the connection', () => {
  it('comes back after an outage; meanwhile nothing is published, and nothing is lost or queued outside the outbox', async () => {
    const first = await openTestCentral()
    const port = Number(new URL(first.url).port)
    const { append, outbox, uplink } = openTestUplink([first.url])
    append(boxPress(1))
    await until(() => expect(outbox.undelivered().count).toBe(0))
    await first.stop()
    await until(() => expect(uplink.isConnected()).toBe(false))
    const published = first.published()
    for (let i = 2; i <= 30; i += 1) append(boxPress(i))
    uplink.noteHealthChange()
    await until(() => expect(uplink.counters()['connect-failed']).toBeGreaterThan(2))
    expect(first.published()).toBe(published)
    const second = await openTestCentral(port)
    for (const [epoch, upTo] of first.marks) second.marks.set(epoch, upTo)
    await until(() => expect(outbox.undelivered().count).toBe(0))
    const presses = [...first.stored.values(), ...second.stored.values()].filter(({ kind }) => kind === 'press')
    expect(presses).toHaveLength(30)
    // The first batch on the new connection holds all that waited: no older packet of the client came before it.
    expect(second.batches[0]?.records.length).toBeGreaterThanOrEqual(29)
    expect(uplink.counters()).toMatchObject({ connected: 2, 'connection-lost': 1 })
  })

  it('leaves its will when it is cut, under the name it said online with, and a new name afterwards', async () => {
    const central = await openTestCentral()
    const { uplink } = openTestUplink([central.url])
    await until(() => expect(uplink.isConnected()).toBe(true))
    central.cut()
    await until(() => expect(central.statuses.filter(({ status }) => status === 'online')).toHaveLength(2))
    await until(() => expect(central.statuses.filter(({ status }) => status === 'offline')).toHaveLength(1))
    const [one, two] = central.statuses.filter(({ status }) => status === 'online')
    expect(central.statuses.find(({ status }) => status === 'offline')?.connection).toBe(one?.connection)
    expect(two?.connection).not.toBe(one?.connection)
  })

  it('says offline once at an orderly stop, and stays away', async () => {
    const central = await openTestCentral()
    const { uplink, append } = openTestUplink([central.url])
    await until(() => expect(uplink.isConnected()).toBe(true))
    await uplink.close(1_000)
    await until(() => expect(central.statuses.map(({ status }) => status)).toEqual(['online', 'offline']))
    const published = central.published()
    append(boxPress(1))
    expect(uplink.isConnected()).toBe(false)
    expect([central.published(), central.connections()]).toEqual([published, 1])
  })

  it('repeats its hello until it is welcomed, and sends no batch before', async () => {
    const central = await openTestCentral()
    central.isWelcoming = false
    const { append, outbox } = openTestUplink([central.url])
    append(boxPress(1))
    await until(() => expect(central.hellos.length).toBeGreaterThanOrEqual(3))
    expect(central.batches).toEqual([])
    central.isWelcoming = true
    await until(() => expect(outbox.undelivered().count).toBe(0))
  })
})

describe('health', () => {
  it('that told of waiting records is put right once the central has them', async () => {
    const central = await openTestCentral()
    const { uplink, append, outbox } = openTestUplink([central.url])
    await until(() => expect(central.healths.at(-1)?.unacknowledged).toBe(0))
    const epoch = outbox.epoch()
    central.intercept = () => true
    append(boxPress(1))
    uplink.noteHealthChange()
    await until(() => expect(central.healths.at(-1)).toMatchObject({ epoch, unacknowledged: 1 }))
    central.intercept = () => false
    await until(() => expect(central.healths.at(-1)?.unacknowledged).toBe(0))
  })
})

describe('the desired configuration', () => {
  it('is kept and handed on once for each change, whatever its rev', async () => {
    const central = await openTestCentral()
    const { uplink, outbox, desired: taken } = openTestUplink([central.url])
    await until(() => expect(uplink.isConnected()).toBe(true))
    for (const one of [desired(4), desired(4), desired(3, 'And now?')]) central.send('desired', one)
    await until(() => expect(taken.map(({ rev }) => rev)).toEqual([4, 3]))
    expect(outbox.desired()).toEqual(desired(3, 'And now?'))
    expect(outbox.scaleOf('service', 1)).toBe(3)
  })

  it('for another terminal is ignored', async () => {
    const central = await openTestCentral()
    const { uplink, desired: taken } = openTestUplink([central.url])
    await until(() => expect(uplink.isConnected()).toBe(true))
    central.send('desired', desired(4), `${terminal}-other`)
    central.send('desired', desired(5))
    await until(() => expect(taken.map(({ rev }) => rev)).toEqual([5]))
  })
})
