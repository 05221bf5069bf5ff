import { InvalidArgumentError } from 'commander'

/** What a person asked for, checked. */
export type BoxOptions = {
  device: string
  boxes: number
  seed: number
  speed: number
  scenario?: string
  commits?: string
  eeprom?: string
  drop: number
  flip: number
  insert: number
  baud: number
  exit?: boolean
  json?: boolean
}

function parseNumber(text: string, what: string, from: number, to: number, isWhole: boolean): number {
  const number = text.trim() === '' ? Number.NaN : Number(text)
  if (!(number >= from && number <= to) || (isWhole && !Number.isInteger(number)))
    throw new InvalidArgumentError(`${what} is a ${isWhole ? 'whole ' : ''}number from ${from} to ${to}.`)
  return number
}

export const parseBoxes = (text: string) => parseNumber(text, 'the number of boxes', 1, 64, true)
export const parseSeed = (text: string) => parseNumber(text, 'a seed', 0, 0xffff_ffff, true)
export const parseSpeed = (text: string) => parseNumber(text, 'the speed', 0.01, 50, false)
export const parseRate = (text: string) => parseNumber(text, 'a rate for each byte', 0, 1, false)
export const parseBaud = (text: string) => parseNumber(text, 'a baud rate', 300, 4_000_000, false)

/** `/tmp/box` for one box, `/tmp/box-1`, `/tmp/box-2` … for several. */
export const nameOf = (path: string, index: number, boxes: number) => (boxes === 1 ? path : `${path}-${index + 1}`)
