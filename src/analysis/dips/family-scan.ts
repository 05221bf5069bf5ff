import type { TouchpointCells } from '../touchpoint-cells.ts'
import { estimateFleetPrior, type FleetPrior } from './fleet-prior.ts'
import { LEAST_DAYS } from './missing-days.ts'
import { ordinaryWindows } from './ordinary-windows.ts'
import { prepareSheet } from './prepare-sheet.ts'
import { sampleTouchpoints } from './sample-touchpoints.ts'
import { makeScanPlan, type ScanPlan } from './scan-plan.ts'
import { makeScanSheet, type ScanSheet } from './scan-sheet.ts'
import { scanTouchpoint, type TouchpointScan } from './scan-touchpoint.ts'
import { makeWindowPrefix, type WindowPrefix } from './window-prefix.ts'

/** What the scans of a family's touchpoints share: scratch for one at a time, and what the fleet says beforehand. */
export type FamilyScan = {
  sheet: ScanSheet
  prefix: WindowPrefix
  /** by number of blocks */
  plans: Map<number, ScanPlan>
  fleet: FleetPrior
}

/** Touchpoints that say what the fleet is like. */
const FLEET_SAMPLE = 300

/** @param fleet null = estimated from the family itself */
export function openFamilyScan(family: readonly TouchpointCells[], fleet: FleetPrior | null): FamilyScan {
  const capacity = family.reduce((most, { days }) => Math.max(most, days), 0)
  const sheet = makeScanSheet(capacity)
  return { sheet, prefix: makeWindowPrefix(capacity), plans: new Map(), fleet: fleet ?? priorOf(family, sheet) }
}

function priorOf(family: readonly TouchpointCells[], sheet: ScanSheet): FleetPrior {
  const windows = sampleTouchpoints(family, FLEET_SAMPLE).flatMap((cells) => {
    prepareSheet(sheet, cells, null)
    return ordinaryWindows(sheet)
  })
  return estimateFleetPrior(windows)
}

/** Whole weeks of the touchpoint on the sheet. */
export function blocksOf(sheet: ScanSheet): number {
  return Math.floor((sheet.endDay - sheet.firstDay) / 7)
}

/** Scans the touchpoint that was prepared on the sheet; no admissible cells below 14 days. */
export function scanPrepared({ sheet, prefix, plans, fleet }: FamilyScan): TouchpointScan {
  if (sheet.endDay - sheet.firstDay < LEAST_DAYS) return { p: 1, cells: 0, best: null }
  const blocks = blocksOf(sheet)
  const plan = plans.get(blocks) ?? makeScanPlan(blocks)
  plans.set(blocks, plan)
  return scanTouchpoint(sheet, plan, fleet, prefix)
}
