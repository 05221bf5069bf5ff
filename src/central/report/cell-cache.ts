import type { TouchpointCells } from '../../analysis/touchpoint-cells.ts'
import type { TouchpointHour } from '../../shared/first-hours.ts'
import type { StoreReader, TallyClass } from '../store/port.ts'
import { businessSlot } from './business-day.ts'
import { localDatesOf, makeCells } from './make-cells.ts'
import type { TouchpointPlan } from './touchpoint-plan.ts'

/** The counted cells of a touchpoint's standard period. The same object while nothing in it changed. */
export type PlannedCells = TouchpointPlan & { cells: TouchpointCells }

export type CellCache = {
  /** Counted presses of the standard period. */
  counted(plan: TouchpointPlan): Promise<PlannedCells>
  /** To be called when counted tallies of a touchpoint changed, from this local hour on. */
  drop(first: TouchpointHour): void
}

/** Any period and class, past the cache. */
export async function readCells(
  store: StoreReader,
  plan: TouchpointPlan,
  period: { from: string; to: string },
  tallyClass: TallyClass,
): Promise<TouchpointCells> {
  const dates = localDatesOf(period.from, period.to, plan.dayStart)
  const { id: touchpoint, question } = plan.touchpoint
  const tallies = await store.tallies({ touchpoint, question, class: tallyClass, ...dates })
  return makeCells(plan, period.from, period.to, tallies)
}

const isSamePlan = (a: TouchpointPlan, b: TouchpointPlan): boolean =>
  a.touchpoint === b.touchpoint && a.survey === b.survey && a.dayStart === b.dayStart && a.to === b.to

/** Keeps each touchpoint's cells, so that a press of today makes nobody read eight weeks of a fleet again. */
export function makeCellCache(store: StoreReader): CellCache {
  const kept = new Map<string, { plan: TouchpointPlan; cells: Promise<PlannedCells> }>()

  return {
    counted(plan) {
      const { id } = plan.touchpoint
      const found = kept.get(id)
      if (found && isSamePlan(found.plan, plan)) return found.cells
      const cells = readCells(store, plan, plan, 'counted').then((read) => ({ ...plan, cells: read }))
      kept.set(id, { plan, cells })
      cells.catch(() => {
        if (kept.get(id)?.cells === cells) kept.delete(id)
      })
      return cells
    },
    drop({ touchpoint, localDate, hour }) {
      const plan = kept.get(touchpoint)?.plan
      if (plan && businessSlot(localDate, hour, plan.dayStart).date <= plan.to) kept.delete(touchpoint)
    },
  }
}
