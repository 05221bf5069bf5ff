/**
 * CRC-16/CCITT-FALSE (polynomial 0x1021, initial value 0xFFFF, no reflection, no final XOR) over a text's latin1 bytes.
 *
 * An XOR sum, as NMEA has it, misses every swap of two bytes; this one does not (PROTOCOL.md, checksum).
 *
 * @returns 0 … 0xFFFF; of the empty text 0xFFFF
 * @example crc16('123456789') // 0x29B1
 */
export function crc16(text: string): number {
  let crc = 0xffff
  for (let i = 0; i < text.length; i++) {
    crc ^= (text.charCodeAt(i) & 0xff) << 8
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff
  }
  return crc
}
