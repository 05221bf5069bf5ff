import { LEAST_WINDOW_DAYS } from './clip-contrasts.ts'
import type { ScanSheet } from './scan-sheet.ts'
import { SCAN_WINDOWS } from './scan-windows.ts'

/** No verdict on a touchpoint before it has this many days. */
export const LEAST_DAYS = 14
/** Presses a window needs in the days of a scan cell. */
export const LEAST_WINDOW_PRESSES = 30

/**
 * About how many more days at the present rate until the touchpoint can be judged: until its best window has 30 presses on
 * 8 days, and the whole 14 days.
 *
 * @param sheet a prepared touchpoint
 * @returns at least 1; null where no window ever had presses with neighbours to compare with, so no rate is known
 */
export function missingDays(sheet: ScanSheet): number | null {
  const span = sheet.endDay - sheet.firstDay
  let needed = Number.POSITIVE_INFINITY
  for (let w = 0; w < SCAN_WINDOWS.length; w++) {
    const days = sheet.windowDays[w] as number
    if (days === 0) continue
    let presses = 0
    for (let day = sheet.firstDay; day < sheet.endDay; day++) {
      const at = w * sheet.capacity + day
      if ((sheet.precision[at] as number) > 0) presses += sheet.windowPresses[at] as number
    }
    needed = Math.min(needed, span * Math.max(LEAST_WINDOW_PRESSES / presses, LEAST_WINDOW_DAYS / days))
  }
  if (needed === Number.POSITIVE_INFINITY) return null
  return Math.max(1, Math.ceil(Math.max(LEAST_DAYS, needed) - span))
}
