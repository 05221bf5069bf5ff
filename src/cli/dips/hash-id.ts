/** Two words of 32 bits; both 0 stand for no id. */
export type IdHash = { high: number; low: number }

/**
 * A 64-bit hash of a terminal and the bytes of an id, written into `into`: two 32-bit chains that share no structure
 * (FNV-1a, and one that rotates), mixed as MurmurHash3's finaliser does.
 */
export function hashId(terminal: number, bytes: Uint8Array, start: number, end: number, into: IdHash): void {
  let a = Math.imul(terminal ^ 0x811c9dc5, 0x01000193)
  let b = Math.imul(terminal ^ 0x41c6ce57, 0x5f356495)
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number
    a = Math.imul(a ^ byte, 0x01000193)
    b = Math.imul(((b << 13) | (b >>> 19)) ^ byte, 0x5f356495)
  }
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b)
  b = Math.imul(b ^ (b >>> 13), 0xc2b2ae35)
  into.high = (a ^ (b >>> 15)) >>> 0
  // 0, 0 is taken.
  into.low = (b ^ (a >>> 13)) >>> 0 || 1
}
