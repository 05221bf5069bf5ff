import { landauShift } from '../harmonic-mean-p.ts'
import { SLOTS } from '../touchpoint-cells.ts'
import { wallaceTail } from '../wallace-tail.ts'
import {
  type CellPrior,
  type CellSums,
  type CellTest,
  type ContrastSums,
  LEAST_OTHER_DAYS,
  makeCellTest,
  mayStandOut,
  OTHER_CORRELATION,
  OWN_CORRELATION,
  testCell,
} from './cell-test.ts'
import { LEAST_WINDOW_DAYS } from './clip-contrasts.ts'
import { LEAST_WINDOW_PRESSES } from './missing-days.ts'
import { windowKind } from './natural-variation.ts'
import { MON_TO_FRI, SAT_SUN, type ScanPlan, WEEKDAY_SETS, type WeekdaySet } from './scan-plan.ts'
import type { ScanSheet } from './scan-sheet.ts'
import { SCAN_WINDOWS } from './scan-windows.ts'
import {
  CONTRAST,
  DAYS,
  PRECISION,
  PRESSES,
  placeDays,
  ROW,
  sumWindowPrefix,
  type WindowPrefix,
} from './window-prefix.ts'

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

/** What one touchpoint's scan adds up, and the scratch it works on. */
type Tally = {
  cells: number
  weight: number
  support: number
  best: BestCell | null
  /** of the best, 0 while there is none */
  bestSupport: number
  sums: CellSums
  prior: CellPrior
  test: CellTest
}

/**
 * Scans the touchpoint on the sheet: every window × weekday set × run of blocks, combined into one p by the weighted
 * harmonic mean. Same data, same answer: no random numbers.
 *
 * @param plan for the touchpoint's own number of blocks
 * @param tau2 per kind of window, points²
 * @param prefix scratch for at least as many days as the sheet holds
 */
export function scanTouchpoint(
  sheet: ScanSheet,
  plan: ScanPlan,
  tau2: readonly number[],
  prefix: WindowPrefix,
): TouchpointScan {
  const tally = makeTally(sheet.scale)
  const isScanned = setsWorthScanning(sheet)
  placeDays(prefix, sheet, plan.blocks)
  for (let w = 0; w < SCAN_WINDOWS.length; w++) {
    if ((sheet.windowDays[w] as number) < LEAST_WINDOW_DAYS) continue
    sumWindowPrefix(prefix, sheet, w)
    tally.prior.tau2 = tau2[windowKind(sheet, w)] as number
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

function makeTally(scale: number): Tally {
  const noSums = (): ContrastSums => ({ precision: Number.NaN, contrast: Number.NaN, days: 0 })
  return {
    cells: 0,
    weight: 0,
    support: 0,
    best: null,
    bestSupport: 0,
    sums: { inside: noSums(), ofSet: noSums(), all: noSums(), allSquares: Number.NaN },
    prior: { scale, tau2: Number.NaN, leastHistory: 0 },
    test: makeCellTest(),
  }
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

/**
 * All intervals of one window and weekday set. Five cells in six have z ≤ 1: they say nothing for a dip and count as p = 1, so
 * what is needed for that verdict is kept in plain numbers.
 */
function scanSet(tally: Tally, plan: ScanPlan, { rows, stride }: WindowPrefix, window: number, set: number): void {
  const { leastBlocks, leastDays, leastHistory } = WEEKDAY_SETS[set] as WeekdaySet
  const { ofSet } = tally.sums
  const base = set * stride * ROW
  const end = base + plan.blocks * ROW
  ofSet.precision = rows[end + PRECISION] as number
  ofSet.contrast = rows[end + CONTRAST] as number
  ofSet.days = rows[end + DAYS] as number
  if (ofSet.days < leastDays || (rows[end + PRESSES] as number) < LEAST_WINDOW_PRESSES) return
  tally.prior.leastHistory = leastHistory
  const ongoingWeight = plan.ongoingWeight[set] as number
  const endedWeight = plan.endedWeight[set] as number
  let { cells, weight: allWeight, support: allSupport } = tally
  for (let first = 0; first + leastBlocks <= plan.blocks; first++) {
    const from = base + first * ROW
    const precisionBefore = rows[from + PRECISION] as number
    const contrastBefore = rows[from + CONTRAST] as number
    const daysBefore = rows[from + DAYS] as number
    const pressesBefore = rows[from + PRESSES] as number
    for (let last = first + leastBlocks - 1; last < plan.blocks; last++) {
      const to = base + (last + 1) * ROW
      const days = (rows[to + DAYS] as number) - daysBefore
      if (days < leastDays || (rows[to + PRESSES] as number) - pressesBefore < LEAST_WINDOW_PRESSES) continue
      const precision = (rows[to + PRECISION] as number) - precisionBefore
      const contrast = (rows[to + CONTRAST] as number) - contrastBefore
      const weight = last === plan.blocks - 1 ? ongoingWeight : endedWeight
      cells++
      allWeight += weight
      const support = standsOut(tally, days, precision, contrast)
        ? testedSupport(tally, weight, days, precision, contrast)
        : weight
      allSupport += support
      if (support === weight || support <= tally.bestSupport || tally.test.depth < LEAST_DEPTH) continue
      tally.bestSupport = support
      tally.best = { window, set, firstBlock: first, lastBlock: last, scale: tally.test.scale, support }
    }
  }
  tally.cells = cells
  tally.weight = allWeight
  tally.support = allSupport
}

/** Which past the cell has (its own weekdays', else all other days', else none) and whether it has z > 1 against it. */
function standsOut({ sums, prior }: Tally, days: number, precision: number, contrast: number): boolean {
  const { all, ofSet } = sums
  const otherDays = all.days - days
  const otherPrecision = all.precision - precision
  const otherContrast = all.contrast - contrast
  if (!(otherDays > 0 && otherPrecision > 0)) return true
  const isOwn = ofSet.days - days >= prior.leastHistory
  const isKnown = isOwn || otherDays >= LEAST_OTHER_DAYS
  const pastContrast = isOwn ? ofSet.contrast - contrast : isKnown ? otherContrast : 0
  const pastPrecision = isOwn ? ofSet.precision - precision : isKnown ? otherPrecision : 0
  return mayStandOut(
    contrast,
    precision,
    otherContrast,
    otherPrecision,
    pastContrast,
    pastPrecision,
    isOwn ? OWN_CORRELATION : OTHER_CORRELATION,
    isOwn ? prior.tau2 : 2 * prior.tau2,
    sums,
    prior,
  )
}

/** Weight / p of one cell by the full test; p = 1 within one standard deviation. */
function testedSupport(tally: Tally, weight: number, days: number, precision: number, contrast: number): number {
  const { inside } = tally.sums
  inside.days = days
  inside.precision = precision
  inside.contrast = contrast
  const { z, df } = testCell(tally.sums, tally.prior, tally.test)
  return z > 1 ? weight / Math.max(1e-300, wallaceTail(z, df)) : weight
}
