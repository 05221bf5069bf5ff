import { memberDepth } from '../../../analysis/places/member-depth.ts'
import type { MemberDepth } from '../../../analysis/places/shared-depth.ts'
import type { RememberedDip } from '../../../analysis/remember-dips.ts'
import { sumCells } from '../../../analysis/sum-cells.ts'
import type { TouchpointCells } from '../../../analysis/touchpoint-cells.ts'
import { periodDays } from '../touchpoint-plan.ts'
import type { Curve } from './curve.ts'
import type { CurveKind, DipDetails } from './night-report.ts'
import { pauseEvery } from './pause-every.ts'
import type { FamilyScan } from './scan-family.ts'

type Dip = RememberedDip<DipDetails>

export type DepthReader = {
  /** How deep a place's dip is in each of its touchpoints with data. */
  ofMembers(dip: Dip, place: Curve): Promise<MemberDepth[]>
  /** How deep a curve's own dip is from a day on; null without data since. */
  since(dip: Dip, curve: Curve, day: number): MemberDepth | null
}

/**
 * Measures dips within the night's period.
 *
 * @param night whose cells the scans hold
 */
export function makeDepthReader(scans: Record<CurveKind, FamilyScan>, night: number): DepthReader {
  const from = night - periodDays + 1
  const pause = pauseEvery(64)
  const { curves, cells } = scans.touchpoint
  const byId = new Map(curves.map((curve, i) => [curve.id, cells[i] as TouchpointCells]))
  /** The fleet's touchpoints tell what is ordinary for one; a place's own family may be a handful. */
  const tau2Of = (kind: CurveKind, { shape }: Dip) => {
    const { startSlot, endSlot } = shape.shown
    return scans[kind].dips.tau2[(endSlot - startSlot - 1) * 2]
  }
  return {
    async ofMembers(dip, { members }) {
      const onsetDay = dip.onset.shown.day === null ? null : dip.onset.shown.day - from
      const endedDay = dip.endDay === null ? null : dip.endDay - 1 - from
      const depths: MemberDepth[] = []
      if (endedDay !== null && endedDay < 0) return depths
      for (const { plan, shiftSlots } of members) {
        await pause()
        const { id } = plan.touchpoint
        const own = byId.get(id) as TouchpointCells
        const moved = shiftSlots === 0 ? own : sumCells(id, [{ cells: own, shiftSlots }])
        const depth = memberDepth(moved, dip.shape.shown, { onsetDay, endedDay }, tau2Of('touchpoint', dip))
        if (depth) depths.push(depth)
      }
      return depths
    },
    since(dip, curve, day) {
      const { kind } = curve
      const own = scans[kind].cells[scans[kind].curves.indexOf(curve)] as TouchpointCells
      const onsetDay = dip.onset.shown.day === null ? null : dip.onset.shown.day - from
      const days = { onsetDay, endedDay: null, fromDay: day - from }
      return memberDepth(own, dip.shape.shown, days, tau2Of(kind, dip))
    },
  }
}
