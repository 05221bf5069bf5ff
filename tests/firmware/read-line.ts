import { crcDigits, decodeLine } from '../contracts/second/serial-line.ts'

/** PROTOCOL.md §3, as four digits. */
export const crcOf = (body: string): string => crcDigits(Buffer.from(body, 'latin1'))

/** PROTOCOL.md §2: a body with its CRC and newline. */
export const framed = (body: string): string => `${body}*${crcOf(body)}\n`

export type SecondReading = { from: 'box' | 'host'; type: string; fields: Record<string, string> }

/**
 * Reads one line without its newline, one character a byte, by the decoder that was written from PROTOCOL.md alone.
 *
 * @returns null for everything that is no line of either end
 */
export function readLine(text: string): SecondReading | null {
  for (const from of ['box', 'host'] as const) {
    const reading = decodeLine(from, Buffer.from(text, 'latin1'))
    if (!reading.ok) continue
    const { type = '', ...fields } = reading.fields
    return { from, type, fields }
  }
  return null
}
