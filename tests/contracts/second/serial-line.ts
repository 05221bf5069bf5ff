// A second decoder of the serial line, both directions, written from PROTOCOL.md alone; imports nothing of the product.

export type From = 'box' | 'host'
type Fields = Record<string, string>
type Reading = { ok: true; fields: Fields } | { ok: false; reason: string; field?: string }
type Form = (text: string) => boolean

const DIGITS = '0123456789'
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const LONGEST_BYTES = 95
const MOST = '4294967295'

const madeOf = (characters: string, text: string) => text.split('').every((character) => characters.includes(character))

/** Decimal text compared as text (PROTOCOL.md §4): no number is made of it, so nothing can wrap or be rounded. */
const notAbove = (text: string, most: string) =>
  text.length < most.length || (text.length === most.length && text <= most)

const u32 =
  (least = '0', most = MOST): Form =>
  (text) =>
    text !== '' &&
    madeOf(DIGITS, text) &&
    (text === '0' || text[0] !== '0') &&
    notAbove(text, most) &&
    notAbove(least, text)

const oneOf =
  (...texts: string[]): Form =>
  (text) =>
    texts.includes(text)

const id: Form = (text) =>
  text.length === 8 && madeOf('0123456789abcdef', text) && text !== '00000000' && text !== 'ffffffff'
const age: Form = (text) => text === '-' || u32()(text)
const fw: Form = (text) => text.length >= 1 && text.length <= 12 && madeOf(`${DIGITS}${LETTERS}.+-`, text)
const seq = u32('1', '4294967294')

/** Types with their fields in order, by who sends them (PROTOCOL.md §5, §6). */
const TYPES: Record<From, Record<string, Record<string, Form>>> = {
  box: {
    H: {
      version: oneOf('1'),
      id,
      boot: u32('1'),
      cause: u32('0', '4'),
      next: u32('1'),
      pending: u32('0', '124'),
      dropped: u32(),
      bad: u32(),
      now: u32(),
      fw,
    },
    E: { id, seq, button: u32('1', '4'), age, flags: u32('0', '3') },
    N: {},
  },
  host: { W: {}, A: { id, seq, status: oneOf('0', '2') }, S: { id }, L: { mode: u32('0', '2') } },
}

/** Reads one line without its `\n`, naming the first fault in the order of PROTOCOL.md §8; never throws. */
export function decodeLine(from: From, line: Uint8Array): Reading {
  const fault = frameFault(line)
  if (fault !== undefined) return { ok: false, reason: fault }
  const [type = '', ...texts] = Buffer.from(line.subarray(0, -5)).toString('latin1').split(',')
  const forms = Object.entries(TYPES[from]).find(([each]) => each === type)?.[1]
  if (forms === undefined) return { ok: false, reason: 'type' }
  const version = texts[0]
  if (type === 'H' && version !== undefined && u32()(version) && version !== '1')
    return { ok: false, reason: 'version' }
  const names = Object.keys(forms)
  if (texts.length !== names.length) return { ok: false, reason: 'fields' }
  const field = names.find((name, at) => forms[name]?.(texts[at] ?? '') !== true)
  if (field !== undefined) return { ok: false, reason: 'field', field }
  return { ok: true, fields: Object.fromEntries([['type', type], ...names.map((name, at) => [name, texts[at]])]) }
}

function frameFault(line: Uint8Array): string | undefined {
  if (line.length === 0) return 'empty'
  if (line.length > LONGEST_BYTES) return 'too-long'
  if (line.some((byte) => byte < 0x20 || byte > 0x7e)) return 'bytes'
  const end = Buffer.from(line.subarray(-5)).toString('latin1')
  if (line.length < 6 || end[0] !== '*' || !madeOf(`${DIGITS}ABCDEF`, end.slice(1))) return 'frame'
  return crcDigits(line.subarray(0, -5)) === end.slice(1) ? undefined : 'crc'
}

/** PROTOCOL.md §3 as the long division it stands for: BODY and 16 zero bits, the first 16 inverted, modulo x^16+x^12+x^5+1. */
export function crcDigits(body: Uint8Array): string {
  const bits = new Uint8Array(8 * body.length + 16)
  for (let at = 0; at < 8 * body.length; at++) bits[at] = ((body[at >> 3] ?? 0) >> (7 - (at & 7))) & 1
  const invert = (at: number) => bits.fill(1 - (bits[at] ?? 0), at, at + 1)
  for (let at = 0; at < 16; at++) invert(at)
  for (let at = 0; at < 8 * body.length; at++) {
    if (bits[at] === 1) for (const power of [16, 12, 5, 0]) invert(at + 16 - power)
  }
  return Number.parseInt(bits.subarray(-16).join(''), 2).toString(16).toUpperCase().padStart(4, '0')
}

/** The lines of a stream as a host reads it: whatever stands before the first `\n` is left out (PROTOCOL.md §2.6). */
export function cutIntoLines(stream: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = []
  let begin = -1
  stream.forEach((byte, at) => {
    if (byte !== 0x0a) return
    if (begin >= 0) lines.push(stream.subarray(begin, at))
    begin = at + 1
  })
  return lines
}
