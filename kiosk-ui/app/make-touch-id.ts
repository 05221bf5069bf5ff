/** What a page needs of `crypto`. */
export type RandomSource = {
  getRandomValues: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array
  randomUUID?: () => string
}

/**
 * A fresh id for a touch press (`TouchId` of the contract): a random UUID.
 *
 * `crypto.randomUUID` exists only in secure contexts, which a plain-HTTP page on some names is not; the same 122 random
 * bits then come from `getRandomValues` (RFC 9562 §5.4).
 */
export function makeTouchId(source: RandomSource): string {
  if (source.randomUUID) return source.randomUUID()
  const bytes = source.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
