import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  parseAck,
  parseDesired,
  parseHealth,
  parseHello,
  parseStatus,
  parseWelcome,
} from '../../src/contracts/parse-message.ts'
import { makeTopic, parseTopic } from '../../src/contracts/topics.ts'

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const epoch = 'feedfacecafebeef'
const hello = {
  nonce: '0123abcd',
  versions: { terminal: '0.1.0', firmware: '1.0.0' },
  epoch,
  held: [{ epoch, first: 1, last: 9 }],
  boot: '8d6f0a52-7c1e-4e0b-9a3d-111111111111',
  monoMs: 5_000,
  box: { id: 'c0ffee01', next: 10, pending: 0, dropped: 0 },
}

describe('MQTT messages', () => {
  it('reads a hello, also without a box', () => {
    expect(parseHello(bytes(hello))).toEqual({ ok: true, value: hello })
    expect(parseHello(bytes({ ...hello, box: null })).ok).toBe(true)
  })

  it.each([
    ['nonce', 'x'],
    ['epoch', 12],
    ['held', [{ epoch, first: 0, last: 9 }]],
    ['held', Array.from({ length: 101 }, () => ({ epoch, first: 1, last: 1 }))],
    ['boot', '../etc'],
    ['monoMs', -1],
    ['monoMs', 1.5],
    ['box', { id: 'c0ffee01', next: 2 ** 32, pending: 0, dropped: 0 }],
    ['versions', {}],
  ])('refuses a hello whose %s is %j, naming the member', (member, value) => {
    expect(parseHello(bytes({ ...hello, [member]: value }))).toMatchObject({
      ok: false,
      reason: 'bad-shape',
      detail: expect.stringContaining(member),
    })
  })

  it('tells the three forms of an ack apart', () => {
    expect(parseAck(bytes({ epoch, upTo: 7, serverTime: 1 })).ok).toBe(true)
    expect(parseAck(bytes({ epoch, expect: 8 })).ok).toBe(true)
    expect(parseAck(bytes({ epoch, sequence: 8, reject: 'bad-value' })).ok).toBe(true)
    expect(parseAck(bytes({ epoch })).ok).toBe(false)
    expect(parseAck(bytes({ epoch, upTo: '7', serverTime: 1 })).ok).toBe(false)
  })

  it.each([
    ['hello', parseHello],
    ['welcome', parseWelcome],
    ['ack', parseAck],
    ['desired', parseDesired],
    ['health', parseHealth],
    ['status', parseStatus],
  ] as const)('%s never throws on arbitrary bytes or JSON', (_, parse) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (payload) => {
        expect(parse(payload).ok).toBe(false)
      }),
    )
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(parse(bytes(value)).ok).toBe(false)
      }),
    )
  })
})

describe('topics', () => {
  it('reads what it writes', () => {
    expect(makeTopic('kiosk-17', 'batch')).toBe('smilepost/v1/kiosk-17/batch')
    expect(parseTopic('smilepost/v1/kiosk-17/batch')).toEqual({ terminal: 'kiosk-17', leaf: 'batch' })
  })

  it.each([
    'smilepost/v1/kiosk-17',
    'smilepost/v1/kiosk-17/batch/x',
    'smilepost/v2/kiosk-17/batch',
    'smilepost/v1/+/batch',
    'smilepost/v1/#',
    '$SYS/broker',
    'smilepost/v1/Kiosk/batch',
    'smilepost/v1//batch',
    'smilepost/v1/kiosk-17/other',
  ])('does not know %s', (topic) => {
    expect(parseTopic(topic)).toBeNull()
  })
})
