import { type FoundDip, findDips } from '../../../src/analysis/find-dips.ts'
import type { TouchpointCells } from '../../../src/analysis/touchpoint-cells.ts'
import type { Finding } from './finding.ts'
import { findBhHours, findBonferroniHours } from './peers/binomial-hours.ts'
import { findOddResiduals } from './peers/odd-residuals.ts'
import { findPairedHours } from './peers/paired-hours.ts'
import { findWorstHours } from './peers/worst-hours.ts'

export const OURS = 'day-contrast scan'
const FDR = 0.05

export type Method = { name: string; find: (fleet: readonly TouchpointCells[]) => Finding[] }

/** Every method sees the same tallies, play taken out, at the same level. */
export const METHODS: readonly Method[] = [
  { name: 'hour mean 2 sd low', find: findWorstHours },
  { name: 'binomial, Bonferroni', find: findBonferroniHours },
  { name: 'binomial, BH', find: findBhHours },
  { name: 'paired t by day, BH', find: findPairedHours },
  { name: 'S-H-ESD residuals', find: findOddResiduals },
  { name: OURS, find: scanFleet },
]

/** The product's scan: what a report of one day would say. */
function scanFleet(fleet: readonly TouchpointCells[]): Finding[] {
  const position = new Map(fleet.map(({ id }, i) => [id, i]))
  return findDips(fleet, { fdr: FDR })
    .found.filter(({ q }) => q <= FDR)
    .map((dip) => toFinding(dip, position.get(dip.id) as number, fleet[0]?.days ?? 0))
}

function toFinding(dip: FoundDip, touchpoint: number, days: number): Finding {
  return {
    touchpoint,
    startSlot: dip.startSlot,
    endSlot: dip.endSlot,
    detail: {
      weekdays: dip.weekdays,
      onsetDay: dip.onsetDay ?? 0,
      onsetLowDay: dip.onsetLowDay,
      onsetHighDay: dip.onsetHighDay,
      onsetOpen: dip.onsetOpen,
      endDay: dip.endedDay === null ? days : dip.endedDay + 1,
      depthLow: dip.ciLow,
      depthHigh: dip.ciHigh,
    },
  }
}
