import type { TouchpointCells } from '../touchpoint-cells.ts'
import { clipSheet } from './clip-contrasts.ts'
import { loadCells } from './load-cells.ts'
import { measureContrasts } from './measure-contrasts.ts'
import type { ScanSheet } from './scan-sheet.ts'

/**
 * Everything up to the scan for one touchpoint: cells, contrasts, clipping, scale. Whatever the sheet held before is gone.
 *
 * @param masked cells to leave out (days × 24, 1 = out), such as those of a dip already reported; null = none
 */
export function prepareSheet(sheet: ScanSheet, cells: TouchpointCells, masked: Uint8Array | null): void {
  loadCells(sheet, cells, masked)
  measureContrasts(sheet)
  clipSheet(sheet)
}
