import { findDips, type TouchpointCells } from '../../analysis/find-dips.ts'
import { dipFigures } from '../../central/report/dip-figures.ts'
import { formatDipSentence, formatInsufficient } from '../../words/dip-sentence.ts'
import type { Period, Tally } from './tally-terminal.ts'

type Detection = { terminal: string } & ReturnType<typeof dipFigures> & { sentence: string }

/** The dip report of a press file, as contracts.md §1 has it. */
export type DipFileReport = {
  /** first and last business date; null where there is neither a press nor a date asked for */
  from: string | null
  to: string | null
  terminals: number
  /** of the whole file; with `skipped` and `repeated` these are its rows */
  presses: number
  /** of these, taken for play; not compared unless asked for */
  misuse: number
  /** bad rows */
  skipped: number
  /** of the presses that are no misuse, or of all with it, those before and after the period; not compared */
  outsidePeriod: number
  /** of the rest, those outside opening hours; not compared */
  outsideHours: number
  /** rows whose id was there before */
  repeated: number
  /** present where misuse was compared too */
  withMisuse?: true
  fdr: number
  timing: { readMs: number; filterMs: number; scanMs: number }
  /** most certain first, a terminal's dips in order of rank */
  detections: Detection[]
  insufficient: { terminal: string; presses: number; days: number; message: string }[]
}

export type CountedTerminal = Tally & { name: string; dayStart: number }

const compareNames = (a: { terminal: string }, b: { terminal: string }): number => (a.terminal < b.terminal ? -1 : 1)

/**
 * Scans tallies and tells what was found.
 *
 * Terminals without a press take no part in the scan: they say nothing of how much ordinary hours differ.
 *
 * @param silent terminals without a press
 * @param period null without presses or dates: there is nothing to find then
 */
export function scanTallies(
  counted: readonly CountedTerminal[],
  silent: readonly string[],
  period: Period | null,
  { fdr, language }: { fdr: number; language: string },
): Pick<DipFileReport, 'detections' | 'insufficient'> {
  const dayStarts = new Map(counted.map(({ name, dayStart }) => [name, dayStart]))
  const cells: TouchpointCells[] = counted.map((terminal) => terminal.cells)
  const { found, insufficient } = findDips(cells, { fdr })
  const detections = found.flatMap((dip) => {
    if (period === null || dip.q > fdr) return []
    const figures = dipFigures(dip, period.from, dayStarts.get(dip.id) ?? 0)
    return [{ terminal: dip.id, ...figures, sentence: formatDipSentence(figures, language) }]
  })
  const tooFew = insufficient.map(({ id, presses, days, moreDays }) => {
    return { terminal: id, presses, days, message: formatInsufficient(moreDays, language) }
  })
  const without = silent.map((terminal) => {
    return { terminal, presses: 0, days: 0, message: formatInsufficient(null, language) }
  })
  return { detections, insufficient: [...tooFew, ...without].sort(compareNames) }
}
