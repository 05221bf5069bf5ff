import type { ScanSheet } from './scan-sheet.ts'
import { SCAN_WINDOWS, type ScanWindow } from './scan-windows.ts'

/** Kinds of windows that share one tau: length 1..3, each with two flanks or at the edge of the day. */
export const WINDOW_KINDS = 6
const EDGE_SHARE = 0.25

/** Kind of a window for this touchpoint: edge = one flank holds less than a quarter of the other's weight. */
export function windowKind(sheet: ScanSheet, w: number): number {
  const { startSlot, endSlot } = SCAN_WINDOWS[w] as ScanWindow
  const left = sheet.leftWeight[w] as number
  const right = sheet.rightWeight[w] as number
  const isEdge = Math.min(left, right) < EDGE_SHARE * Math.max(left, right)
  return (endSlot - startSlot - 1) * 2 + (isEdge ? 1 : 0)
}
