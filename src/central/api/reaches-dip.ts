import type { Reach } from './access.ts'

/** A dip's id begins with that of its touchpoint or place, which holds no dot. */
export function reachesDip(id: string, reach: Reach): boolean {
  const at = id.split('.')[0] ?? ''
  return reach.touchpoint(at) || reach.place(at)
}
