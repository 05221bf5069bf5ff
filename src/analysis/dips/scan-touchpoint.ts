import { landauShift } from '../harmonic-mean-p.ts'
import { wallaceTail } from '../wallace-tail.ts'
import { type CellSums, testCell } from './cell-test.ts'
import { LEAST_WINDOW_DAYS } from './clip-contrasts.ts'
import { LEAST_WINDOW_PRESSES } from './missing-days.ts'
import { windowKind } from './natural-variation.ts'
import { ALL_WEEKDAYS, MON_TO_FRI, SAT_SUN, type ScanPlan, WEEKDAY_SETS, type WeekdaySet } from './scan-plan.ts'
import type { ScanSheet } from './scan-sheet.ts'
import { SCAN_WINDOWS } from './scan-windows.ts'
import { sumWindowPrefix, type WindowPrefix } from './window-prefix.ts'

/** The scan cell that speaks loudest for a dip. */
export type BestCell = {
  window: number
  set: number
  firstBlock: number
  lastBlock: number
  /** the window's residual variance in this cell, points² */
  scale: number
  /** weight / p; what the cell was chosen by */
  support: number
}

export type TouchpointScan = {
  /** one p-value for the whole touchpoint, all cells counted; 1 without admissible cells */
  p: number
  /** admissible cells; 0 = too little data for any verdict */
  cells: number
  best: BestCell | null
}

const LEAST_DEPTH = 2

type Tally = { cells: number; weight: number; support: number; best: BestCell | null }

/**
 * Scans the touchpoint on the sheet: every window × weekday set × run of blocks, combined into one p by the weighted
 * harmonic mean. Same data, same answer: no random numbers.
 *
 * @param plan for the touchpoint's own number of blocks
 * @param tau2 per kind of window, points²
 * @param prefix scratch, at least as many blocks as the plan
 */
export function scanTouchpoint(
  sheet: ScanSheet,
  plan: ScanPlan,
  tau2: readonly number[],
  prefix: WindowPrefix,
): TouchpointScan {
  const tally: Tally = { cells: 0, weight: 0, support: 0, best: null }
  const setsInUse = setsWorthScanning(sheet)
  for (let w = 0; w < SCAN_WINDOWS.length; w++) {
    if ((sheet.windowDays[w] as number) < LEAST_WINDOW_DAYS) continue
    sumWindowPrefix(prefix, sheet, w, plan.blocks)
    scanWindow(tally, sheet, plan, tau2[windowKind(sheet, w)] as number, prefix, w, setsInUse)
  }
  if (tally.cells === 0) return { p: 1, cells: 0, best: null }
  return { p: landauShift(tally.weight / tally.support, tally.cells), cells: tally.cells, best: tally.best }
}

/** Weekdays and weekend count as sets of their own only where the touchpoint has presses on both. */
function setsWorthScanning(sheet: ScanSheet): boolean[] {
  let hasWeekday = false
  let hasWeekend = false
  for (let day = sheet.firstDay; day < sheet.endDay; day++) {
    const isWeekend = (sheet.weekdays[day] as number) >= 6
    if (isWeekend ? hasWeekend : hasWeekday) continue
    const cells = sheet.presses.subarray(day * 24, day * 24 + 24)
    if (cells.some((presses) => presses > 0)) {
      if (isWeekend) hasWeekend = true
      else hasWeekday = true
    }
  }
  const isMixed = hasWeekday && hasWeekend
  return WEEKDAY_SETS.map((set) => isMixed || (set !== MON_TO_FRI && set !== SAT_SUN) || set === ALL_WEEKDAYS)
}

function scanWindow(
  tally: Tally,
  sheet: ScanSheet,
  plan: ScanPlan,
  tau2: number,
  prefix: WindowPrefix,
  w: number,
  setsInUse: readonly boolean[],
): void {
  const inside = { precision: 0, contrast: 0, days: 0 }
  const ofSet = { precision: 0, contrast: 0, days: 0 }
  const all = {
    precision: sheet.sumPrecision[w] as number,
    contrast: sheet.sumContrast[w] as number,
    days: sheet.windowDays[w] as number,
  }
  const sums: CellSums = { inside, ofSet, all, allSquares: sheet.sumSquares[w] as number }
  const prior = { scale: sheet.scale, tau2, leastHistory: 0 }
  for (let cell = 0; cell < plan.cells; cell++) {
    const set = plan.set[cell] as number
    if (setsInUse[set] === false) continue
    const { leastDays, leastHistory } = WEEKDAY_SETS[set] as WeekdaySet
    const base = set * prefix.stride
    const from = base + (plan.firstBlock[cell] as number)
    const to = base + (plan.lastBlock[cell] as number) + 1
    inside.days = (prefix.days[to] as number) - (prefix.days[from] as number)
    if (inside.days < leastDays) continue
    if ((prefix.presses[to] as number) - (prefix.presses[from] as number) < LEAST_WINDOW_PRESSES) continue
    inside.precision = (prefix.precision[to] as number) - (prefix.precision[from] as number)
    inside.contrast = (prefix.contrast[to] as number) - (prefix.contrast[from] as number)
    ofSet.precision = prefix.precision[base + plan.blocks] as number
    ofSet.contrast = prefix.contrast[base + plan.blocks] as number
    ofSet.days = prefix.days[base + plan.blocks] as number
    prior.leastHistory = leastHistory
    tallyCell(tally, sums, prior, plan, cell, w)
  }
}

function tallyCell(
  tally: Tally,
  sums: CellSums,
  prior: { scale: number; tau2: number; leastHistory: number },
  plan: ScanPlan,
  cell: number,
  window: number,
): void {
  const weight = plan.weight[cell] as number
  tally.cells++
  tally.weight += weight
  const test = testCell(sums, prior)
  // A cell within one standard deviation says nothing for a dip; p = 1 spares the tail of five cells in six.
  const support = test.z > 1 ? weight / Math.max(1e-300, wallaceTail(test.z, test.df)) : weight
  tally.support += support
  if (test.depth < LEAST_DEPTH || test.z <= 1 || support <= (tally.best?.support ?? 0)) return
  const set = plan.set[cell] as number
  const firstBlock = plan.firstBlock[cell] as number
  const lastBlock = plan.lastBlock[cell] as number
  tally.best = { window, set, firstBlock, lastBlock, scale: test.scale, support }
}
