import { type DipShape, isClosed, type NightFinding, type OnsetClaim, type RememberedDip } from './remembered-dip.ts'

const LEAST_JACCARD = 0.5
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7]

type Slots = { startSlot: number; endSlot: number }

/** Slots two windows share. */
export function sharedSlots(a: Slots, b: Slots): number {
  return Math.max(0, Math.min(a.endSlot, b.endSlot) - Math.max(a.startSlot, b.startSlot))
}

/** Shared slots as a share of all slots of either (Jaccard 1901): 1 = the same window, 0 = nothing in common. */
export function slotJaccard(a: Slots, b: Slots): number {
  const shared = sharedSlots(a, b)
  return shared / (a.endSlot - a.startSlot + b.endSlot - b.startSlot - shared)
}

/** Weekdays both have; null = every day. */
export function sharedWeekdays(a: DipShape['weekdays'], b: DipShape['weekdays']): number {
  return (a ?? EVERY_DAY).filter((weekday) => (b ?? EVERY_DAY).includes(weekday)).length
}

/** Whether two onsets can be the same day; an open one reaches back for ever. */
export function onsetsOverlap(a: OnsetClaim, b: OnsetClaim): boolean {
  const low = (onset: OnsetClaim): number => (onset.isOpen ? Number.NEGATIVE_INFINITY : onset.low)
  return Math.max(low(a), low(b)) <= Math.min(a.high, b.high)
}

/**
 * How sure it is that a finding is a remembered dip: 3 = same window (Jaccard ≥ .5), a weekday in common and overlapping
 * onsets; 0 = it is not. A dip that is fixed or over needs no overlap: what is found in its window is its own past, still
 * in the period scanned, or its return.
 *
 * 2 and 1 are for what would otherwise be a dip that vanishes in the very night in which another appears in its
 * place: the same window with a later onset (it got deeper, or its true onset left the period scanned), and a
 * window beside it with the same onset (a dip over half of two hours is found in the one or the other).
 *
 * @see dips.md §3.11 for 3
 */
export function likeness(dip: RememberedDip<unknown>, finding: NightFinding<unknown>): 0 | 1 | 2 | 3 {
  if (dip.touchpoint !== finding.touchpoint || dip.question !== finding.question) return 0
  const shape = dip.shape.shown
  if (sharedWeekdays(shape.weekdays, finding.weekdays) === 0) return 0
  const isSameWindow = slotJaccard(shape, finding) >= LEAST_JACCARD
  const isSameOnset = onsetsOverlap(dip.onset.shown, finding.onset)
  if (isClosed(dip)) return isSameWindow ? 3 : 0
  if (isSameWindow && isSameOnset) return 3
  if (isSameWindow) return 2
  const isBeside = shape.startSlot <= finding.endSlot && finding.startSlot <= shape.endSlot
  return isBeside && isSameOnset ? 1 : 0
}

/** A finding of a closed dip that began after its end, and not when the dip itself did. */
export function isRelapse(dip: RememberedDip<unknown>, { onset }: NightFinding<unknown>): boolean {
  if (!isClosed(dip) || dip.endDay === null || onset.day === null) return false
  return onset.day >= dip.endDay && !onsetsOverlap(dip.onset.shown, onset)
}
