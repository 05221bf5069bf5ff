import { createHash } from 'node:crypto'
import fc from 'fast-check'
import type { TerminalRecord } from '../../src/contracts/records.ts'

export const hashText = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)

const hex = (digits: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: digits, maxLength: digits })
export const epoch = hex(16)
const boot = fc.uuid()
const common = fc.record({ boot, monoMs: fc.nat(2 ** 40), wallMs: fc.integer({ min: -(2 ** 45), max: 2 ** 45 }) })
const origin = fc.oneof(
  fc.record({ source: fc.constant('box' as const), box: hex(8), boxSeq: fc.integer({ min: 1, max: 0xffff_ffff }) }),
  fc.record({ source: fc.constant('touch' as const), touchId: fc.uuid() }),
)
const pressFields = fc.record({
  question: fc.constantFrom('service', 'clean-toilets'),
  surveyRevision: fc.integer({ min: 1, max: 9 }),
  value: fc.nat(10),
  spreadMs: fc.option(fc.nat(2 ** 31)),
  flags: fc.nat(3),
})

type Body = { kind: TerminalRecord['kind'] } & Record<string, unknown>
const body: fc.Arbitrary<Body> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(pressFields, origin).map(([press, from]): Body => ({ kind: 'press', ...press, ...from })),
  },
  fc.record({
    kind: fc.constant('answer' as const),
    touchId: fc.uuid(),
    followUp: fc.constant('why'),
    option: fc.nat(5),
  }),
  fc.record({
    kind: fc.constant('anchor' as const),
    utcMs: fc.nat(2 ** 42),
    errorMs: fc.nat(9_999),
    clock: fc.constantFrom('kernel' as const, 'exchange' as const),
  }),
  fc.constant({ kind: 'tick' as const }),
  fc.record({ kind: fc.constant('alive' as const), coveredMs: fc.nat(3_600_000) }),
)

/** Up to 60 records whose sequences follow each other from `first`. */
export const someRecords: fc.Arbitrary<{ first: number; records: TerminalRecord[] }> = fc
  .record({ first: fc.integer({ min: 1, max: 2 ** 40 }), parts: fc.array(fc.tuple(common, body), { maxLength: 60 }) })
  .map(({ first, parts }) => ({
    first,
    records: parts.map(([base, fields], i) => ({ sequence: first + i, ...base, ...fields }) as TerminalRecord),
  }))
