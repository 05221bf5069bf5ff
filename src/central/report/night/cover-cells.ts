import { type QuarterMap, quarterMs } from './quarter-map.ts'

type Stretch = { fromMs: number; toMs: number }

/** A terminal's time at a touchpoint, with when it is known to have worked. */
export type WatchedStay = { fromMs: number; toMs: number | null; worked: readonly Stretch[] }

/** Stretches of one terminal are timed by anchors of their own and may miss each other by as much as clocks drift. */
const seamMs = 60_000

/**
 * Cells throughout which a touchpoint's terminals worked: all that stood there then.
 *
 * @param cells of the grid
 * @returns 1 = covered, per cell
 */
export function coverCells(map: QuarterMap, cells: number, stays: readonly WatchedStay[]): Uint8Array {
  const stood = new Uint16Array(map.cells.length)
  const worked = new Uint16Array(map.cells.length)
  for (const stay of stays) {
    const fromMs = stay.fromMs
    const toMs = stay.toMs ?? Number.POSITIVE_INFINITY
    addQuarters(stood, map, Math.floor(fromMs / quarterMs), Math.ceil(toMs / quarterMs))
    for (const stretch of joinStretches(stay.worked)) {
      const from = Math.ceil(Math.max(fromMs, stretch.fromMs) / quarterMs)
      addQuarters(worked, map, from, Math.floor(Math.min(toMs, stretch.toMs) / quarterMs))
    }
  }
  const covered = new Uint8Array(cells)
  map.cells.forEach((cell) => {
    if (cell >= 0) covered[cell] = 1
  })
  map.cells.forEach((cell, i) => {
    if (cell >= 0 && (stood[i] === 0 || worked[i] !== stood[i])) covered[cell] = 0
  })
  return covered
}

function addQuarters(counts: Uint16Array, { firstQuarter }: QuarterMap, from: number, to: number): void {
  const end = Math.min(counts.length, to - firstQuarter)
  for (let i = Math.max(0, from - firstQuarter); i < end; i++) counts[i] = (counts[i] as number) + 1
}

function joinStretches(stretches: readonly Stretch[]): Stretch[] {
  const joined: Stretch[] = []
  for (const { fromMs, toMs } of [...stretches].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = joined.at(-1)
    if (last && fromMs - last.toMs <= seamMs) last.toMs = Math.max(last.toMs, toMs)
    else joined.push({ fromMs, toMs })
  }
  return joined
}
