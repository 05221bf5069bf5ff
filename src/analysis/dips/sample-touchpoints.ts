/**
 * Picks touchpoints by a hash of their id: as good as random, and the same ones whatever order they come in.
 *
 * @param touchpoints the fleet
 * @param size at most how many
 * @see FNV-1a, Fowler, Noll & Vo
 */
export function sampleTouchpoints<T extends { id: string }>(touchpoints: readonly T[], size: number): T[] {
  if (touchpoints.length <= size) return [...touchpoints]
  const hashed = touchpoints.map((touchpoint) => ({ touchpoint, hash: hashOf(touchpoint.id) }))
  hashed.sort((a, b) => a.hash - b.hash || (a.touchpoint.id < b.touchpoint.id ? -1 : 1))
  return hashed.slice(0, size).map(({ touchpoint }) => touchpoint)
}

function hashOf(id: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
