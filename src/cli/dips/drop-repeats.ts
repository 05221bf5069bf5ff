/** A removed press: sorts behind all others. */
const removed = Number.POSITIVE_INFINITY

/**
 * Leaves one press of each id: that with the smallest key, so that the order of the rows does not matter. Presses without an
 * id (both words 0) all stay.
 *
 * @param ids two words per press, a hash of terminal and id: among ten million presses of one partition any two share one
 *   by chance in 3 of a million files
 * @returns how many were replaced by `removed` in `keys`
 */
export function dropRepeats(keys: Float64Array, ids: Uint32Array): number {
  const mask = 2 ** Math.ceil(Math.log2(1.5 * keys.length + 2)) - 1
  const table = new Int32Array(mask + 1).fill(-1)
  let dropped = 0
  for (let i = 0; i < keys.length; i++) {
    const [high, low] = [ids[2 * i] as number, ids[2 * i + 1] as number]
    if (high === 0 && low === 0) continue
    let slot = low & mask
    let other = table[slot] as number
    while (other !== -1 && (ids[2 * other] !== high || ids[2 * other + 1] !== low)) {
      slot = (slot + 1) & mask
      other = table[slot] as number
    }
    if (other === -1) table[slot] = i
    else {
      dropped++
      if ((keys[i] as number) < (keys[other] as number)) keys[other] = keys[i] as number
      keys[i] = removed
    }
  }
  return dropped
}
