import type { RememberedDip } from '../../analysis/remember-dips.ts'
import type { DipItem, PlaceDipItem } from '../../contracts/http/dips.ts'
import { buildTimedDip } from './build-timed-dip.ts'
import type { DipDetails } from './night/night-report.ts'
import { findLayout, nameOfCurve, type ToldNight } from './told-night.ts'

/**
 * A touchpoint's remembered dip with where it is and how it stands.
 *
 * @returns null for a dip of a touchpoint that is gone; one of a question that is not asked there any more is past
 */
export function buildDipItem(dip: RememberedDip<DipDetails>, told: ToldNight): DipItem | null {
  const touchpoint = told.catalogue.touchpoints.get(dip.touchpoint)
  const layout = findLayout(told.night, { kind: 'touchpoint', id: dip.touchpoint, question: dip.question })
  if (!touchpoint || !layout) return null
  return {
    id: dip.id,
    touchpoint: touchpoint.id,
    touchpointName: touchpoint.name,
    place: touchpoint.place,
    placeName: nameOfCurve(told.catalogue, 'place', touchpoint.place) ?? '',
    zone: touchpoint.zone,
    ...buildTimedDip(dip, layout, told),
  }
}

/** The same for a dip in the presses of a place or chain. */
export function buildPlaceDipItem(
  dip: RememberedDip<DipDetails>,
  kind: 'place' | 'chain',
  told: ToldNight,
): PlaceDipItem | null {
  const placeName = nameOfCurve(told.catalogue, kind, dip.touchpoint)
  const layout = findLayout(told.night, { kind, id: dip.touchpoint, question: dip.question })
  if (placeName === null || !layout) return null
  return { id: dip.id, kind, place: dip.touchpoint, placeName, ...buildTimedDip(dip, layout, told) }
}
