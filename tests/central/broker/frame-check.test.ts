import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeFrameCheck } from '../../../src/central/broker/frame-check.ts'

const bounds = { maxFirstBytes: 2_048, maxBytes: 33_000 }
/** A packet with its remaining length as MQTT 3.1.1 §2.2.3 writes it. */
function makePacket(firstByte: number, body: Uint8Array): Buffer {
  const length: number[] = []
  let left = body.length
  do {
    length.push((left % 128) | (left >= 128 ? 0x80 : 0))
    left = Math.floor(left / 128)
  } while (left > 0)
  return Buffer.concat([Buffer.from([firstByte, ...length]), body])
}
const connect = makePacket(0x10, Buffer.from('\0\x04MQTT\x04\x02\0\x3c\0\x06till-1', 'latin1'))
const publish = (bytes: number) => makePacket(0x30, Buffer.alloc(bytes, 7))
const ping = makePacket(0xc0, Buffer.alloc(0))

describe('frame check', () => {
  it('lets every stream of good packets pass, however it is cut', () => {
    const sizes = fc.array(fc.oneof(fc.constant(-1), fc.integer({ min: 0, max: 32_000 })), { maxLength: 6 })
    fc.assert(
      fc.property(
        sizes,
        fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 20 }),
        (packets, cuts) => {
          const bytes = Buffer.concat([connect, ...packets.map((size) => (size < 0 ? ping : publish(size)))])
          const check = makeFrameCheck(bounds)
          for (let at = 0, i = 0; at < bytes.length; i += 1) {
            const next = at + (cuts[i % cuts.length] as number)
            expect(check(bytes.subarray(at, next))).toBeNull()
            at = next
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  it('refuses a too long packet at the last byte of its header', () => {
    const check = makeFrameCheck(bounds)
    expect(check(connect)).toBeNull()
    expect(check(publish(33_001).subarray(0, 4))).toBe('too-large')
  })

  it('never throws and never lets a first packet pass that is no CONNECT', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => {
        const fault = makeFrameCheck(bounds)(bytes)
        expect(fault === null || fault.length > 0).toBe(true)
        if (bytes[0] !== 0x10) expect(fault).toBe('not-mqtt')
      }),
    )
  })
})
