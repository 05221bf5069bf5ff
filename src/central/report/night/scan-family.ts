import type { PeakScan } from '../../../analysis/as-peaks.ts'
import type { DipScan, FoundDip } from '../../../analysis/find-dips.ts'
import { findDipsAndPeaks, findDipsBesidePeaks } from '../../../analysis/find-dips-and-peaks.ts'
import type { NightFinding } from '../../../analysis/remember-dips.ts'
import type { TouchpointCells } from '../../../analysis/touchpoint-cells.ts'
import { periodDays } from '../touchpoint-plan.ts'
import type { CellSource } from './cell-source.ts'
import type { Curve } from './curve.ts'
import { lastPressDay } from './last-press-day.ts'
import { makeDetails } from './make-details.ts'
import type { DipDetails } from './night-report.ts'
import { pauseEvery } from './pause-every.ts'

/** Accepted share of false findings of a night's look at one family (dips.md §3.5). */
export const nightFdr = 0.05

export type FamilyScan = {
  curves: readonly Curve[]
  /** Of the night's period, in the order of the curves. */
  cells: readonly TouchpointCells[]
  dips: DipScan
  /** None of nights that are not the last: they are not told. */
  peaks: PeakScan['found']
  /** Dips, in day numbers. */
  findings: NightFinding<DipDetails>[]
}

/**
 * Looks at one family on one night.
 *
 * @param withPeaks whether peaks are told; dips are never their shadows
 */
export async function scanFamily(
  curves: readonly Curve[],
  night: number,
  sources: { counted: CellSource; raw: CellSource },
  withPeaks: boolean,
): Promise<FamilyScan> {
  const from = night - periodDays + 1
  const pause = pauseEvery(16)
  const cells: TouchpointCells[] = []
  for (const curve of curves) {
    cells.push({ ...(await sources.counted.read(curve, from, night)), id: curve.key })
    await pause()
  }
  const both = withPeaks ? findDipsAndPeaks(cells, { fdr: nightFdr }) : null
  const dips = both?.dips ?? findDipsBesidePeaks(cells, { fdr: nightFdr })
  const places = new Map(curves.map((curve, i) => [curve.key, i]))
  const findings: NightFinding<DipDetails>[] = []
  for (const dip of dips.found) {
    const at = places.get(dip.id) as number
    const curve = curves[at] as Curve
    const raw = await sources.raw.read(curve, from, night)
    const details = makeDetails(dip, cells[at] as TouchpointCells, raw, dips.tau2)
    const quiet = lastPressDay(cells[at] as TouchpointCells, dip)
    findings.push(findingOf({ ...dip, endedDay: dip.endedDay ?? quiet }, curve, from, details))
  }
  return { curves, cells, dips, peaks: both?.peaks.found ?? [], findings }
}

function findingOf(dip: FoundDip, curve: Curve, from: number, details: DipDetails): NightFinding<DipDetails> {
  const { startSlot, endSlot, weekdays, onsetDay, onsetLowDay, onsetHighDay, onsetOpen, endedDay, q, trend } = dip
  const at = (day: number | null): number | null => (day === null ? null : day + from)
  return {
    touchpoint: curve.id,
    question: curve.question,
    ...{ startSlot, endSlot, weekdays },
    onset: { day: at(onsetDay), low: onsetLowDay + from, high: onsetHighDay + from, isOpen: onsetOpen },
    endedDay: at(endedDay),
    ...{ q, trend, details },
  }
}
