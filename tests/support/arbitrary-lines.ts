import fc from 'fast-check'
import {
  type BoxLine,
  type HostLine,
  lightModes,
  maxLineBytes,
  resetCauses,
} from '../../firmware-bridge/line/box-line.ts'

const u32 = (min = 0, max = 0xffff_ffff) =>
  fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max), fc.integer({ min, max: Math.min(max, min + 300) }))

const arbitraryBoxId = fc.integer({ min: 1, max: 0xffff_fffe }).map((value) => value.toString(16).padStart(8, '0'))

const firmware = fc.string({
  unit: fc.constantFrom(...'0123456789ABCZabcz.+-'),
  minLength: 1,
  maxLength: 12,
})
const sequence = u32(1, 0xffff_fffe)

export const arbitraryBoxLine: fc.Arbitrary<BoxLine> = fc.oneof(
  fc.record({
    type: fc.constant('hello' as const),
    boxId: arbitraryBoxId,
    bootNumber: u32(1),
    resetCause: fc.constantFrom(...resetCauses),
    nextSequence: u32(1),
    pending: u32(0, 124),
    dropped: u32(),
    bad: u32(),
    boxNowMs: u32(),
    firmware,
  }),
  fc.record({
    type: fc.constant('press' as const),
    boxId: arbitraryBoxId,
    sequence,
    button: fc.constantFrom(1 as const, 2 as const, 3 as const, 4 as const),
    ageMs: fc.option(u32(), { nil: null }),
    flags: fc.record({ stuck: fc.boolean(), chord: fc.boolean() }),
  }),
  fc.record({ type: fc.constant('no-identity' as const) }),
)

export const arbitraryHostLine: fc.Arbitrary<HostLine> = fc.oneof(
  fc.record({ type: fc.constant('wake' as const) }),
  fc.record({
    type: fc.constant('ack' as const),
    boxId: arbitraryBoxId,
    sequence,
    status: fc.constantFrom('committed' as const, 'cannot-store' as const),
  }),
  fc.record({ type: fc.constant('set-identity' as const), boxId: arbitraryBoxId }),
  fc.record({ type: fc.constant('lights' as const), mode: fc.constantFrom(...lightModes) }),
)

/** Any bytes at all, as latin1 text. */
export const arbitraryLatin1 = fc
  .uint8Array({ maxLength: 2 * maxLineBytes })
  .map((bytes) => Buffer.from(bytes).toString('latin1'))
