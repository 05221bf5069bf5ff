// The forms of values in WIRE.md §2, as predicates, and the few ways in which §5 and §6 put them together.

export type Form = (value: unknown) => boolean

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

export const either =
  (...forms: Form[]): Form =>
  (value) =>
    forms.some((form) => form(value))

export const list =
  (form: Form, most: number, least = 0): Form =>
  (value) =>
    Array.isArray(value) && value.length >= least && value.length <= most && value.every(form)

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
  return (value) =>
    isObject(value) && wanted.every(({ name, may, form }) => (Object.hasOwn(value, name) ? form(value[name]) : may))
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
