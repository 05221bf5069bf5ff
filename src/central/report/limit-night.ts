import { sharedWeekdays, slotJaccard } from '../../analysis/memory/same-dip.ts'
import type { RememberedDip } from '../../analysis/remember-dips.ts'
import type { Catalogue } from '../store/catalogue.ts'
import type { CurveKind, CurveName, DipDetails, DipNote, NightReport } from './night/night-report.ts'
import { placesAbove } from './places-above.ts'
import { findCurve } from './told-night.ts'

/** What of a fleet whoever reads may see. */
export type Reach = {
  /** @param place null for the whole fleet */
  place(place: string | null): boolean
  touchpoint(id: string): boolean
}

type ToldAt = NonNullable<DipNote['toldAt']>
type Placed = { kind: CurveKind; dip: RememberedDip<DipDetails> }

const kindsDown: readonly CurveKind[] = ['chain', 'place', 'touchpoint']

/**
 * A night as somebody sees it who reaches a part of the fleet only: nothing of it names or tells what lies outside.
 *
 * A dip that is told out of reach is told at the highest place within it that has the same dip, else where it was found. q-values
 * stay those of the whole fleet.
 */
export function limitNight(night: NightReport, catalogue: Catalogue, reach: Reach): NightReport {
  if (reach.place(null)) return night
  const isReached = ({ kind, id }: Pick<CurveName, 'kind' | 'id'>) =>
    kind === 'touchpoint' ? reach.touchpoint(id) : reach.place(id)
  const memoryOf = (kind: CurveKind) => {
    const { night: of, dips } = night.memories[kind]
    return { night: of, dips: dips.filter(({ touchpoint: id }) => isReached({ kind, id })) }
  }
  const memories = { touchpoint: memoryOf('touchpoint'), place: memoryOf('place'), chain: memoryOf('chain') }
  const dips = kindsDown.flatMap((kind) => memories[kind].dips.map((dip) => ({ kind, dip })))
  return {
    ...night,
    memories,
    notes: limitNotes(night, catalogue, dips, reach),
    curves: night.curves.filter(isReached),
  }
}

function limitNotes(
  night: NightReport,
  catalogue: Catalogue,
  dips: readonly Placed[],
  reach: Reach,
): NightReport['notes'] {
  const notes: NightReport['notes'] = {}
  const orphans: (Placed & { above: string[]; of: string })[] = []
  for (const { kind, dip } of dips) {
    const note = night.notes[dip.id]
    if (!note) continue
    notes[dip.id] = note
    if (note.toldAt && !reach.place(note.toldAt.id))
      orphans.push({ kind, dip, above: idsAbove(catalogue, kind, dip.touchpoint), of: note.toldAt.dip })
  }
  // From the top down, so that whatever others are told at is told itself.
  orphans.sort((a, b) => a.above.length - b.above.length)
  const heads: typeof orphans = []
  for (const orphan of orphans) {
    const { dip, above, of } = orphan
    const head = heads.find(
      (other) => other.of === of && above.includes(other.dip.touchpoint) && isAlike(night, other, orphan),
    )
    if (!head && orphan.kind !== 'touchpoint') heads.push(orphan)
    const toldAt = head ? toldAtOf(head) : null
    notes[dip.id] = { ...(notes[dip.id] as DipNote), isTold: toldAt === null, toldAt }
  }
  return notes
}

/** Places above a place or touchpoint, without itself. */
function idsAbove(catalogue: Catalogue, kind: CurveKind, id: string): string[] {
  const place = kind === 'touchpoint' ? catalogue.touchpoints.get(id)?.place : id
  const above = place === undefined ? [] : placesAbove(catalogue, place).map((one) => one.id)
  return kind === 'touchpoint' ? above : above.slice(1)
}

function toldAtOf({ kind, dip }: Placed): ToldAt {
  return { kind: kind === 'chain' ? 'chain' : 'place', id: dip.touchpoint, dip: dip.id }
}

/** Two dips that are part of the same one need not share an hour. */
function isAlike(night: NightReport, a: Placed, b: Placed): boolean {
  const [one, other] = [shapeOf(night, a), shapeOf(night, b)]
  return slotJaccard(one, other) > 0 && sharedWeekdays(one.weekdays, other.weekdays) > 0
}

/** In local hours. */
function shapeOf(night: NightReport, { kind, dip }: Placed) {
  const { startSlot, endSlot, weekdays } = dip.shape.shown
  const curve = findCurve(night, { kind, id: dip.touchpoint, question: dip.question })
  const dayStart = curve?.dayStart ?? 0
  return { startSlot: startSlot + dayStart, endSlot: endSlot + dayStart, weekdays }
}
