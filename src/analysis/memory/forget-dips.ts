import { isClosed, type RememberedDip } from './remembered-dip.ts'
import { onsetsOverlap, sharedWeekdays } from './same-dip.ts'

/** A dip that neither was found nor came back for as long is history. */
const REMEMBERED_NIGHTS = 400
/** Nights without a finding of its own after which a dip inside another one's hours is part of that one. */
const MERGED_NIGHTS = 7
/** Dips of one touchpoint and question; a scan finds three a night at most. */
const MOST_DIPS = 12

/** Leaves out dips that became part of others, that are long past, and the least of a touchpoint's beyond a dozen. */
export function forgetDips<Details>(dips: readonly RememberedDip<Details>[], night: number): RememberedDip<Details>[] {
  const recent = dips.filter(({ lastFoundNight }) => night - lastFoundNight <= REMEMBERED_NIGHTS)
  const own = recent.filter((dip) => !recent.some((other) => isPartOf(dip, other)))
  const byTouchpoint = new Map<string, RememberedDip<Details>[]>()
  for (const dip of own) {
    const key = JSON.stringify([dip.touchpoint, dip.question])
    byTouchpoint.set(key, [...(byTouchpoint.get(key) ?? []), dip])
  }
  return [...byTouchpoint.values()].flatMap((ofOne) => ofOne.sort(compareWorth).slice(0, MOST_DIPS))
}

function isPartOf(dip: RememberedDip<unknown>, other: RememberedDip<unknown>): boolean {
  if (dip === other || isClosed(dip) || isClosed(other) || dip.fix !== null) return false
  if (dip.touchpoint !== other.touchpoint || dip.question !== other.question) return false
  const inner = dip.shape.shown
  const outer = other.shape.shown
  return (
    dip.quietNights >= MERGED_NIGHTS &&
    other.quietNights === 0 &&
    inner.startSlot >= outer.startSlot &&
    inner.endSlot <= outer.endSlot &&
    sharedWeekdays(inner.weekdays, outer.weekdays) > 0 &&
    onsetsOverlap(dip.onset.shown, other.onset.shown)
  )
}

/** Running before closed, confirmed before suspected, lately found before long ago. */
function compareWorth(a: RememberedDip<unknown>, b: RememberedDip<unknown>): number {
  return (
    Number(isClosed(a)) - Number(isClosed(b)) ||
    Number(b.confirmedNight !== null) - Number(a.confirmedNight !== null) ||
    b.lastFoundNight - a.lastFoundNight ||
    a.firstNight - b.firstNight ||
    (a.id < b.id ? -1 : 1)
  )
}
