import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { HelloLine } from '../../../firmware-bridge/line/box-line.ts'
import { formatFrame, formatLine } from '../../../firmware-bridge/line/format-line.ts'
import { AppError } from '../../../src/shared/errors.ts'
import { arbitraryLatin1 } from '../../support/arbitrary-lines.ts'
import { type LinkFixture, openLinkFixture } from '../../support/link-fixture.ts'
import { helloLine, pressLine, scriptedBoxId } from '../../support/scripted-port.ts'

let fixture: LinkFixture
afterEach(async () => {
  await fixture.link.close()
  vi.useRealTimers()
})

const ack = (sequence: number, status: 'committed' | 'cannot-store' = 'committed') => {
  return { type: 'ack', boxId: scriptedBoxId, sequence, status }
}

/** A link whose box has said hello; what it wrote by then is forgotten. */
async function openGreeted(options = {}): Promise<LinkFixture> {
  fixture = await openLinkFixture(options)
  fixture.ports.port().say('\n', helloLine())
  fixture.ports.port().forget()
  return fixture
}

describe('handshake', () => {
  it('writes nothing before a hello of this connection, then wakes the box and sets its lights', async () => {
    fixture = await openLinkFixture({ lights: 'dim' })
    const port = fixture.ports.port()
    port.say('half a line*0000\n', pressLine(41), 'E,3f9c02d7,41,1,27,0*0000\n', '\n')
    expect(port.written()).toBe('')
    expect(fixture.link.state()).toBe('handshake')
    port.say(helloLine())
    expect(port.written().startsWith('\n')).toBe(true)
    expect(port.heard()).toEqual([{ type: 'wake' }, { type: 'lights', mode: 'dim' }])
    expect(fixture.link.state()).toBe('up')
    expect(fixture.presses).toEqual([])
    expect(fixture.counted()).toMatchObject({ 'press-early': 1, 'line-crc': 1, 'line-empty': 1 })
  })

  it('greets once a boot: heartbeats are not answered, a reboot is', async () => {
    const { ports, hellos } = await openGreeted()
    ports.port().say(helloLine({ boxNowMs: 62_234 }))
    expect(ports.port().heard()).toEqual([])
    ports.port().say(helloLine({ bootNumber: 8, boxNowMs: 13 }))
    expect(ports.port().heard()).toEqual([{ type: 'wake' }, { type: 'lights', mode: 'normal' }])
    expect(hellos.map(({ change }) => change)).toEqual(['first', 'none', 'reboot'])
  })

  it('says the lights again at every tenth heartbeat, and at the next one after the box has refused a line', async () => {
    const { ports } = await openGreeted()
    const saidAt: number[] = []
    for (let beat = 1; beat <= 30; beat++) {
      ports.port().say(helloLine({ bad: beat < 13 ? 0 : 1 }))
      for (const line of ports.port().heard()) {
        expect(line).toEqual({ type: 'lights', mode: 'normal' })
        saidAt.push(beat)
      }
      ports.port().forget()
    }
    expect(saidAt).toEqual([10, 13, 23])
  })

  it('writes nothing to a box of another version, says so, and keeps the port', async () => {
    fixture = await openLinkFixture()
    for (let second = 0; second < 10; second++) {
      fixture.ports.port().say(formatFrame('H,2,whatever'))
      await fixture.pass(1000)
    }
    expect(fixture.ports.port().written()).toBe('')
    expect(fixture.ports.opened).toHaveLength(1)
    expect(fixture.states.at(-1)).toEqual({
      state: 'handshake',
      reason: 'the box speaks another version of the protocol',
    })
    expect(fixture.counted()).toMatchObject({ 'line-version': 9 })
  })

  it('says new lights to a box without identity too, which flashes', async () => {
    fixture = await openLinkFixture({ lights: 'dim' })
    fixture.ports.port().say('\n', { type: 'no-identity' })
    fixture.link.setLights('quiet')
    const modes = fixture.ports
      .port()
      .heard()
      .flatMap((line) => (line.type === 'lights' ? [line.mode] : []))
    expect(modes).toEqual(['dim', 'quiet'])
  })

  it('says new lights at once, and again to a box that comes back', async () => {
    const { ports, link } = await openGreeted()
    link.setLights('quiet')
    expect(ports.port().heard()).toEqual([{ type: 'lights', mode: 'quiet' }])
    ports.port().hangUp('unplugged')
    await fixture.pass(5000)
    link.setLights('dim')
    expect(ports.port().written()).toBe('')
    ports.port().say('\n', helloLine())
    expect(ports.port().heard()).toContainEqual({ type: 'lights', mode: 'dim' })
  })
})

describe('presses', () => {
  it('acknowledges only after the store has answered', async () => {
    let writtenAtStore = 'never called'
    const { ports } = await openGreeted({
      onPress: () => {
        writtenAtStore = ports.port().written()
        return 'stored'
      },
    })
    ports.port().say(pressLine(42))
    expect(writtenAtStore).toBe('')
    expect(ports.port().heard()).toEqual([ack(42)])
  })

  it('hands on button, flags and time, and answers a repeat again', async () => {
    const { ports, presses } = await openGreeted()
    ports.port().say(pressLine(42, { button: 3, ageMs: 150, flags: { stuck: false, chord: true } }))
    ports.port().say(pressLine(42, { button: 3, ageMs: 450, flags: { stuck: false, chord: true } }))
    expect(presses[0]).toEqual({
      ...{ boxId: scriptedBoxId, sequence: 42, button: 3, monoMs: 99_852, spreadMs: 4 },
      flags: { stuck: false, chord: true },
    })
    expect(ports.port().heard()).toEqual([ack(42), ack(42)])
    expect(fixture.counted()).toMatchObject({ 'press-stored': 2, 'press-repeated': 1 })
  })

  it('answers status 2 to a press whose name belongs to another one, and takes none of its stored numbers any more', async () => {
    const { ports, answer, states, link } = await openGreeted()
    ports.port().say(pressLine(42), pressLine(43), helloLine({ nextSequence: 45, pending: 3 }))
    ports.port().forget()
    answer.press = 'reused'
    ports.port().say(pressLine(42, { button: 2 }))
    answer.press = 'stored'
    ports.port().say(pressLine(43))
    expect(ports.port().heard()).toEqual([ack(42, 'cannot-store'), ack(43, 'cannot-store')])
    expect(link.state()).toBe('handshake')
    expect(states.at(-1)?.reason).toMatch(/3f9c02d7.*42 to 43.*new identity/)
    expect(fixture.counted()).toMatchObject({ 'press-reused': 2, 'press-not-stored': 2, 'press-stored': 2 })
  })

  it('leaves a stored press that should not wait any more without answer until the box has said hello', async () => {
    const { ports, presses } = await openGreeted()
    ports.port().say(pressLine(42), helloLine({ nextSequence: 43 }))
    ports.port().forget()
    ports.port().say(pressLine(42), pressLine(42))
    expect(ports.port().heard()).toEqual([{ type: 'wake' }])
    ports.port().forget()
    ports.port().say(helloLine({ nextSequence: 43, pending: 1 }), pressLine(42))
    expect(ports.port().heard()).toEqual([ack(42)])
    expect(presses).toHaveLength(2)
    expect(fixture.counted()).toMatchObject({ 'press-stale': 2, 'press-repeated': 1 })
  })

  it('answers status 2 when the store is full, and 0 once it has room', async () => {
    const { ports, answer } = await openGreeted()
    answer.press = 'full'
    ports.port().say(pressLine(42))
    answer.press = 'stored'
    ports.port().say(pressLine(42))
    expect(ports.port().heard()).toEqual([ack(42, 'cannot-store'), ack(42)])
    expect(fixture.counted()).toMatchObject({ 'press-not-stored': 1, 'press-stored': 1 })
    expect(fixture.counted()).not.toHaveProperty('press-repeated')
  })

  it('answers what queued up with one cumulative ack, never over one that was refused', async () => {
    let room = 2
    const { ports } = await openGreeted({ onPress: () => (room-- > 0 ? 'stored' : 'full') })
    ports.port().say(pressLine(42), pressLine(43), pressLine(44), pressLine(44), pressLine(45))
    expect(ports.port().heard()).toEqual([ack(43), ack(44, 'cannot-store'), ack(45, 'cannot-store')])
  })

  it('ignores and counts presses of another box than the last hello', async () => {
    const { ports, presses } = await openGreeted()
    ports.port().say(pressLine(42, { boxId: '0000beef' }))
    expect(presses).toEqual([])
    expect(ports.port().heard()).toEqual([])
    expect(fixture.counted()).toMatchObject({ 'press-foreign': 1 })
    ports.port().say(helloLine({ boxId: '0000beef' }), pressLine(42, { boxId: '0000beef' }), pressLine(42))
    expect(presses.map(({ boxId }) => boxId)).toEqual(['0000beef'])
    expect(fixture.hellos.at(-1)?.change).toBe('other-box')
    expect(fixture.counted()).toMatchObject({ 'press-foreign': 2, 'box-changed': 1 })
  })

  it('bounds the time of a press that outlived a power cut by the hellos around it', async () => {
    const { ports, presses } = await openGreeted()
    await fixture.pass(2000)
    ports.port().say(helloLine({ bootNumber: 8, nextSequence: 43, boxNowMs: 500 }), pressLine(42, { ageMs: null }))
    expect(presses[0]).toMatchObject({ monoMs: 101_505, spreadMs: 1505 })
  })
})

describe('rubbish', () => {
  it('is counted by its reason and loses no good press beside it', async () => {
    const { ports, presses } = await openGreeted()
    const damaged = formatLine(pressLine(42)).replace('42', '24')
    const rubbish = [damaged, '\n', 'no frame\n', `${'x'.repeat(300)}\n`, '\xff\xfe\n', formatFrame('Q,1')]
    const wrong = [formatFrame('E,1'), formatFrame('E,3f9c02d7,42,9,20,0'), formatFrame('H,9'), formatLine(ackLine(42))]
    ports.port().say(...rubbish, ...wrong, helloLine(), pressLine(42), 'E,3f9c02d7,43,')
    expect(presses.map(({ sequence }) => sequence)).toEqual([42])
    expect(fixture.counted()).toMatchObject({
      ...{ 'line-crc': 1, 'line-empty': 1, 'line-frame': 1, 'line-too-long': 1, 'line-bytes': 1, 'line-type': 2 },
      ...{ 'line-fields': 1, 'line-field': 1, 'line-version': 1 },
    })
  })

  it('of any kind neither throws, stores nor writes', async () => {
    const { ports, presses } = await openGreeted()
    fc.assert(
      fc.property(fc.array(arbitraryLatin1, { maxLength: 8 }), (texts) => {
        ports.port().say(...texts)
        expect(ports.port().written()).toBe('')
      }),
      { numRuns: 300 },
    )
    expect(presses).toEqual([])
    ports.port().say('\n', pressLine(42))
    expect(presses).toHaveLength(1)
  })

  it('takes a press that arrives byte by byte', async () => {
    const { ports, presses } = await openGreeted()
    for (const byte of Buffer.from(formatLine(pressLine(42)))) ports.port().sayBytes(Uint8Array.of(byte))
    expect(presses).toHaveLength(1)
  })
})

describe('a connection that fails', () => {
  it('is given up after three silent heartbeats, whatever else is on the line', async () => {
    const { ports } = await openGreeted()
    for (let i = 0; i < 29; i++) {
      await fixture.pass(100)
      ports.port().say('babble\n', pressLine(42))
    }
    expect(ports.opened[0]?.isClosed()).toBe(false)
    await fixture.pass(400)
    expect(ports.opened[0]?.isClosed()).toBe(true)
    await fixture.pass(5000)
    expect(ports.opened.length).toBeGreaterThan(1)
    expect(fixture.counted()).toMatchObject({ 'session-silent': 2 })
  })

  it('lives as long as a heartbeat comes within three seconds', async () => {
    const { ports } = await openGreeted()
    for (let i = 0; i < 10; i++) {
      await fixture.pass(2900)
      ports.port().say(helloLine())
    }
    expect(ports.opened).toHaveLength(1)
  })

  it('takes nothing over: no half line, no ack, no greeting', async () => {
    const { ports, presses } = await openGreeted()
    ports.port().say('E,3f9c02d7,42,1,2')
    ports.port().hangUp('unplugged')
    await fixture.pass(1000)
    ports.port().say('7,0*AD91\n', pressLine(43))
    expect(presses).toEqual([])
    expect(ports.port().written()).toBe('')
    ports.port().say(helloLine(), pressLine(43))
    expect(
      ports
        .port()
        .heard()
        .map(({ type }) => type),
    ).toEqual(['wake', 'lights', 'ack'])
    expect(ports.opened[0]?.isClosed()).toBe(true)
    ports.opened[0]?.say(pressLine(44))
    expect(presses).toHaveLength(1)
  })

  it('is tried again with growing waits, and quickly after it has worked', async () => {
    fixture = await openLinkFixture()
    const missing = new AppError('box-port-missing', 'no serial device at /dev/box')
    fixture.ports.failWith(...Array.from({ length: 8 }, () => missing))
    fixture.ports.port().hangUp('unplugged')
    await fixture.pass(1000)
    expect(fixture.link.state()).toBe('searching')
    // With the jitter at its middle the ninth wait ends after 188 + 375 + 750 + 1500 + 3000 + 4 × 3750 ms.
    await fixture.pass(10_000)
    expect(fixture.ports.opened).toHaveLength(1)
    await fixture.pass(10_500)
    expect(fixture.ports.opened).toHaveLength(2)
    fixture.ports.port().say('\n', helloLine())
    fixture.ports.port().hangUp('unplugged')
    await fixture.pass(250)
    expect(fixture.ports.opened).toHaveLength(3)
    expect(fixture.counted()).toMatchObject({ 'open-failed': 8, open: 3, 'session-closed': 2 })
  })

  it('tells its states', async () => {
    const { ports, states } = await openGreeted()
    ports.port().hangUp('unplugged')
    await fixture.pass(200)
    expect(states.map(({ state }) => state)).toEqual(['opening', 'handshake', 'up', 'down', 'opening', 'handshake'])
    expect(states[3]?.reason).toBe('unplugged')
  })
})

describe('identity', () => {
  it('is saved before it is sent, and sent only as the answer to an N', async () => {
    let writtenAtSave = 'never called'
    fixture = await openLinkFixture({
      newBoxId: () => '0a1b2c3d',
      saveBoxId: () => {
        writtenAtSave = fixture.ports.port().written()
        return 'saved'
      },
    })
    fixture.ports.port().say('\n', { type: 'no-identity' })
    expect(writtenAtSave).toBe('')
    expect(fixture.ports.port().heard()).toEqual([
      { type: 'set-identity', boxId: '0a1b2c3d' },
      { type: 'lights', mode: 'normal' },
    ])
    fixture.ports.port().forget()
    fixture.ports.port().say(helloLine({ boxId: '0a1b2c3d', nextSequence: 1 }))
    expect(
      fixture.ports
        .port()
        .heard()
        .map(({ type }) => type),
    ).toEqual(['wake', 'lights'])
  })

  it('is never sent when it could not be saved', async () => {
    fixture = await openLinkFixture()
    fixture.answer.boxId = 'full'
    fixture.ports.port().say('\n', { type: 'no-identity' })
    expect(fixture.ports.port().heard()).toEqual([{ type: 'lights', mode: 'normal' }])
    expect(fixture.counted()).toMatchObject({ 'identity-not-saved': 1 })
  })

  it('is a fresh one each time, and a box that cannot hear does not use them up', async () => {
    fixture = await openLinkFixture()
    fixture.ports.port().say('\n')
    for (let second = 0; second < 200; second++) {
      fixture.ports.port().say({ type: 'no-identity' })
      await fixture.pass(1000)
    }
    // At the 1st, 2nd, 4th, 8th, 16th, 32nd, 64th, 128th, 192nd.
    expect(fixture.savedIds).toHaveLength(9)
    expect(new Set(fixture.savedIds).size).toBe(9)
    expect(fixture.ports.opened).toHaveLength(1)
  })

  it('of a box that has one already is taken as it is', async () => {
    const { savedIds, link } = await openGreeted()
    expect(savedIds).toEqual([])
    expect(link.lastHello()).toMatchObject({ boxId: scriptedBoxId, nextSequence: 42, change: 'first' })
  })

  it('remembers each box for itself when several take turns', async () => {
    const { ports } = await openGreeted()
    const other = helloLine({ boxId: '0000beef', bootNumber: 2, nextSequence: 3, dropped: 4 })
    ports.port().say(helloLine({ dropped: 2 }), other, helloLine({ dropped: 3 }), other)
    expect(fixture.counted()).toMatchObject({ 'box-changed': 3, 'box-dropped': 7 })
    for (const name of ['box-reboot', 'boot-went-back', 'sequence-went-back'])
      expect(fixture.counted()).not.toHaveProperty(name)
  })
})

describe('a box that counts from an earlier number again', () => {
  const setBack = helloLine({ bootNumber: 1, nextSequence: 5 })
  const cannotStore = (sequence: number) => ack(sequence, 'cannot-store')

  it('keeps the presses whose numbers were used up, instead of losing them as repeats', async () => {
    const { ports, presses, link } = await openGreeted()
    ports.port().say(pressLine(42), helloLine({ nextSequence: 43 }), setBack)
    ports.port().forget()
    ports.port().say(pressLine(5), pressLine(42))
    expect(ports.port().heard()).toEqual([cannotStore(5), cannotStore(42)])
    expect(presses.map(({ sequence }) => sequence)).toEqual([42])
    expect(link.state()).toBe('handshake')
    expect(fixture.states.at(-1)?.reason).toMatch(/3f9c02d7.*5 to 42.*new identity/)
    expect(fixture.counted()).toMatchObject({
      ...{ 'boot-went-back': 1, 'sequence-went-back': 1 },
      ...{ 'press-reused': 2, 'press-not-stored': 2, 'press-stored': 1 },
    })
  })

  it('may repeat what it told before, and go on where no number was used', async () => {
    const { ports, presses } = await openGreeted()
    ports.port().say(setBack, pressLine(4), pressLine(42))
    expect(presses.map(({ sequence }) => sequence)).toEqual([4, 42])
  })

  it('is not forgiven because it counts on, is silent or restarts', async () => {
    const { ports, presses } = await openGreeted()
    ports.port().say(setBack, helloLine({ bootNumber: 2, nextSequence: 9 }))
    ports.port().hangUp('unplugged')
    await fixture.pass(1000)
    ports.port().say('\n', helloLine({ bootNumber: 3, nextSequence: 9 }), pressLine(7))
    expect(presses).toEqual([])
    expect(fixture.counted()).toMatchObject({ 'sequence-went-back': 1, 'press-reused': 1 })
  })

  it('is known by the store when it was set back while nobody listened', async () => {
    fixture = await openLinkFixture({ lastStoredOf: (boxId) => (boxId === scriptedBoxId ? 41 : 0) })
    fixture.ports.port().say('\n', helloLine({ nextSequence: 1 }), pressLine(1))
    expect(fixture.presses).toEqual([])
    expect(fixture.counted()).toMatchObject({ 'sequence-went-back': 1, 'press-reused': 1 })
  })

  it('is remembered by the store from its second hello on, until it holds none of those presses', async () => {
    const saved: unknown[] = []
    const reuseStore = {
      read: () => ({ from: 5, to: 42 }),
      save: (_: string, range: unknown) => {
        saved.push(range)
        return 'saved' as const
      },
    }
    fixture = await openLinkFixture({ reuseStore })
    fixture.ports.port().say('\n', helloLine({ nextSequence: 50, pending: 45 }), pressLine(5), pressLine(41))
    expect(fixture.presses).toEqual([])
    expect(fixture.link.state()).toBe('handshake')
    fixture.ports.port().say(helloLine({ nextSequence: 50, pending: 8 }))
    expect(fixture.link.state()).toBe('up')
    expect(saved).toEqual([null])
    await fixture.link.close()

    saved.length = 0
    fixture = await openLinkFixture({ reuseStore: { ...reuseStore, read: () => null }, lastStoredOf: () => 41 })
    fixture.ports.port().say('\n', helloLine({ nextSequence: 5, pending: 2 }))
    expect(saved).toEqual([])
    fixture.ports.port().say(helloLine({ nextSequence: 5, pending: 2 }))
    expect(saved).toEqual([{ from: 3, to: 42 }])
  })

  it('was none when one single hello said so', async () => {
    const { ports, presses, link } = await openGreeted()
    ports.port().say(pressLine(42), helloLine({ nextSequence: 4 }), helloLine({ nextSequence: 43, pending: 1 }))
    expect(link.state()).toBe('up')
    ports.port().say(pressLine(42))
    expect(presses).toHaveLength(2)
  })

  it('is tried to be remembered again on a full disk', async () => {
    const disk: { answer: 'full' | 'saved' } = { answer: 'full' }
    const save = vi.fn(() => disk.answer)
    fixture = await openLinkFixture({ reuseStore: { read: () => null, save }, lastStoredOf: () => 41 })
    for (let beat = 0; beat < 3; beat++) fixture.ports.port().say('\n', helloLine({ nextSequence: 5 }))
    expect(save).toHaveBeenCalledTimes(2)
    disk.answer = 'saved'
    for (let beat = 0; beat < 3; beat++) fixture.ports.port().say(helloLine({ nextSequence: 5 }))
    expect(save).toHaveBeenCalledTimes(3)
  })

  it('is sound again under a new identity', async () => {
    const { ports, presses, link } = await openGreeted()
    ports.port().say(setBack, { type: 'no-identity' }, helloLine({ boxId: '0000beef', nextSequence: 6 }))
    ports.port().say(pressLine(5, { boxId: '0000beef' }))
    expect(presses.map(({ sequence }) => sequence)).toEqual([5])
    expect(link.state()).toBe('up')
  })
})

describe('a device that talks faster than a line can', () => {
  it('is heard only as much as that, and its cut lines are not taken for bad ones', async () => {
    const { ports, presses } = await openGreeted()
    for (let i = 0; i < 200; i++) ports.port().say(...Array<HelloLine>(50).fill(helloLine()))
    const counted = fixture.counted()
    expect(counted.hello).toBeLessThan(2000)
    expect(counted['bytes-flooded']).toBeGreaterThan(300_000)
    expect(Object.keys(counted).filter((name) => name.startsWith('line-'))).toEqual([])
    await fixture.pass(2000)
    ports.port().say('\n', helloLine(), pressLine(42))
    expect(presses).toHaveLength(1)
  })
})

it("sums the box's own counters over its boots", async () => {
  const { ports } = await openGreeted()
  ports.port().say(helloLine({ dropped: 2, bad: 1 }), helloLine({ dropped: 5, bad: 1 }))
  ports.port().say(helloLine({ bootNumber: 8, dropped: 1, bad: 1 }), helloLine({ bootNumber: 8, dropped: 1, bad: 3 }))
  expect(fixture.counted()).toMatchObject({ 'box-dropped': 6, 'box-bad': 4, hello: 5 })
})

it('closes its port and is silent afterwards', async () => {
  const { ports, link, presses, states } = await openGreeted()
  await link.close()
  expect(ports.port().isClosed()).toBe(true)
  const statesBefore = states.length
  ports.port().say(pressLine(42))
  await fixture.pass(60_000)
  expect(presses).toEqual([])
  expect(ports.opened).toHaveLength(1)
  expect(states).toHaveLength(statesBefore)
})

function ackLine(sequence: number) {
  return { type: 'ack', boxId: scriptedBoxId, sequence, status: 'committed' } as const
}
