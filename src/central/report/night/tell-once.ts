import { isClosed } from '../../../analysis/memory/remembered-dip.ts'
import { memberDepth } from '../../../analysis/places/member-depth.ts'
import { type MemberDip, type PlacedDip, sayOnce } from '../../../analysis/places/say-once.ts'
import type { MemberDepth } from '../../../analysis/places/shared-depth.ts'
import type { RememberedDip } from '../../../analysis/remember-dips.ts'
import { sumCells } from '../../../analysis/sum-cells.ts'
import type { TouchpointCells } from '../../../analysis/touchpoint-cells.ts'
import type { Place } from '../../store/catalogue.ts'
import { periodDays } from '../touchpoint-plan.ts'
import { type Curve, curveKey } from './curve.ts'
import type { CurveKind, DipDetails, DipNote } from './night-report.ts'
import { pauseEvery } from './pause-every.ts'
import { placesAbove } from './places-above.ts'
import type { FamilyScan } from './scan-family.ts'

/** Where dips are told, by id; those that are not in it are told where they were found. */
export type Telling = Map<string, Pick<DipNote, 'isTold' | 'toldAt'>>

type Dip = RememberedDip<DipDetails>
type KnownDip = { dip: Dip; curve: Curve }
type Candidate = MemberDip & { dip: Dip }

/**
 * Settles where remembered dips are told, from the chains down to the touchpoints, so that each is told once. Dips that
 * run and dips that are past are compared among themselves.
 *
 * @param night whose cells the scans hold
 * @see dips.md §3.11 (curves of place and chain)
 */
export async function tellOnce(
  places: readonly Place[],
  dips: Record<CurveKind, readonly Dip[]>,
  scans: Record<CurveKind, FamilyScan>,
  night: number,
): Promise<Telling> {
  const above = placesAbove(places)
  const known = (['chain', 'place', 'touchpoint'] as const).flatMap((kind) => knownDips(dips[kind], scans[kind].curves))
  const order = (curve: Curve): number => above.get(curve.id)?.size ?? 0
  const ofPlaces = known.filter(({ curve }) => curve.kind !== 'touchpoint')
  ofPlaces.sort((a, b) => order(a.curve) - order(b.curve) || (a.dip.id < b.dip.id ? -1 : 1))
  const telling: Telling = new Map()
  const depthsOf = makeDepthReader(scans.touchpoint, night - periodDays + 1)
  for (const { dip, curve } of ofPlaces) {
    if (telling.get(dip.id)?.toldAt) continue
    const beneath = known.flatMap((other) => {
      const isFree = other.dip !== dip && !telling.get(other.dip.id)?.toldAt && isClosed(other.dip) === isClosed(dip)
      return isFree && isBeneath(other.curve, curve, above) ? [candidateOf(other, curve)] : []
    })
    const saying = sayOnce(placedDip(dip), await depthsOf(dip, curve), beneath)
    const isHere = saying.at === 'place'
    telling.set(dip.id, { isTold: isHere, toldAt: null })
    for (const folded of isHere ? saying.folded : []) {
      if (isSurer(folded.dip, dip)) continue
      telling.set(folded.dip.id, { isTold: false, toldAt: { kind: kindOf(curve), id: curve.id, dip: dip.id } })
    }
  }
  return telling
}

function knownDips(dips: readonly Dip[], curves: readonly Curve[]): KnownDip[] {
  const byName = new Map(curves.map((curve) => [curveKey(curve.id, curve.question), curve]))
  return dips.flatMap((dip) => {
    const curve = byName.get(curveKey(dip.touchpoint, dip.question))
    return curve ? [{ dip, curve }] : []
  })
}

function kindOf({ kind }: Curve): 'place' | 'chain' {
  return kind === 'chain' ? 'chain' : 'place'
}

/** What alerts somebody is not hidden behind what is only suspected. */
function isSurer(dip: Dip, other: Dip): boolean {
  return dip.confirmedNight !== null && other.confirmedNight === null
}

function isBeneath(curve: Curve, place: Curve, above: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  if (curve.question !== place.question) return false
  if (curve.kind !== 'touchpoint') return curve.id !== place.id && above.get(curve.id)?.has(place.id) === true
  return above.get(curve.members[0]?.plan.touchpoint.place ?? '')?.has(place.id) === true
}

function placedDip({ shape, onset, details, confirmedNight }: Dip, shiftSlots = 0): PlacedDip {
  const { startSlot, endSlot, weekdays } = shape.shown
  const hours = { startSlot: startSlot + shiftSlots, endSlot: endSlot + shiftSlots }
  return { ...hours, weekdays, onset: onset.shown, depth: details.depth, isConfirmed: confirmedNight !== null }
}

/** In the place's slots. Touchpoints are known by the id that their depth has. */
function candidateOf({ dip, curve }: KnownDip, place: Curve): Candidate {
  const id = curve.kind === 'touchpoint' ? curve.key : `${curve.kind} ${curve.key}`
  return { ...placedDip(dip, curve.dayStart - place.dayStart), id, dip }
}

/** Reads how deep a place's dip is in each of its touchpoints, within the period. */
function makeDepthReader({ curves, cells, dips }: FamilyScan, from: number) {
  const byId = new Map(curves.map((curve, i) => [curve.id, cells[i] as TouchpointCells]))
  const pause = pauseEvery(64)
  return async ({ shape, onset, endDay }: Dip, { members }: Curve): Promise<MemberDepth[]> => {
    const { startSlot, endSlot } = shape.shown
    // The fleet's touchpoints tell what is ordinary for one; a place's own family may be a handful.
    const tau2 = dips.tau2[(endSlot - startSlot - 1) * 2]
    const onsetDay = onset.shown.day === null ? null : onset.shown.day - from
    const endedDay = endDay === null ? null : endDay - 1 - from
    const depths: MemberDepth[] = []
    for (const { plan, shiftSlots } of members) {
      await pause()
      const { id } = plan.touchpoint
      const own = byId.get(id) as TouchpointCells
      const moved = shiftSlots === 0 ? own : sumCells(id, [{ cells: own, shiftSlots }])
      const depth = memberDepth(moved, shape.shown, onsetDay, endedDay, tau2)
      if (depth) depths.push(depth)
    }
    return depths
  }
}
