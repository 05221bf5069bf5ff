import type { DipShape, OnsetClaim } from '../memory/remembered-dip.ts'
import { onsetsOverlap, sharedWeekdays, slotJaccard } from '../memory/same-dip.ts'
import { type MemberDepth, type SharedDepth, sharedDepth } from './shared-depth.ts'

/** A dip as found in one curve; days of place and members count alike. */
export type PlacedDip = DipShape & {
  onset: OnsetClaim
  depth: number
  /** whether it ever alerted somebody, and is no mere suspicion */
  isConfirmed: boolean
}

/** A member's own finding. */
export type MemberDip = PlacedDip & { id: string }

export type Saying<Dip extends MemberDip> = {
  /** where the dip is told: once at the place, at the members that have it, or nowhere */
  at: 'place' | 'members' | 'nowhere'
  /** members' findings that are this very dip and are not told again where it is told at the place */
  folded: Dip[]
}

const LEAST_JACCARD = 0.5
const SURE = 1.645
const APART = 2

/**
 * Settles where a place's dip is told, so that it is told once.
 *
 * At the place, when it is the whole place's: its members share a depth above 0 (one-sided 5 %), and differ in it by no more
 * than half of it, that is, about nineteen of twenty of them have some of it. Their own findings of it are folded in, save
 * those of members that stand apart by being still deeper. At the members, when only some have it and one of
 * them was found: of a confirmed dip, one that is confirmed, too, since suspicions alert nobody. Nowhere, when the members
 * together have less than half of it: then the mix of presses changed, not what people think. Else it is too weak in
 * each member, and the place alone can tell it.
 *
 * @param depths of the dip in every member with data (`memberDepth`); none = nothing but the sum is known
 * @param memberDips findings of the members, of this and of other dips
 * @see dips.md §3.11 (curves of place and chain)
 */
export function sayOnce<Dip extends MemberDip>(
  dip: PlacedDip,
  depths: readonly MemberDepth[],
  memberDips: readonly Dip[],
): Saying<Dip> {
  const same = memberDips.filter((other) => isSameDip(dip, other))
  if (depths.length === 0) return { at: 'place', folded: same }
  const shared = sharedDepth(depths)
  const isWhole =
    depths.length > 1 && shared.depth > SURE * shared.standardError && shared.spread <= Math.max(0, shared.depth / 2)
  const folded = same.filter(({ id }) => !standsApart(id, depths, shared))
  if (isWhole) return { at: 'place', folded }
  if (same.some((other) => other.isConfirmed || !dip.isConfirmed)) return { at: 'members', folded }
  const isOfMix = shared.depth + SURE * shared.standardError < dip.depth / 2
  return { at: isOfMix ? 'nowhere' : 'place', folded }
}

function isSameDip(a: PlacedDip, b: PlacedDip): boolean {
  return (
    slotJaccard(a, b) >= LEAST_JACCARD && sharedWeekdays(a.weekdays, b.weekdays) > 0 && onsetsOverlap(a.onset, b.onset)
  )
}

function standsApart(id: string, depths: readonly MemberDepth[], shared: SharedDepth): boolean {
  const own = depths.find((member) => member.id === id)
  if (own === undefined) return false
  const deviation = Math.sqrt(own.variance + shared.spread ** 2 + shared.standardError ** 2)
  return own.depth - shared.depth > APART * deviation
}
