import { framed } from './read-line.ts'

/** What makes a line wrong, and the bytes, newlines included, that a box then hears. */
export type WrongLines = { fault: string; texts: string[] }

type Field = { name: 'id' | 'seq' | 'status' | 'mode'; good: string }
export type GoodLine = { type: string; fields: readonly Field[] }

/** Forms that no number has on this line (PROTOCOL.md §4). */
const noNumbers: Record<string, string[]> = {
  empty: [''],
  negative: ['-1', '-0', '-2147483648'],
  signed: ['+1', '+0'],
  blank: [' 1', '1 ', ' ', '\t1'],
  'leading zero': ['01', '00', '02', '0000000001'],
  'too large': ['4294967296', '4294967297', '4294967298', '9999999999', '99999999999', '18446744073709551617'],
  'not a number': ['x', '1.0', '1e3', '0x1', '-', '*', '1a', 'one', '1\0'],
}
const outOfRange: Record<Field['name'], string[]> = {
  id: [],
  seq: ['0', '4294967295'],
  status: ['1', '3', '4', '10', '20', '22', '256', '258', '4294967295'],
  mode: ['3', '4', '10', '256', '257', '4294967295'],
}
const noIds: Record<string, string[]> = {
  empty: [''],
  short: ['3f9c02d', '3'],
  long: ['3f9c02d70', '03f9c02d7'],
  'wrong case': ['3F9C02D7', '3f9c02D7'],
  'not hex': ['3f9c02dg', '0x3f9c02', '-f9c02d7', ' 3f9c02d', '3f9c 2d7'],
  'no box': ['00000000', 'ffffffff'],
}

const bodyOf = (type: string, fields: readonly string[]) => [type, ...fields].join(',')

/** Every field of a good line wrong in turn, under a right CRC. */
export function makeWrongFields({ type, fields }: GoodLine): WrongLines[] {
  const good = fields.map((field) => field.good)
  const wrong = fields.flatMap((field, index) => {
    const forms = field.name === 'id' ? noIds : { ...noNumbers, 'out of range': outOfRange[field.name] }
    return Object.entries(forms).map(([fault, values]) => ({
      fault: `${type} ${field.name} ${fault}`,
      texts: values.map((value) => framed(bodyOf(type, good.with(index, value)))),
    }))
  })
  const missing = fields.map((field, index) => ({
    fault: `${type} ${field.name} missing`,
    texts: [framed(bodyOf(type, good.toSpliced(index, 1)))],
  }))
  const extra = Array.from({ length: fields.length + 1 }, (_, index) => ({
    fault: `${type} one field too many, ${index}`,
    texts: ['', '0', '1', '3f9c02d7'].map((value) => framed(bodyOf(type, good.toSpliced(index, 0, value)))),
  }))
  const types = ['', ' ', type.toLowerCase(), `${type}${type}`, ` ${type}`, `${type} `, 'X', '*']
  return [
    ...[...wrong, ...missing, ...extra],
    { fault: `${type} under another type`, texts: types.map((other) => framed(bodyOf(other, good))) },
  ]
}

/** Every damage of PROTOCOL.md §8.6 at every place of a good line. */
export function makeDamagedLines({ type, fields }: GoodLine): WrongLines[] {
  const line = framed(
    bodyOf(
      type,
      fields.map((field) => field.good),
    ),
  ).trimEnd()
  const places = Array.from(line, (_, at) => at)
  const spliced = (at: number, count: number, text: string) => `${line.slice(0, at)}${text}${line.slice(at + count)}\n`
  const flipped = (at: number, bit: number) => String.fromCharCode(line.charCodeAt(at) ^ (1 << bit))
  const tail = line.slice(-4)
  return [
    {
      fault: `${type} bit flipped`,
      texts: places.flatMap((at) => bits.map((bit) => spliced(at, 1, flipped(at, bit)))),
    },
    { fault: `${type} byte lost`, texts: places.map((at) => spliced(at, 1, '')).filter((text) => text !== '\n') },
    { fault: `${type} byte doubled`, texts: places.map((at) => spliced(at, 0, line[at] ?? '')) },
    ...['\0', '\r', '\t', '\x7f', '\x80', '\xc3\xa9', '\xff', '*', ',', ' '].map((text) => ({
      fault: `${type} with ${JSON.stringify(text)} added`,
      texts: [...places, line.length].map((at) => spliced(at, 0, text)),
    })),
    { fault: `${type} cut by a newline`, texts: places.slice(1).map((at) => spliced(at, 0, '\n')) },
    { fault: `${type} cut off`, texts: places.slice(1).map((at) => `${line.slice(0, at)}\n`) },
    { fault: `${type} glued to itself`, texts: [`${line}${line}\n`, `${line} ${line}\n`, `${line}\r${line}\n`] },
    { fault: `${type} with \\r before its end`, texts: [`${line}\r\n`, `\r${line}\n`] },
    {
      fault: `${type} wrong CRC`,
      texts: ['0000', 'FFFF', '    ', '****', tail.split('').reverse().join('')]
        .filter((other) => other !== tail)
        .map((other) => `${line.slice(0, -4)}${other}\n`),
    },
    { fault: `${type} CRC in lower case`, texts: [`${line.slice(0, -4)}${tail.toLowerCase()}\n`] },
    { fault: `${type} without CRC`, texts: [`${line.slice(0, -5)}\n`, `${line.slice(0, -4)}\n`] },
    { fault: `${type} too long`, texts: [41, 95, 96, 300].map((length) => `${line.padStart(length, 'x')}\n`) },
  ]
}

const bits = [0, 1, 2, 3, 4, 5, 6, 7]
