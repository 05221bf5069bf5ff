/** A line from the box that is refused, without its newline, and the reason of PROTOCOL.md §8. */
export type WrongLine = { text: string; reason: string }
type Field = { name: string; good: string; form: 'u32' | 'id' | 'age' | 'fw'; outside: string[] }

const most = '4294967295'
const u32 = (name: string, good: string, outside: string[] = []): Field => ({ name, good, form: 'u32', outside })
const id: Field = { name: 'id', good: '3f9c02d7', form: 'id', outside: ['00000000', 'ffffffff'] }

/** PROTOCOL.md §5, with what lies just outside of each range (§8.5). */
export const goodLines: Record<string, readonly Field[]> = {
  H: [
    u32('version', '1'),
    id,
    u32('boot', '7', ['0']),
    u32('cause', '1', ['5', '10', most]),
    u32('next', '42', ['0']),
    u32('pending', '3', ['125', '1000', most]),
    u32('dropped', '5'),
    u32('bad', '6'),
    u32('now', '61234'),
    { name: 'fw', good: '1.0.0', form: 'fw', outside: [] },
  ],
  E: [
    id,
    u32('seq', '41', ['0', most]),
    u32('button', '2', ['0', '5', '12', most]),
    { name: 'age', good: '27', form: 'age', outside: [] },
    u32('flags', '0', ['4', '5', most]),
  ],
  N: [],
}

const noNumbers = [
  ...['', '-1', '-0', '+1', ' 1', '1 ', '01', '00', '0000000001', '4294967296', '4294967297', '18446744073709551617'],
  ...['x', '1.0', '1e3', '0x1', '--', '*', '1a', 'one', '1*', 'NaN', 'Infinity', '1_0', '99999999999'],
]
const wrongForms: Record<Field['form'], string[]> = {
  u32: [...noNumbers, '-'],
  age: noNumbers,
  id: ['', '3f9c02d', '3f9c02d70', '3F9C02D7', '3f9c02dg', '0x3f9c02', '-f9c02d7', ' 3f9c02d', '3f9c 2d7', '*f9c02d7'],
  fw: ['', '1.0.0-rc.1+ab', '1 0', '1_0', '1/0', '(1)', '1*0'],
}

/** PROTOCOL.md §3 by long division, sharing nothing with the product. */
function crcOf(body: string): string {
  let rest = 0xffff
  for (const byte of Buffer.from(body, 'latin1'))
    for (let bit = 7; bit >= 0; bit--) {
      const isOne = ((rest >> 15) ^ (byte >> bit)) & 1
      rest = ((rest << 1) & 0xffff) ^ (isOne * 0x1021)
    }
  return rest.toString(16).toUpperCase().padStart(4, '0')
}

export const framed = (body: string): string => `${body}*${crcOf(body)}\n`
const bodyOf = (type: string, fields: readonly string[]) => [type, ...fields].join(',')
const lineOf = (type: string, fields: readonly string[]) => framed(bodyOf(type, fields)).trimEnd()

/** Every field of a line wrong in turn, under a right CRC. */
export function makeWrongFields(type: string): WrongLine[] {
  const fields = goodLines[type] ?? []
  const good = fields.map((field) => field.good)
  const wrong = fields.flatMap(({ form, outside }, at) =>
    [...wrongForms[form], ...outside].map((value) => lineOf(type, good.with(at, value))),
  )
  const missing = good.map((_, at) => lineOf(type, good.toSpliced(at, 1)))
  const extra = [...good, ''].flatMap((_, at) =>
    ['', '0', '1'].map((value) => lineOf(type, good.toSpliced(at, 0, value))),
  )
  const versions = type === 'H' ? ['0', '2', '10', most].map((value) => lineOf(type, good.with(0, value))) : []
  const types = ['', ' ', type.toLowerCase(), `${type}${type}`, ` ${type}`, `${type} `, 'Q', '*', 'constructor']
  const renamed = types.map((other) => lineOf(other, good))
  return [...wrong, ...missing, ...extra, ...versions, ...renamed].map(withReason)
}

/** Every damage of PROTOCOL.md §8.6 at every place of a good line; without newlines inside. */
export function makeDamagedLines(type: string): WrongLine[] {
  const line = lineOf(
    type,
    (goodLines[type] ?? []).map((field) => field.good),
  )
  const places = Array.from(line, (_, at) => at)
  const spliced = (at: number, count: number, text: string) => `${line.slice(0, at)}${text}${line.slice(at + count)}`
  const flipped = (at: number, bit: number) => String.fromCharCode(line.charCodeAt(at) ^ (1 << bit))
  const strange = ['\0', '\r', '\t', '\x7f', '\x80', '\xc3\xa9', '\xff', '*', ',', ' ']
  const crcs = ['0000', 'FFFF', '    ', '****', line.slice(-4).toLowerCase(), line.slice(-3)]
  return [
    ...places.flatMap((at) => [0, 1, 2, 3, 4, 5, 6, 7].map((bit) => spliced(at, 1, flipped(at, bit)))),
    ...places.flatMap((at) => [spliced(at, 1, ''), spliced(at, 0, line[at] ?? ''), line.slice(0, at)]),
    ...[...places, line.length].flatMap((at) => strange.map((text) => spliced(at, 0, text))),
    ...[`${line}${line}`, `${line} ${line}`, `${line}\r`, `${line}\r${line}`, line.slice(0, -5)],
    ...crcs.map((crc) => `${line.slice(0, -4)}${crc}`),
    ...[95, 96, 97, 300, 5000].map((length) => line.padStart(length, 'x')),
  ]
    .filter((text) => text !== line && !text.includes('\n'))
    .map(withReason)
}

const withReason = (text: string): WrongLine => ({ text, reason: readReason(text) })

/** PROTOCOL.md §8 read a second time: the table in its order, for lines that are known to be refused. */
function readReason(text: string): string {
  const body = text.slice(0, -5)
  const [type = '', ...fields] = body.split(',')
  const expected = goodLines[type]
  if (text === '') return 'empty'
  if (text.length > 95) return 'too-long'
  if (/[^ -~]/.test(text)) return 'bytes'
  if (!/.\*[0-9A-F]{4}$/.test(text)) return 'frame'
  if (!text.endsWith(crcOf(body))) return 'crc'
  if (!expected || !'HEN'.includes(type)) return 'type'
  if (type === 'H' && isU32(fields[0]) && fields[0] !== '1') return 'version'
  return fields.length === expected.length ? 'field' : 'fields'
}

function isU32(text = ''): boolean {
  return /^(0|[1-9]\d*)$/.test(text) && BigInt(text) <= 0xffff_ffffn
}
