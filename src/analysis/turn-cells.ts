import type { TouchpointCells } from './touchpoint-cells.ts'

/** The same presses with the scale turned around, worst as best: a peak becomes a dip. Turned twice, it is as before. */
export function turnCells(cells: TouchpointCells): TouchpointCells {
  return { ...cells, counts: [...cells.counts].reverse() }
}
