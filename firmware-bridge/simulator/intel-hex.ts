import { AppError } from '../../src/shared/errors.ts'

const flashBytes = 32 * 1024

/**
 * Reads a firmware image in Intel HEX.
 *
 * @returns the flash of an ATmega328P as 16-bit words, 0xFFFF where the image says nothing
 * @throws AppError `simulator-image`, naming the line
 */
export function parseIntelHex(hex: string): Uint16Array {
  const flash = new Uint8Array(flashBytes).fill(0xff)
  let isComplete = false
  for (const [index, row] of hex.split(/\r?\n/).entries()) {
    if (row === '' || isComplete) continue
    const { address, type, content } = parseRow(row, index + 1)
    if (type === 1) isComplete = true
    // 2…5 (segments, start address) say nothing that 32 KiB need, as long as they ask for no other segment.
    else if (type === 0) flash.set(content, address)
    else if (content.some((byte) => byte !== 0) && type !== 3 && type !== 5) throw fault(index + 1, 'outside of 32 KiB')
  }
  if (!isComplete) throw new AppError('simulator-image', 'firmware image: no end record')
  return new Uint16Array(flash.buffer)
}

function parseRow(row: string, number: number): { address: number; type: number; content: Uint8Array } {
  if (!/^:([0-9A-Fa-f]{2}){5,}$/.test(row)) throw fault(number, 'not an Intel HEX record')
  const bytes = Buffer.from(row.slice(1), 'hex')
  const length = bytes.readUInt8(0)
  const address = bytes.readUInt16BE(1)
  if (bytes.length !== length + 5) throw fault(number, 'wrong length')
  if (bytes.reduce((sum, byte) => (sum + byte) & 0xff, 0) !== 0) throw fault(number, 'wrong checksum')
  if (address + length > flashBytes) throw fault(number, 'outside of 32 KiB')
  return { address, type: bytes.readUInt8(3), content: bytes.subarray(4, 4 + length) }
}

function fault(number: number, what: string): AppError {
  return new AppError('simulator-image', `firmware image, line ${number}: ${what}`)
}
