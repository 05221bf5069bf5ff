/*
 * PROTOCOL.md read a second time, for tests alone: regular expressions and BigInt where the product has parsers, a
 * table where it has a loop. Shares no code with `firmware-bridge/line`.
 */

const crcTable = Array.from({ length: 256 }, (_, byte) => {
  let rest = BigInt(byte) << 8n
  for (let bit = 0; bit < 8; bit++) rest = (rest << 1n) ^ ((rest & 0x8000n) !== 0n ? 0x11021n : 0n)
  return Number(rest & 0xffffn)
})

/** §3, as four digits. */
export function crcOf(body: string): string {
  const crc = [...Buffer.from(body, 'latin1')].reduce(
    (sum, byte) => ((sum << 8) & 0xffff) ^ (crcTable[(sum >> 8) ^ byte] ?? 0),
    0xffff,
  )
  return crc.toString(16).toUpperCase().padStart(4, '0')
}

/** §2: adds CRC and newline. */
export const framed = (body: string): string => `${body}*${crcOf(body)}\n`

const u32 = '(?:0|[1-9][0-9]{0,9})'
const id = '[0-9a-f]{8}'

type Shape = { from: 'box' | 'host'; names: string[]; form: RegExp; ranges: Record<string, [bigint, bigint]> }

const most = 4294967295n
const shapes: readonly Shape[] = [
  {
    from: 'box',
    names: ['id', 'boot', 'cause', 'next', 'pending', 'dropped', 'bad', 'now', 'fw'],
    form: new RegExp(`^H,1,(${id}),${Array(7).fill(`(${u32})`).join(',')},([0-9A-Za-z.+-]{1,12})$`),
    ranges: {
      ...{ boot: [1n, most], cause: [0n, 4n], next: [1n, most], pending: [0n, 124n] },
      ...{ dropped: [0n, most], bad: [0n, most], now: [0n, most] },
    },
  },
  {
    from: 'box',
    names: ['id', 'seq', 'button', 'age', 'flags'],
    form: new RegExp(`^E,(${id}),(${u32}),(${u32}),(-|${u32}),(${u32})$`),
    ranges: { seq: [1n, most - 1n], button: [1n, 4n], age: [0n, most], flags: [0n, 3n] },
  },
  { from: 'box', names: [], form: /^N$/, ranges: {} },
  { from: 'host', names: [], form: /^W$/, ranges: {} },
  {
    from: 'host',
    names: ['id', 'seq', 'status'],
    form: new RegExp(`^A,(${id}),(${u32}),([02])$`),
    ranges: { seq: [1n, most - 1n] },
  },
  { from: 'host', names: ['id'], form: new RegExp(`^S,(${id})$`), ranges: {} },
  { from: 'host', names: ['mode'], form: new RegExp(`^L,(${u32})$`), ranges: { mode: [0n, 2n] } },
]

export type SecondReading = { from: 'box' | 'host'; type: string; fields: Record<string, string> }

/**
 * Reads one line without its newline, one character a byte.
 *
 * @returns null for everything that PROTOCOL.md refuses
 */
export function readLine(text: string): SecondReading | null {
  const body = text.slice(0, -5)
  if (text.length > 95 || !/^[\x20-\x7e]+$/.test(text) || body === '' || text !== framed(body).trimEnd()) return null
  for (const { from, names, form, ranges } of shapes) {
    const values = form.exec(body)?.slice(1)
    if (!values) continue
    const fields = Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']))
    return areInRange(fields, ranges) ? { from, type: body.slice(0, 1), fields } : null
  }
  return null
}

function areInRange(fields: Record<string, string>, ranges: Shape['ranges']): boolean {
  if (fields.id === '00000000' || fields.id === 'ffffffff') return false
  return Object.entries(ranges).every(([name, [least, top]]) => {
    const text = fields[name] ?? ''
    return text === '-' || (BigInt(text) >= least && BigInt(text) <= top)
  })
}
