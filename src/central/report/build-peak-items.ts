import type { PeakItem } from '../../contracts/http/dips.ts'
import { certaintyOf } from '../../words/dip-sentence.ts'
import { formatPeak } from '../../words/peak-sentence.ts'
import type { NightCurve } from './night/night-report.ts'
import { nameOfCurve, type ToldNight } from './told-night.ts'

/** The peaks of a curve; none where its touchpoint or place is gone. */
export function buildPeakItems({ kind, id, question, peaks }: NightCurve, told: ToldNight): PeakItem[] {
  const { catalogue, language } = told
  const name = nameOfCurve(catalogue, kind, id)
  if (name === null) return []
  const place = catalogue.touchpoints.get(id)?.place
  const placeName = kind === 'touchpoint' && place !== undefined ? nameOfCurve(catalogue, 'place', place) : name
  return peaks.map((peak) => ({
    ...{ kind, at: id, name, placeName: placeName ?? '', question },
    ...peak,
    certainty: certaintyOf(peak.q),
    sentence: formatPeak(peak, language),
  }))
}
