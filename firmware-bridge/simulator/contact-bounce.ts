import type { Random } from './seeded-random.ts'

export type ContactEdge = { afterMs: number; isClosed: boolean }

/**
 * How a contact settles: it flutters for a while, then stays.
 *
 * @param isClosed where it ends up
 * @param bounceMs how long it may flutter; 0 gives one clean edge
 * @returns edges in the order of time, the first at 0, at most 17
 */
export function makeContactEdges(isClosed: boolean, bounceMs: number, random: Random): ContactEdge[] {
  const edges = [{ afterMs: 0, isClosed }]
  if (bounceMs <= 0) return edges
  const flutters = 1 + Math.floor(random() * 8)
  const times = Array.from({ length: 2 * flutters }, () => random() * bounceMs).sort((a, b) => a - b)
  for (const [index, afterMs] of times.entries())
    edges.push({ afterMs, isClosed: index % 2 === 1 ? isClosed : !isClosed })
  return edges
}
