// The messages of WIRE.md §5, but for the batch.

import * as form from './forms.ts'

const { count, either, integer, list, nothing, object, oneOf, sequence, text, without } = form
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const DIGITS = '0123456789'

const line = text(0, 200)
const u32 = integer(1, 4_294_967_295)

const boxState = object({ id: form.box, next: u32, pending: count, dropped: count, 'boot?': u32, 'bad?': count })
const boxOrNull = either(nothing, boxState)
const versions = object({ terminal: line, 'firmware?': line, 'node?': line, 'tz?': line })

const waiting = object({
  boxes: list(object({ box: form.box, from: u32, to: u32 }), 20),
  more: count,
  touch: count,
})

const storage = object({
  refusing: oneOf(true, false),
  ballast: oneOf('held', 'released', 'none'),
  quarantined: list(
    object({ at: either(nothing, form.instant), salvaged: either(nothing, count), missing: either(nothing, count) }),
    10,
  ),
  schemaCopies: count,
})

const hello = object({
  nonce: form.nonce,
  versions,
  epoch: form.epoch,
  held: list(object({ epoch: form.epoch, first: sequence, last: sequence }), 100),
  boot: form.boot,
  monoMs: form.count,
  'box?': boxOrNull,
  'touchIssued?': count,
  'waiting?': waiting,
  'unreadable?': oneOf(true, false),
  'probe?': oneOf(true, false),
})

const welcome = object({
  nonce: form.nonce,
  marks: list(object({ epoch: form.epoch, upTo: count }), 101),
  serverTime: form.instant,
  'retryAfter?': count,
})

const ack = either(
  without(
    object({ epoch: form.epoch, upTo: count, serverTime: form.instant, 'retryAfter?': count }),
    'expect',
    'reject',
  ),
  without(object({ epoch: form.epoch, expect: sequence, 'fault?': line }), 'upTo', 'reject'),
  without(object({ epoch: form.epoch, sequence, reject: line }), 'upTo', 'expect'),
)

const timeOfDay: form.Form = (value) =>
  typeof value === 'string' &&
  value.length === 5 &&
  value[2] === ':' &&
  form.spelled(DIGITS, 4, 4)(value.slice(0, 2) + value.slice(3)) &&
  Number(value.slice(0, 2)) < 24 &&
  Number(value.slice(3)) < 60

const quiet = object({ weekdays: list(integer(1, 7), 7, 1), from: timeOfDay, to: timeOfDay })

const desired = object({
  rev: sequence,
  survey: object({
    question: form.shortName,
    revision: sequence,
    scaleMax: integer(1, 10),
    texts: list(object({ language: form.spelled(`${LETTERS}${DIGITS}-`, 2, 20), text: text(1, 200) }), 20, 1),
  }),
  'lights?': object({ zone: text(1, 60), brightness: oneOf('normal', 'dim'), quiet: list(quiet, 14) }),
})

const counterName = form.spelled(`${LETTERS}${DIGITS}-`, 1, 40)
const counters: form.Form = (value) =>
  form.isObject(value) && Object.getOwnPropertyNames(value).every((name) => counterName(name) && count(value[name]))

const health = object({
  nonce: form.nonce,
  epoch: form.epoch,
  boot: form.boot,
  monoMs: form.count,
  rev: count,
  unacknowledged: count,
  oldestAgeMs: either(nothing, count),
  box: boxOrNull,
  touchIssued: count,
  diskFreeBytes: either(nothing, count),
  databaseBytes: count,
  walBytes: count,
  cpuTemperatureC: either(nothing, (value) => Number.isFinite(value)),
  undervoltage: oneOf(null, true, false),
  clock: oneOf('unsynchronised', 'kernel', 'exchange'),
  serial: counters,
  boxResets: count,
  stuckButtons: list(integer(1, 4), 4),
  versions,
  'waiting?': waiting,
  'unreadable?': oneOf(true, false),
  'storage?': storage,
})

const status = object({ status: oneOf('online', 'offline'), connection: form.nonce })

/** The form of each leaf of WIRE.md §1.2 but `batch`. */
export const MESSAGES = { hello, welcome, ack, desired, health, status }
