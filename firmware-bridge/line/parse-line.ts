import {
  type AckLine,
  type BoxLine,
  type ButtonNumber,
  type HelloLine,
  type HostLine,
  type LightsLine,
  lightModes,
  maxLineBytes,
  type PressFlags,
  type PressLine,
  protocolVersion,
  type RefusalReason,
  resetCauses,
  type SetIdentityLine,
} from './box-line.ts'
import { crc16 } from './crc16.ts'
import { codeField, type FieldReader, firmwareField, idField, integerField } from './line-fields.ts'

export type ParsedLine<Line> = { ok: true; line: Line } | Refusal
/** `field` names the faulty field where the reason is `field`, by its name in PROTOCOL.md §5 and §6. */
export type Refusal = { ok: false; reason: RefusalReason; field?: string }

/** One field of a line: its name in PROTOCOL.md, its key in our value, and how it is read. */
type FieldOf<Line> = {
  [Key in keyof Line & string]: { name: string; key: Key; read: FieldReader<Line[Key]> }
}[keyof Line & string]
type Shape = { type: BoxLine['type'] | HostLine['type']; fields: readonly FieldOf<Record<string, unknown>>[] }

const sequence = integerField(1, 0xffff_fffe)
const buttons = [1, 2, 3, 4] as const

const readButton: FieldReader<ButtonNumber> = (text) => buttons.find((button) => String(button) === text)
const readFlags = codeField<PressFlags>([
  { stuck: false, chord: false },
  { stuck: true, chord: false },
  { stuck: false, chord: true },
  { stuck: true, chord: true },
])
const readAge = (text: string): number | null | undefined => (text === '-' ? null : integerField()(text))
const readStatus: FieldReader<AckLine['status']> = (text) =>
  text === '0' ? 'committed' : text === '2' ? 'cannot-store' : undefined

/** Keeps each field's reader and key in step with the type of the line; the parser itself need not know the types. */
function shape<Line extends BoxLine | HostLine>(type: Line['type'], ...fields: FieldOf<Omit<Line, 'type'>>[]): Shape {
  return { type, fields: fields as unknown as Shape['fields'] }
}

const boxShapes: Record<string, Shape> = {
  H: shape<HelloLine>(
    'hello',
    { name: 'id', key: 'boxId', read: idField },
    { name: 'boot', key: 'bootNumber', read: integerField(1) },
    { name: 'cause', key: 'resetCause', read: codeField(resetCauses) },
    { name: 'next', key: 'nextSequence', read: integerField(1) },
    { name: 'pending', key: 'pending', read: integerField(0, 124) },
    { name: 'dropped', key: 'dropped', read: integerField() },
    { name: 'bad', key: 'bad', read: integerField() },
    { name: 'now', key: 'boxNowMs', read: integerField() },
    { name: 'fw', key: 'firmware', read: firmwareField },
  ),
  E: shape<PressLine>(
    'press',
    { name: 'id', key: 'boxId', read: idField },
    { name: 'seq', key: 'sequence', read: sequence },
    { name: 'button', key: 'button', read: readButton },
    { name: 'age', key: 'ageMs', read: readAge },
    { name: 'flags', key: 'flags', read: readFlags },
  ),
  N: shape('no-identity'),
}

const hostShapes: Record<string, Shape> = {
  W: shape('wake'),
  A: shape<AckLine>(
    'ack',
    { name: 'id', key: 'boxId', read: idField },
    { name: 'seq', key: 'sequence', read: sequence },
    { name: 'status', key: 'status', read: readStatus },
  ),
  S: shape<SetIdentityLine>('set-identity', { name: 'id', key: 'boxId', read: idField }),
  L: shape<LightsLine>('lights', { name: 'mode', key: 'mode', read: codeField(lightModes) }),
}

/**
 * Parses one line that the box sent.
 *
 * @param text the line without its newline, one character a byte (latin1)
 * @returns the line, or the first fault in the order of PROTOCOL.md §8; never throws
 */
export function parseBoxLine(text: string): ParsedLine<BoxLine> {
  return parse(text, boxShapes) as ParsedLine<BoxLine>
}

/** Parses one line that the host sent; as `parseBoxLine`. */
export function parseHostLine(text: string): ParsedLine<HostLine> {
  return parse(text, hostShapes) as ParsedLine<HostLine>
}

function parse(text: string, shapes: Record<string, Shape>): ParsedLine<unknown> {
  const fault = findFrameFault(text)
  if (fault) return { ok: false, reason: fault }
  const [letter = '', ...fields] = text.slice(0, -5).split(',')
  const found = Object.hasOwn(shapes, letter) ? shapes[letter] : undefined
  if (!found) return { ok: false, reason: 'type' }
  if (found.type !== 'hello') return readFields(found, fields)
  const version = fields[0] === undefined ? undefined : integerField()(fields[0])
  // The version goes before the number of fields: another version may have any number of them (PROTOCOL.md §8).
  if (version !== undefined && version !== protocolVersion) return { ok: false, reason: 'version' }
  if (fields.length !== found.fields.length + 1) return { ok: false, reason: 'fields' }
  if (version === undefined) return { ok: false, reason: 'field', field: 'version' }
  return readFields(found, fields.slice(1))
}

function findFrameFault(text: string): RefusalReason | undefined {
  if (text === '') return 'empty'
  if (text.length > maxLineBytes - 1) return 'too-long'
  if (!/^[\x20-\x7e]*$/.test(text)) return 'bytes'
  if (!/^.+\*[0-9A-F]{4}$/.test(text)) return 'frame'
  if (crc16(text.slice(0, -5)) !== Number.parseInt(text.slice(-4), 16)) return 'crc'
  return undefined
}

function readFields({ type, fields }: Shape, texts: readonly string[]): ParsedLine<unknown> {
  if (texts.length !== fields.length) return { ok: false, reason: 'fields' }
  const line: Record<string, unknown> = { type }
  for (const [index, { name, key, read }] of fields.entries()) {
    const value = read(texts[index] ?? '')
    if (value === undefined) return { ok: false, reason: 'field', field: name }
    line[key] = value
  }
  return { ok: true, line }
}
