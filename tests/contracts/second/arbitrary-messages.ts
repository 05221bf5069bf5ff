// Messages of WIRE.md §5 that a correct sender could send, with values at the borders of §2.

import fc from 'fast-check'

const spelled = (units: string, minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...units), minLength, maxLength })
const MOST = Number.MAX_SAFE_INTEGER
const within = (min: number, max: number) =>
  fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max), fc.integer({ min, max: Math.min(max, min + 99) }))

const HEX = '0123456789abcdef'
const ALNUM = 'ABCXYZabcxyz0189'
const count = within(0, MOST)
const sequence = within(1, MOST)
const instant = within(-MOST, MOST)
const u32 = within(1, 2 ** 32 - 1)
const nonce = spelled(HEX, 8, 32)
const epoch = spelled(HEX, 16, 16)
const boot = spelled(`${HEX}-`, 8, 36)
const question = fc.tuple(spelled('az09', 1, 1), spelled('az09-', 0, 39)).map((parts) => parts.join(''))
const text = (minLength: number, maxLength: number) =>
  fc.oneof(
    fc.string({ unit: 'grapheme', minLength, maxLength: 20 }).filter((each) => each.length <= maxLength),
    spelled('aé"\\/\n\u2028', minLength, maxLength),
  )
const line = text(0, 200)
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null })
const timeOfDay = fc
  .tuple(fc.nat(23), fc.nat(59))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'))

const versions = fc.record({ terminal: line, firmware: line, node: line, tz: line }, { requiredKeys: ['terminal'] })
const box = orNull(
  fc.record(
    { id: spelled(HEX, 8, 8), next: u32, pending: count, dropped: count, boot: u32, bad: count },
    { requiredKeys: ['id', 'next', 'pending', 'dropped'] },
  ),
)
const common = { nonce, epoch, boot, monoMs: count, versions, box, touchIssued: count }
const held = fc.array(fc.record({ epoch, first: sequence, last: sequence }), { maxLength: 100, size: 'small' })
const quiet = fc.record({
  weekdays: fc.array(within(1, 7), { minLength: 1, maxLength: 7 }),
  from: timeOfDay,
  to: timeOfDay,
})

const storage = fc.record({
  refusing: fc.boolean(),
  ballast: fc.constantFrom('held', 'released', 'none'),
  quarantined: fc.array(fc.record({ at: orNull(instant), salvaged: orNull(count), missing: orNull(count) }), {
    maxLength: 10,
  }),
  schemaCopies: count,
})

/** One arbitrary for each leaf but `batch`. */
export const arbitraryMessages = {
  hello: fc.record(
    { ...common, held, probe: fc.boolean() },
    { requiredKeys: ['nonce', 'versions', 'epoch', 'held', 'boot', 'monoMs'] },
  ),
  welcome: fc.record(
    {
      nonce,
      marks: fc.array(fc.record({ epoch, upTo: count }), { maxLength: 101 }),
      serverTime: instant,
      retryAfter: count,
    },
    { requiredKeys: ['nonce', 'marks', 'serverTime'] },
  ),
  ack: fc.oneof(
    fc.record(
      { epoch, upTo: count, serverTime: instant, retryAfter: count },
      { requiredKeys: ['epoch', 'upTo', 'serverTime'] },
    ),
    fc.record({ epoch, expect: sequence }),
    fc.record({ epoch, sequence, reject: line }),
  ),
  desired: fc.record(
    {
      rev: sequence,
      survey: fc.record({
        question,
        revision: sequence,
        scaleMax: within(1, 10),
        texts: fc.array(fc.record({ language: spelled(`${ALNUM}-`, 2, 20), text: text(1, 200) }), {
          minLength: 1,
          maxLength: 20,
          size: 'small',
        }),
      }),
      lights: fc.record({
        zone: text(1, 60),
        brightness: fc.constantFrom('normal', 'dim'),
        quiet: fc.array(quiet, { maxLength: 14, size: 'small' }),
      }),
    },
    { requiredKeys: ['rev', 'survey'] },
  ),
  health: fc.record({
    ...common,
    rev: count,
    unacknowledged: count,
    oldestAgeMs: orNull(count),
    diskFreeBytes: orNull(count),
    databaseBytes: count,
    walBytes: count,
    cpuTemperatureC: orNull(fc.double({ noNaN: true, noDefaultInfinity: true })),
    undervoltage: orNull(fc.boolean()),
    clock: fc.constantFrom('unsynchronised', 'kernel', 'exchange'),
    serial: fc.dictionary(spelled(`${ALNUM}-`, 1, 40), count, { maxKeys: 8 }),
    boxResets: count,
    stuckButtons: fc.array(within(1, 4), { maxLength: 4 }),
    storage,
  }),
  status: fc.record({ status: fc.constantFrom('online', 'offline'), connection: nonce }),
}
