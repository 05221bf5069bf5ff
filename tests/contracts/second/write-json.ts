// Writes a JSON value in one of the many texts that mean it: white space, escapes, other forms of numbers, and members
// that are named twice, of which the last counts.

import type { Dice } from './dice.ts'

/** @param noise share of places that are written in an unusual form, 0 … 1 */
export function writeJson(value: unknown, dice: Dice, noise: number): string {
  const blank = () => (dice.chance(noise) ? dice.pick([' ', '\n', '\t', '\r\n', '   ']) : '')
  const spread = (parts: string[]) => parts.map((part) => `${blank()}${part}${blank()}`).join(',') || blank()
  const member = (name: string, each: unknown): string[] => {
    const written = `${writeString(name, dice, noise)}${blank()}:${blank()}${write(each)}`
    return dice.chance(noise / 4)
      ? [`${JSON.stringify(name)}:${dice.pick(['null', '-1', '"x"', '{}'])}`, written]
      : [written]
  }
  const write = (each: unknown): string => {
    if (typeof each === 'string') return writeString(each, dice, noise)
    if (typeof each === 'number') return writeNumber(each, dice, noise)
    if (typeof each !== 'object' || each === null) return String(each ?? null)
    if (Array.isArray(each)) return `[${spread(each.map(write))}]`
    return `{${spread(Object.entries(each).flatMap(([name, inner]) => member(name, inner)))}}`
  }
  return `${blank()}${write(value)}`
}

function writeString(text: string, dice: Dice, noise: number): string {
  if (!dice.chance(noise)) return JSON.stringify(text)
  const units = text.split('').map((unit) => {
    const digits = unit.charCodeAt(0).toString(16).padStart(4, '0')
    if (unit === '/' && dice.chance(0.5)) return '\\/'
    return dice.chance(0.3)
      ? `\\u${dice.chance(0.5) ? digits : digits.toUpperCase()}`
      : JSON.stringify(unit).slice(1, -1)
  })
  return `"${units.join('')}"`
}

function writeNumber(value: number, dice: Dice, noise: number): string {
  if (!Number.isFinite(value)) return value < 0 ? '-1e400' : '1E+400'
  const plain = Object.is(value, -0) ? '-0' : String(value)
  if (!dice.chance(noise) || /[.e]/.test(plain)) return plain
  const tail = dice.pick(['.0', 'e0', 'E+0', '.00e-0', '.000000000000000000000000001'])
  return value === 0 || tail[0] !== 'e' || dice.chance(0.5) ? `${plain}${tail}` : `${plain}0e-1`
}
