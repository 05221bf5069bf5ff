/** What doctor concludes from bytes: the same bytes, the same findings, on any machine. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HelloLine } from '../../firmware-bridge/line/box-line.ts'
import { formatFrame, formatLine } from '../../firmware-bridge/line/format-line.ts'
import { makeLineObserver } from '../../firmware-bridge/serial/diagnose-bytes.ts'
import { compareVersions } from '../../firmware-bridge/serial/diagnose-firmware.ts'
import { diagnoseLine, type LineEvidence } from '../../firmware-bridge/serial/diagnose-line.ts'
import { makeByteNoise } from '../../firmware-bridge/simulator/byte-noise.ts'
import { makeSeededRandom } from '../../firmware-bridge/simulator/seeded-random.ts'
import { helloLine, pressLine } from '../support/scripted-port.ts'

type Said = { atMs: number; bytes: Uint8Array }
const say = (atMs: number, text: string): Said => ({ atMs, bytes: Buffer.from(text, 'latin1') })
const opening = say(1, '\n')

/** A box that says hello each second; `changes` by the number of the hello. */
function heartbeats(count: number, changes: (index: number) => Partial<HelloLine> = () => ({})): Said[] {
  return Array.from({ length: count }, (_, index) => {
    const hello = helloLine({ boxNowMs: 61_000 + index * 1000, ...changes(index) })
    return say(300 + index * 1000, formatLine(hello))
  })
}

/** Plays what was said to an observer; `answer` is a box's answer to a `W`, null for a deaf one. */
function observe(said: readonly Said[], answer: ((atMs: number) => Said) | null = null, speedBaud = 57_600) {
  const observer = makeLineObserver(0, speedBaud)
  let greetings = 0
  for (const { bytes, atMs } of said) {
    observer.push(bytes, atMs)
    if (!observer.wantsGreeting()) continue
    greetings++
    observer.noteGreeting()
    const more = answer?.(atMs)
    if (more) observer.push(more.bytes, more.atMs)
  }
  return { evidence: observer.evidence(4000), greetings }
}

const wellHeard = (atMs: number) => say(atMs + 12, formatLine(helloLine({ boxNowMs: 61_000 + atMs - 300 + 12 })))
const options = { imageFirmware: '1.0.0', isDaemonListening: false }
const codesOf = (evidence: LineEvidence, more: Partial<typeof options> = {}) =>
  diagnoseLine(evidence, { ...options, ...more }).map(({ code }) => code)
const diagnose = (said: readonly Said[], answer: ((atMs: number) => Said) | null = wellHeard) =>
  codesOf(observe(said, answer).evidence)

describe('a good line', () => {
  it('has no fault, and its box is greeted once', () => {
    const { evidence, greetings } = observe([opening, ...heartbeats(4)], wellHeard)
    expect(diagnoseLine(evidence, options)).toEqual([])
    expect(evidence).toMatchObject({ goodLines: 5, hearing: 'well', restarts: 0 })
    expect(greetings).toBe(1)
  })

  it('is good byte by byte, and with the half line at the start that every opening brings', () => {
    const text = `d7,7,1,42,0,0\n${heartbeats(4)
      .map(({ bytes }) => Buffer.from(bytes).toString())
      .join('')}`
    expect(diagnose([...text].map((char, index) => say(index, char)))).toEqual([])
  })
})

describe('a line without a box', () => {
  it('is silent', () => expect(diagnose([])).toEqual(['silence']))

  it.each([
    ['a GPS receiver', '$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A\r\n', 'gps'],
    ['a receiver of several systems', '$GNGGA,,,,,,0,00,99.99,,,,,,*56\r\n', 'gps'],
    ['a modem', '\r\nRDY\r\n\r\n+CFUN: 1\r\n\r\n+CPIN: READY\r\n', 'modem'],
    ['a login', '\r\nDebian GNU/Linux 12 kiosk ttyAMA0\r\n\r\nkiosk login: ', 'console'],
    ['a starting computer', '[    0.000000] Booting Linux on physical CPU 0x0\r\n', 'console'],
    ['a 3-D printer', "Grbl 1.1f ['$' for help]\r\n", 'text'],
    ['another terminal', `\n${formatFrame('W')}${formatFrame('L,0')}`, 'host'],
  ])('knows %s', (_name, text, speaker) => {
    const { evidence } = observe([opening, ...[500, 1500, 2500].map((atMs) => say(atMs, text))])
    expect(diagnoseLine(evidence, options)).toMatchObject([{ code: 'other-speaker', facts: { speaker } }])
  })

  it('that stands at a level is a short circuit', () => {
    expect(diagnose([say(10, '\0'.repeat(500)), say(900, '\0'.repeat(500))])).toEqual(['dead-level'])
  })

  it('never quotes what could harm a screen', () => {
    const { evidence } = observe([
      opening,
      say(5, '\u001b[2J\u0007Hello from the\u001b]0;x\u0007 other device, yes\r\n'),
    ])
    const [fault] = diagnoseLine(evidence, options)
    expect(String(fault?.facts.sample ?? '')).toMatch(/^[\x20-\x7e…]*$/)
  })
})

/** What a UART at one speed makes of bits sent at another: samples the wire in the middle of its own bits. */
function receiveAtOtherSpeed(text: string, ratio: number): string {
  const wire: number[] = []
  for (const char of text) {
    const byte = char.charCodeAt(0)
    wire.push(0, ...Array.from({ length: 8 }, (_, bit) => (byte >> bit) & 1), 1)
  }
  const level = (bit: number) => wire[Math.floor(bit)] ?? 1
  let received = ''
  for (let at = 0; at < wire.length; ) {
    if (level(at) === 1) {
      at += 0.05
      continue
    }
    let byte = 0
    for (let bit = 0; bit < 8; bit++) byte |= level(at + (1.5 + bit) * ratio) << bit
    received += String.fromCharCode(byte)
    at += 9.5 * ratio
  }
  return received
}

describe('wrong speed and noise', () => {
  it.each([
    ['9600', 9600 / 57_600],
    ['28800', 0.5],
    ['38400', 38_400 / 57_600],
    ['115200', 2],
  ])('a box at %s baud is another speed, not noise', (_name, ratio) => {
    const said = heartbeats(4).map(({ bytes, atMs }) =>
      say(atMs, receiveAtOtherSpeed(Buffer.from(bytes).toString('latin1'), ratio)),
    )
    expect(said.every(({ bytes }) => bytes.length > 8)).toBe(true)
    expect(diagnose(said)).toEqual(['wrong-speed'])
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('random bytes are noise, not a speed (seed %i)', (seed) => {
    const random = makeSeededRandom(seed)
    const said = Array.from({ length: 12 }, () => {
      const bytes = Uint8Array.from({ length: 5 + Math.floor(random() * 90) }, () => Math.floor(random() * 256))
      return { atMs: Math.floor(random() * 4000), bytes }
    }).sort((a, b) => a.atMs - b.atMs)
    expect(diagnose(said)).toEqual(['nonsense'])
  })

  it('what is understood at another speed is named with it', () => {
    const box = observe([opening, ...heartbeats(3)], null, 28_800).evidence
    expect(diagnoseLine(box, options)).toMatchObject([{ code: 'wrong-speed', facts: { speedBaud: 28_800 } }])
    const gps = observe([say(9, '\n$GPGSV,1,1,00*79\r\n')], null, 9600).evidence
    expect(diagnoseLine(gps, options)).toMatchObject([
      { code: 'other-speaker', facts: { speaker: 'gps', speedBaud: 9600 } },
    ])
  })

  it.each([1, 2, 3, 4, 5])('a box behind a terrible cable is still a box (seed %i)', (seed) => {
    const noise = makeByteNoise(makeSeededRandom(seed), { flip: 0.06, drop: 0.03 })
    const said = heartbeats(4).map(({ bytes, atMs }) => ({ atMs, bytes: noise.carry(bytes) }))
    const [code] = diagnose(said, null)
    expect(['unreadable', 'noisy-cable', 'no-heartbeat']).toContain(code)
  })
})

describe('a noisy cable', () => {
  it('is told with its share and reasons', () => {
    const said = [opening, ...heartbeats(4), say(1500, 'H,1,3f9c0\n'), say(2600, 'E,3f9c02d7,41,1,27,0*AD92\n')]
    const { evidence } = observe(said, wellHeard)
    const faults = diagnoseLine(evidence, options)
    expect(faults).toMatchObject([
      { code: 'noisy-cable', facts: { percent: 28.6, badLines: 2, goodLines: 5, reasons: { frame: 1, crc: 1 } } },
    ])
  })

  it('may break lines for days now and then, but not many of them', () => {
    const { evidence } = observe([opening, ...heartbeats(4)], wellHeard)
    const days = { ...evidence, watchedMs: 864_000_000, goodLines: 864_000 }
    expect(codesOf({ ...days, badLines: { crc: 40 } })).toEqual([])
    expect(codesOf({ ...days, badLines: { crc: 4000 } })).toEqual(['noisy-cable'])
  })

  it('towards the box shows in what the box counts', () => {
    expect(diagnose([opening, ...heartbeats(4, (index) => ({ bad: 7 + 2 * index }))])).toEqual(['noisy-cable-to-box'])
    expect(diagnose([opening, ...heartbeats(4, () => ({ bad: 3 }))])).toEqual([])
    expect(diagnose([opening, ...heartbeats(4, () => ({ bad: 300 }))])).toEqual(['noisy-cable-to-box'])
    const old = (bad: number) => heartbeats(4, (index) => ({ bad, boxNowMs: 864_000_000 + index * 1000 }))
    expect(codesOf(observe([opening, ...old(300)]).evidence)).not.toContain('noisy-cable-to-box')
  })

  it('one way: a box that never answers hears nothing, or hears it broken', () => {
    const deaf = observe([opening, ...heartbeats(5)])
    expect(deaf.greetings).toBe(3)
    expect(codesOf(deaf.evidence)).toEqual(['one-way-cable'])
    expect(diagnose([opening, ...heartbeats(5, (index) => ({ bad: index }))], null)).toEqual(['damaged-way-to-box'])
  })

  it('is not called one way where the answer may have been lost on the way here', () => {
    const lost = [1320, 2320, 3320].map((atMs) => say(atMs, 'H,1,3f9c02d7,7,1,x*0000\n'))
    const said = [opening, ...heartbeats(4), ...lost].sort((a, b) => a.atMs - b.atMs)
    expect(diagnose(said, null)).toEqual(['noisy-cable'])
  })
})

describe('a box that speaks', () => {
  it('without identity says so, also when it is deaf', () => {
    const beats = [300, 1300, 2300, 3300].map((atMs) => say(atMs, formatLine({ type: 'no-identity' })))
    expect(diagnose([opening, ...beats], (atMs) => say(atMs + 9, formatLine({ type: 'no-identity' })))).toEqual([
      'no-identity',
    ])
    expect(diagnose([opening, ...beats], null)).toEqual(['no-identity', 'one-way-cable'])
  })

  it('in another version of the protocol is never greeted', () => {
    const said = [300, 1300, 2300].map((atMs) => say(atMs, formatFrame('H,2,3f9c02d7,7,1,42,0,0,0,61234,2.0.0,new')))
    const { evidence, greetings } = observe([opening, ...said], wellHeard)
    expect([codesOf(evidence), greetings]).toEqual([['other-version'], 0])
  })

  it.each<[string, (index: number) => Partial<HelloLine>, string[]]>([
    ['has old firmware', () => ({ firmware: '0.9.12' }), ['old-firmware']],
    ['has newer firmware', () => ({ firmware: '1.10.0' }), ['newer-firmware']],
    ['is full', () => ({ pending: 124, dropped: 9 }), ['box-full']],
    ['has refused', () => ({ dropped: 2 }), ['box-refused']],
    ['holds presses', () => ({ pending: 3 }), ['presses-waiting']],
    ['came out of a brown-out', () => ({ resetCause: 'brown-out' }), ['brown-out']],
    ['came out of a watchdog', () => ({ resetCause: 'watchdog' }), ['watchdog']],
    [
      'restarts all the time',
      (index) => ({ resetCause: 'brown-out', bootNumber: 7 + index, boxNowMs: 15 }),
      ['restarting'],
    ],
  ])('that %s', (_name, changes, codes) => {
    const answer = (atMs: number) => {
      const index = Math.round((atMs - 300) / 1000)
      return say(atMs + 12, formatLine(helloLine({ boxNowMs: 61_000 + index * 1000 + 12, ...changes(index) })))
    }
    expect(diagnose([opening, ...heartbeats(4, changes)], answer)).toEqual(codes)
  })

  it('reset once by our own opening of the port is well', () => {
    const said = heartbeats(4, (index) =>
      index === 0 ? {} : { bootNumber: 8, resetCause: 'reset-pin', boxNowMs: index * 1000 },
    )
    const answer = (atMs: number) => {
      const index = Math.round((atMs - 300) / 1000)
      const boot = index === 0 ? {} : { bootNumber: 8, resetCause: 'reset-pin' as const }
      return say(atMs + 9, formatLine(helloLine({ boxNowMs: (index === 0 ? 61_000 : index * 1000) + 9, ...boot })))
    }
    expect(diagnose([opening, ...said], answer)).toEqual([])
  })

  it('with a button held down names it', () => {
    const notice = pressLine(41, { button: 3, flags: { stuck: true, chord: false } })
    const { evidence } = observe([opening, ...heartbeats(4), say(3500, formatLine(notice))], wellHeard)
    expect(diagnoseLine(evidence, options)).toMatchObject([{ code: 'stuck-button', facts: { buttons: [3] } }])
  })

  it('and has presses for a daemon that takes them has none that wait', () => {
    const { evidence } = observe([opening, ...heartbeats(4, () => ({ pending: 1 }))], wellHeard)
    expect(codesOf(evidence, { isDaemonListening: true })).toEqual([])
  })
})

describe('whatever comes', () => {
  it('there is a finding or a box that is well, and no greeting without a valid line of a box', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.constantFrom(...[helloLine(), pressLine(3)].map((line) => Buffer.from(formatLine(line)))),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const { evidence, greetings } = observe(pieces.map((bytes, index) => ({ bytes, atMs: index * 300 })))
        const codes = codesOf(evidence)
        const isBoxHeard = evidence.lastHello !== null || evidence.noIdentityLines > 0
        expect(codes.length > 0 || isBoxHeard).toBe(true)
        if (!isBoxHeard) expect(greetings).toBe(0)
      }),
    )
  })

  it('keeps little of a babble without end', () => {
    const observer = makeLineObserver(0)
    const babble = Buffer.alloc(1_000_000, 0x55)
    for (let index = 0; index < 8; index++) observer.push(babble, index * 100)
    const evidence = observer.evidence(4000)
    expect(evidence).toMatchObject({ bytes: 8_000_000, goodLines: 0 })
    expect(diagnoseLine(evidence, options)).toHaveLength(1)
  })
})

describe('firmware versions', () => {
  it('are compared by number', () => {
    expect(compareVersions('1.9.0', '1.10.0')).toBeLessThan(0)
    expect(compareVersions('2.0.0', '1.99.99')).toBeGreaterThan(0)
    expect(compareVersions('1.0.0-rc1', '1.0.0')).toBe(0)
    expect(compareVersions('dev', '1.0.0')).toBe(0)
  })
})
