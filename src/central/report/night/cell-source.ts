import { type PlaceMember, sumCells } from '../../../analysis/sum-cells.ts'
import type { TouchpointCells } from '../../../analysis/touchpoint-cells.ts'
import type { StoreReader, TallyClass } from '../../store/port.ts'
import { readCells } from '../cell-cache.ts'
import type { TouchpointPlan } from '../touchpoint-plan.ts'
import type { Curve } from './curve.ts'
import { dateOfDay } from './day-number.ts'
import { sliceCells } from './slice-cells.ts'

/** Cells of curves over any days, both included. */
export type CellSource = { read(curve: Curve, fromDay: number, toDay: number): Promise<TouchpointCells> }

/** `layout`: at which hours the days begin of which it is made. */
type Kept = { layout: string; from: number; to: number; cells: TouchpointCells }

/** Members summed at a time: so many are in memory when they are read for this alone. */
const batchSize = 32

/**
 * Reads cells of one class, each curve once for the whole span; a curve asked for days beyond it is read once more, for as
 * long as needed. Nights get views.
 *
 * @param keepsMembers whether touchpoints that are read for a sum are kept
 */
export function makeCellSource(
  store: StoreReader,
  tallyClass: TallyClass,
  span: { from: number; to: number },
  keepsMembers: boolean,
): CellSource {
  const kept: Record<Curve['kind'], Map<string, Kept>> = { touchpoint: new Map(), place: new Map(), chain: new Map() }

  async function readTouchpoint(plan: TouchpointPlan, days: Days, isKept: boolean): Promise<TouchpointCells> {
    const key = plan.touchpoint.id
    const layout = `${plan.dayStart}`
    const found = viewOf(kept.touchpoint.get(key), layout, days)
    if (found) return found
    const all = isKept ? union(days, span) : days
    const period = { from: dateOfDay(all.from), to: dateOfDay(all.to) }
    const cells = await readCells(store, plan, period, tallyClass)
    if (isKept) kept.touchpoint.set(key, { layout, ...all, cells })
    return sliceCells(cells, days.from - all.from, days.to - days.from + 1)
  }

  async function sumMembers({ key, members }: Curve, days: Days): Promise<TouchpointCells> {
    const isKept = keepsMembers && days.from >= span.from && days.to <= span.to
    let sum: PlaceMember[] = []
    for (let first = 0; first < members.length; first += batchSize) {
      const batch: PlaceMember[] = []
      for (const { plan, shiftSlots } of members.slice(first, first + batchSize)) {
        batch.push({ cells: await readTouchpoint(plan, days, isKept), shiftSlots })
      }
      sum = [{ cells: sumCells(key, [...sum, ...batch]), shiftSlots: 0 }]
    }
    return (sum[0] as PlaceMember).cells
  }

  return {
    async read(curve, from, to) {
      if (curve.kind === 'touchpoint') {
        return readTouchpoint((curve.members[0] as Curve['members'][0]).plan, { from, to }, true)
      }
      const layout = [curve.dayStart, ...curve.members.map(({ plan }) => plan.dayStart)].join()
      const found = viewOf(kept[curve.kind].get(curve.key), layout, { from, to })
      if (found) return found
      const all = union({ from, to }, span)
      const cells = await sumMembers(curve, all)
      kept[curve.kind].set(curve.key, { layout, ...all, cells })
      return sliceCells(cells, from - all.from, to - from + 1)
    },
  }
}

type Days = { from: number; to: number }

function viewOf(kept: Kept | undefined, layout: string, { from, to }: Days): TouchpointCells | null {
  if (!kept || kept.layout !== layout || kept.from > from || kept.to < to) return null
  return sliceCells(kept.cells, from - kept.from, to - from + 1)
}

function union(a: Days, b: Days): Days {
  return { from: Math.min(a.from, b.from), to: Math.max(a.to, b.to) }
}
