import { landauShift } from '../harmonic-mean-p.ts'
import { SLOTS } from '../touchpoint-cells.ts'
import { LEAST_WINDOW_DAYS } from './clip-contrasts.ts'
import type { FleetPrior } from './fleet-prior.ts'
import { MON_TO_FRI, SAT_SUN, type ScanPlan, WEEKDAY_SETS } from './scan-plan.ts'
import { scanSet } from './scan-set.ts'
import type { ScanSheet } from './scan-sheet.ts'
import { type BestCell, makeTally } from './scan-tally.ts'
import { SCAN_WINDOWS } from './scan-windows.ts'
import { windowKind } from './window-kind.ts'
import { placeDays, sumWindowPrefix, type WindowPrefix } from './window-prefix.ts'

export type TouchpointScan = {
  /** one p-value for the whole touchpoint, all cells counted; 1 without admissible cells */
  p: number
  /** admissible cells; 0 = too little data for any verdict */
  cells: number
  best: BestCell | null
}

/**
 * Scans the touchpoint on the sheet: every window × weekday set × run of blocks, combined into one p by the weighted
 * harmonic mean. Same data, same answer: no random numbers.
 *
 * @param plan for the touchpoint's own number of blocks
 * @param prefix scratch for at least as many days as the sheet holds
 * @see dips.md §3.4
 */
export function scanTouchpoint(
  sheet: ScanSheet,
  plan: ScanPlan,
  fleet: FleetPrior,
  prefix: WindowPrefix,
): TouchpointScan {
  const tally = makeTally(sheet, fleet)
  const isScanned = setsWorthScanning(sheet)
  placeDays(prefix, sheet, plan.blocks)
  for (let w = 0; w < SCAN_WINDOWS.length; w++) {
    if ((sheet.windowDays[w] as number) < LEAST_WINDOW_DAYS) continue
    sumWindowPrefix(prefix, sheet, w)
    tally.prior.tau2 = fleet.tau2[windowKind(sheet, w)] as number
    tally.sums.all.precision = sheet.sumPrecision[w] as number
    tally.sums.all.contrast = sheet.sumContrast[w] as number
    tally.sums.all.days = sheet.windowDays[w] as number
    tally.sums.allSquares = sheet.sumSquares[w] as number
    for (let set = 0; set < WEEKDAY_SETS.length; set++) {
      if (isScanned[set] === true) scanSet(tally, plan, prefix, w, set)
    }
  }
  if (tally.cells === 0) return { p: 1, cells: 0, best: null }
  return { p: landauShift(tally.weight / tally.support, tally.cells), cells: tally.cells, best: tally.best }
}

/** Weekdays and weekend count as sets of their own only where the touchpoint has presses on both. */
function setsWorthScanning(sheet: ScanSheet): boolean[] {
  const isMixed = hasPresses(sheet, (weekday) => weekday <= 5) && hasPresses(sheet, (weekday) => weekday >= 6)
  return WEEKDAY_SETS.map((set) => isMixed || (set !== MON_TO_FRI && set !== SAT_SUN))
}

function hasPresses(sheet: ScanSheet, isAsked: (weekday: number) => boolean): boolean {
  for (let cell = sheet.firstDay * SLOTS; cell < sheet.endDay * SLOTS; cell++) {
    const weekday = sheet.weekdays[Math.floor(cell / SLOTS)] as number
    if ((sheet.presses[cell] as number) > 0 && isAsked(weekday)) return true
  }
  return false
}
