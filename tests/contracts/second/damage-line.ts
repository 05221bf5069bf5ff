// Damage to one line, before and after its CRC is made: fields that break their form, and bytes that a cable breaks.

import { damageBytes } from './damage-bytes.ts'
import type { Dice } from './dice.ts'
import { crcDigits } from './serial-line.ts'

const PRINTABLE = Array.from({ length: 95 }, (_, at) => String.fromCharCode(0x20 + at)).join('')
/** PROTOCOL.md §8.5, and what lies one step beside each range. */
const HOSTILE: readonly string[] = [
  ...['', '0', '1', '2', '3', '4', '5', '10', '124', '125', '255', '256', '258', '99999999999'],
  ...['4294967293', '4294967294', '4294967295', '4294967296', '4294967297', '9999999999', '18446744073709551617'],
  ...['-', '--', '-0', '-1', '+1', ' 1', '1 ', '01', '00', '1.0', '1e3', '0x1', 'x', '*', 'A', '1*', '½', '\r'],
  ...['00000000', '00000001', 'ffffffff', 'fffffffe', 'FFFFFFFE', '3f9c02d', '3f9c02d77', '3f9c02dg', '0x3f9c02'],
  ...['1.0.0', '123456789012', '1234567890123', '1.0.0_1', 'a b', 'rc+-.Z', 'H', 'E', 'N', 'W', 'S', 'L', 'HH', 'h'],
]

/** A line with each field in turn replaced by every hostile text, lost, or doubled; the CRC is right in all. */
export function faultyLines(line: string): Uint8Array[] {
  const fields = line.slice(0, -5).split(',')
  const texts = fields.flatMap((_, at) => [
    ...HOSTILE.map((text) => fields.with(at, text)),
    fields.toSpliced(at, 1),
    fields.toSpliced(at, 0, fields[at] ?? ''),
  ])
  return texts.map((each) => frame(Buffer.from(each.join(','), 'latin1')))
}

const frame = (body: Uint8Array) => Buffer.concat([body, Buffer.from(`*${crcDigits(body)}`)])

/** @param line a good line without its newline, latin1 */
export function damageLine(line: string, dice: Dice): Uint8Array {
  const fields = line.slice(0, -5).split(',')
  const changes = dice.pick([0, 1, 1, 1, 2])
  for (let times = 0; times < changes; times++) damageFields(fields, dice)
  const body = Buffer.from(fields.join(','), 'latin1')
  const framed = frame(body)
  if (dice.chance(0.7)) return framed
  if (dice.chance(0.1)) return Buffer.concat([framed, framed])
  if (dice.chance(0.1)) return Buffer.concat([body, Buffer.from(`*${crcDigits(body).toLowerCase()}`)])
  return damageBytes(framed, dice, PRINTABLE)
}

function damageFields(fields: string[], dice: Dice): void {
  const last = fields.length - 1
  const at = dice.pick([Math.min(1, last), last, ...Array<number>(6).fill(dice.below(last + 1))])
  const change = dice.below(12)
  if (change < 7) fields[at] = dice.pick(HOSTILE)
  else if (change === 7) fields.splice(at, 1)
  else if (change === 8) fields.splice(at, 0, dice.pick(HOSTILE))
  else if (change === 9) fields[at] = `${fields[at]}${PRINTABLE[dice.below(95)]}`
  else if (change === 10) fields[at] = (fields[at] ?? '').slice(1)
  else fields.push(...fields.slice(at))
}
