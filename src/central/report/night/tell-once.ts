import { isClosed } from '../../../analysis/memory/remembered-dip.ts'
import { sharedSlots } from '../../../analysis/memory/same-dip.ts'
import { type MemberDip, type PlacedDip, type Saying, sayOnce } from '../../../analysis/places/say-once.ts'
import type { RememberedDip } from '../../../analysis/remember-dips.ts'
import type { Place } from '../../store/catalogue.ts'
import { type Curve, curveKey } from './curve.ts'
import { type DepthReader, makeDepthReader } from './member-depths.ts'
import type { CurveKind, DipDetails, DipNote } from './night-report.ts'
import { placesAbove } from './places-above.ts'
import type { FamilyScan } from './scan-family.ts'

/** Where dips are told, by id; those that are not in it are told where they were found. */
export type Telling = Map<string, Pick<DipNote, 'isTold' | 'toldAt' | 'otherNights'>>

type Dip = RememberedDip<DipDetails>
type KnownDip = { dip: Dip; curve: Curve }
type Candidate = MemberDip & { dip: Dip }

/** Nights in a row with another answer after which a place's dip is told elsewhere than before. */
const equalNights = 3
/** One-sided 5 %. */
const clear = 1.645

/**
 * Settles where remembered dips are told, from the chains down to the touchpoints, so that each is told once. Dips that
 * run and dips that are past are compared among themselves; yet where a place's dip is past, that a touchpoint has too few
 * presses to say so of its own part is no news.
 *
 * @param night whose cells the scans hold
 * @param before where they were told on the night before
 * @see dips.md §3.11 (curves of place and chain)
 */
export async function tellOnce(
  places: readonly Place[],
  dips: Record<CurveKind, readonly Dip[]>,
  scans: Record<CurveKind, FamilyScan>,
  night: number,
  before: Telling,
): Promise<Telling> {
  const above = placesAbove(places)
  const known = (['chain', 'place', 'touchpoint'] as const).flatMap((kind) => knownDips(dips[kind], scans[kind].curves))
  const order = (curve: Curve): number => above.get(curve.id)?.size ?? 0
  const ofPlaces = known.filter(({ curve }) => curve.kind !== 'touchpoint')
  ofPlaces.sort((a, b) => order(a.curve) - order(b.curve) || (a.dip.id < b.dip.id ? -1 : 1))
  const telling: Telling = new Map()
  const withCurve = new Set(known.map(({ dip }) => dip.id))
  // Of a question that is asked no more nothing is measured: its dips stay told where they were.
  for (const { id } of Object.values(dips).flat()) {
    const told = before.get(id)
    if (told && !withCurve.has(id)) telling.set(id, told)
  }
  const depths = makeDepthReader(scans, night)
  for (const { dip, curve } of ofPlaces) {
    if (telling.get(dip.id)?.toldAt) continue
    const beneath = known.flatMap((other) => {
      const isFree = other.dip !== dip && !telling.get(other.dip.id)?.toldAt
      return isFree && isBeneath(other.curve, curve, above) && mayBePartOf(other, dip, depths)
        ? [candidateOf(other, curve)]
        : []
    })
    const ofMembers = await depths.ofMembers(dip, curve)
    const saying = sayOnce(placedDip(dip), ofMembers, beneath)
    const told = settleTelling(saying, before.get(dip.id), ofMembers.length > 0)
    telling.set(dip.id, told)
    for (const folded of told.isTold ? saying.folded : []) {
      if (isSurer(folded.dip, dip)) continue
      telling.set(folded.dip.id, { isTold: false, toldAt: { kind: kindOf(curve), id: curve.id, dip: dip.id } })
    }
  }
  return telling
}

/** A dip that is told here on one night and there on the next would be taken for two; one that nobody else tells is told. */
function settleTelling({ at, folded }: Saying<Candidate>, before: ReturnType<Telling['get']>, isKnown: boolean) {
  const isTold = at === 'place'
  if (before === undefined || before.toldAt !== null) return { isTold, toldAt: null }
  // Of what is long past no depths are left: it stays told where it was.
  if (!isKnown) return { isTold: before.isTold, toldAt: null }
  if (before.isTold === isTold || (isTold && folded.length === 0)) return { isTold, toldAt: null }
  const otherNights = (before.otherNights ?? 0) + 1
  if (otherNights >= equalNights) return { isTold, toldAt: null }
  return { isTold: before.isTold, toldAt: null, otherNights }
}

function mayBePartOf({ dip, curve }: KnownDip, ofPlace: Dip, depths: DepthReader): boolean {
  if (isClosed(dip) === isClosed(ofPlace)) return true
  if (isClosed(dip) || ofPlace.endDay === null || sharedSlots(dip.shape.shown, ofPlace.shape.shown) === 0) return false
  const left = depths.since(dip, curve, ofPlace.endDay)
  return left === null || left.depth <= clear * Math.sqrt(left.variance)
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
