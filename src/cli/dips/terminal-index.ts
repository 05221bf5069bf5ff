/** Terminals by the bytes of their names: looking ten million of them up must not make a text of each. */
export type TerminalIndex = {
  /** @returns the terminal's position, -1 for an unknown one */
  find(bytes: Uint8Array, start: number, end: number): number
}

/** FNV-1a, 32 bits, its high bits folded into the low ones that address the table. */
function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193)
  return (hash ^ (hash >>> 15)) >>> 0
}

/** @param names distinct; a terminal's position is that in this list */
export function makeTerminalIndex(names: readonly string[]): TerminalIndex {
  const keys = names.map((name) => Buffer.from(name))
  const mask = 2 ** Math.ceil(Math.log2(2 * names.length + 2)) - 1
  const table = new Int32Array(mask + 1).fill(-1)
  keys.forEach((key, i) => {
    let slot = hashBytes(key, 0, key.length) & mask
    while (table[slot] !== -1) slot = (slot + 1) & mask
    table[slot] = i
  })

  function isKey(i: number, bytes: Uint8Array, start: number, end: number): boolean {
    const key = keys[i] as Buffer
    if (key.length !== end - start) return false
    for (let at = 0; at < key.length; at++) if (key[at] !== bytes[start + at]) return false
    return true
  }

  return {
    find(bytes, start, end) {
      let slot = hashBytes(bytes, start, end) & mask
      for (let i = table[slot] as number; i !== -1; i = table[slot] as number) {
        if (isKey(i, bytes, start, end)) return i
        slot = (slot + 1) & mask
      }
      return -1
    },
  }
}
