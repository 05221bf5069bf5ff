import { meanIndex } from '../mean-index.ts'
import type { TouchpointCells } from '../touchpoint-cells.ts'
import { type DipDays, settleDays, sumDays } from './dip-days.ts'
import { measureDip } from './dip-depth.ts'
import { type DipState, dipStateOfScan } from './dip-state.ts'
import { type DipTrend, dipTrend } from './dip-trend.ts'
import type { ScanSheet } from './scan-sheet.ts'
import type { BestCell } from './scan-tally.ts'
import { shrinkDepth } from './shrink-depth.ts'

/** One dip of one touchpoint. Days are indices into the touchpoint's cells, depths are points of the Happy Index. */
export type FoundDip = {
  id: string
  /** ISO weekdays; null = every weekday with data */
  weekdays: number[] | null
  startSlot: number
  /** exclusive, 1..24 */
  endSlot: number
  /** first day of the dip; null = it was there when the data begin */
  onsetDay: number | null
  onsetLowDay: number
  onsetHighDay: number
  /** the onset's interval reaches before the data */
  onsetOpen: boolean
  /** last day of a dip that ended before the last 7 days, else null */
  endedDay: number | null
  /** Happy Index of all presses inside */
  index: number
  /** index + rawDepth */
  usual: number
  /** measured; positive = worse */
  rawDepth: number
  /** shown: shrunk for having been chosen */
  depth: number
  ciLow: number
  ciHigh: number
  /** of the touchpoint for rank 1; of the scan without the earlier dips for later ranks */
  p: number
  /** Benjamini-Hochberg over touchpoints for rank 1; p × tested / found for later ranks */
  q: number
  /** 1 = the touchpoint's strongest dip */
  rank: number
  presses: number
  days: number
  /** of these days, how many were below the hours around */
  daysBelow: number
  /** presses per value, worst first, in the dip and in the hours around it on the same days */
  inside: number[]
  around: number[]
  state: DipState
  trend: DipTrend | null
}

/** What the fleet's scan says about one finding. */
export type Verdict = {
  p: number
  q: number
  rank: number
  /** touchpoints found, tested, and the level: they widen the depth's interval */
  selected: number
  tested: number
  fdr: number
}

const TREND_DAYS = 14

/**
 * Puts the scan's best cell into the terms of a report.
 *
 * @param sheet the prepared touchpoint the cell was found on
 * @param blocks of the scan
 */
export function describeDip(
  sheet: ScanSheet,
  cells: TouchpointCells,
  best: BestCell,
  blocks: number,
  verdict: Verdict,
): { dip: FoundDip; when: DipDays } {
  const when = settleDays(sheet, best, blocks)
  const measured = measureDip(sheet, cells, best.window, when.days, best.scale, best.natural)
  const { selected, tested, fdr, p, q, rank } = verdict
  const shown = shrinkDepth(measured.rawDepth, measured.standardError, selected, tested, fdr)
  const index = meanIndex(measured.inside)?.index ?? 0
  const hasEnded = when.endDay < sheet.endDay
  const dip: FoundDip = {
    id: cells.id,
    weekdays: when.weekdays,
    startSlot: measured.startSlot,
    endSlot: measured.endSlot,
    onsetDay: when.onsetDay,
    onsetLowDay: when.onsetLowDay,
    onsetHighDay: when.onsetHighDay,
    onsetOpen: when.onsetOpen,
    endedDay: hasEnded ? (when.days.at(-1) as number) : null,
    index,
    usual: index + measured.rawDepth,
    rawDepth: measured.rawDepth,
    depth: shown.depth,
    ciLow: shown.lower,
    ciHigh: shown.upper,
    p,
    q,
    rank,
    presses: measured.inside.reduce((sum, count) => sum + count, 0),
    days: when.days.length,
    daysBelow: measured.daysBelow,
    inside: measured.inside,
    around: measured.around,
    state: dipStateOfScan(q) ?? 'suspected',
    trend: hasEnded ? null : trendOf(sheet, best, when),
  }
  return { dip, when }
}

function trendOf(sheet: ScanSheet, best: BestCell, when: DipDays): DipTrend | null {
  const since = sheet.endDay - TREND_DAYS
  const before = when.days.filter((day) => day < since)
  const recent = when.days.filter((day) => day >= since)
  return dipTrend(sumDays(sheet, best.window, before), sumDays(sheet, best.window, recent), best.scale)
}
