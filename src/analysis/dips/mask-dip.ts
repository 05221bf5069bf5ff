import { SLOTS } from '../touchpoint-cells.ts'
import type { DipDays } from './dip-days.ts'
import type { ScanSheet } from './scan-sheet.ts'
import type { BestCell } from './scan-tally.ts'
import { SCAN_WINDOWS, type ScanWindow } from './scan-windows.ts'

/**
 * Marks the days × slots of a reported dip, so that a further scan neither finds it again nor compares with it: its
 * weekdays from its onset, or from the scan cell's first day where that is earlier, to its end.
 *
 * @param masked days × 24, written to
 */
export function maskDip(masked: Uint8Array, sheet: ScanSheet, best: BestCell, blocks: number, when: DipDays): void {
  const cellStart = best.firstBlock === 0 ? sheet.firstDay : sheet.endDay - 7 * (blocks - best.firstBlock)
  const { startSlot, endSlot } = SCAN_WINDOWS[best.window] as ScanWindow
  for (let day = Math.min(cellStart, when.onsetDay ?? sheet.firstDay); day < when.endDay; day++) {
    if (!when.members.includes(sheet.weekdays[day] as number)) continue
    masked.fill(1, day * SLOTS + startSlot, day * SLOTS + endSlot)
  }
}
