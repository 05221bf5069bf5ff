// The forms of values in WIRE.md §2, as predicates, and the few ways in which §5 and §6 put them together.

export type Form = {
  (value: unknown): boolean
  /** What is read of a value of this form; without it, the value itself. */
  read?: (value: unknown) => unknown
}

/** A value as it is read: without members that its form does not name (WIRE.md §5). */
export const readBy = (form: Form, value: unknown): unknown => (form.read ? form.read(value) : value)

export const MOST = 9_007_199_254_740_991
const HEX = '0123456789abcdef'
const NAME = 'abcdefghijklmnopqrstuvwxyz0123456789'

export const integer =
  (least: number, most: number): Form =>
  (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most

/** A string of `least` to `most` units, each of them in `units`. */
export const spelled =
  (units: string, least: number, most: number): Form =>
  (value) =>
    typeof value === 'string' &&
    value.length >= least &&
    value.length <= most &&
    value.split('').every((unit) => units.includes(unit))

/** A string of `least` to `most` code points; half of a surrogate pair counts as one. */
export const text =
  (least: number, most: number): Form =>
  (value) =>
    typeof value === 'string' && [...value].length >= least && [...value].length <= most

export const oneOf =
  (...words: unknown[]): Form =>
  (value) =>
    words.includes(value)

export const either = (...forms: Form[]): Form =>
  Object.assign((value: unknown) => forms.some((form) => form(value)), {
    read: (value: unknown) => readBy(forms.find((form) => form(value)) ?? nothing, value),
  })

export const list = (form: Form, most: number, least = 0): Form =>
  Object.assign(
    (value: unknown) =>
      Array.isArray(value) && value.length >= least && value.length <= most && value.every((each) => form(each)),
    { read: (value: unknown) => (value as unknown[]).map((each) => readBy(form, each)) },
  )

/** An object that has none of these members. */
export const without = (form: Form, ...names: string[]): Form =>
  Object.assign(
    (value: unknown) => form(value) && isObject(value) && names.every((name) => !Object.hasOwn(value, name)),
    { read: (value: unknown) => readBy(form, value) },
  )

/** An array of exactly these entries. */
export const entries =
  (...forms: Form[]): Form =>
  (value) =>
    Array.isArray(value) && value.length === forms.length && forms.every((form, at) => form(value[at]))

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** An object with these members; a name that ends in `?` may be left out. Others are ignored (WIRE.md §5). */
export const object = (members: Record<string, Form>): Form => {
  const wanted = Object.entries(members).map(([name, form]) => ({
    name: name.replace('?', ''),
    may: name.endsWith('?'),
    form,
  }))
  const isOne = (value: unknown) =>
    isObject(value) && wanted.every(({ name, may, form }) => (Object.hasOwn(value, name) ? form(value[name]) : may))
  const read = (value: unknown) => {
    const given = value as Record<string, unknown>
    const there = wanted.filter(({ name }) => Object.hasOwn(given, name))
    return Object.fromEntries(there.map(({ name, form }) => [name, readBy(form, given[name])]))
  }
  return Object.assign(isOne, { read })
}

export const nothing = oneOf(null)
export const count = integer(0, MOST)
export const sequence = integer(1, MOST)
export const instant = integer(-MOST, MOST)
export const epoch = spelled(HEX, 16, 16)
export const boot = spelled(`${HEX}-`, 8, 36)
export const box = spelled(HEX, 8, 8)
export const boxSeq = integer(1, 4_294_967_295)
export const touch = spelled(`${HEX}-`, 16, 36)
export const nonce = spelled(HEX, 8, 32)
export const byte = integer(0, 255)
/** Of a terminal, a question or a follow-up. */
export const shortName: Form = (value) => spelled(`${NAME}-`, 1, 40)(value) && !String(value).startsWith('-')
