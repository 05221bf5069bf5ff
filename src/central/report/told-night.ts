import type { Catalogue } from '../store/catalogue.ts'
import type { CurveKind, CurveLayout, CurveName, NightCurve, NightReport } from './night/night-report.ts'

/** A night's report with what is needed to tell of it. */
export type ToldNight = {
  catalogue: Catalogue
  night: NightReport
  /** Fixes that people entered, by dip: the first local date on which each was in force. */
  fixes: ReadonlyMap<string, string>
  /** BCP 47, of the sentences. */
  language: string
}

/** Nights are looked up again with every request; each is a fresh object that nobody changes. */
const curvesOf = new WeakMap<NightReport, Map<string, NightCurve>>()

const nameCurve = ({ kind, id, question }: CurveName): string => `${kind} ${id} ${question}`

/** @returns null for a curve that the night did not look at */
export function findCurve(night: NightReport, name: CurveName): NightCurve | null {
  let curves = curvesOf.get(night)
  if (!curves) {
    curves = new Map(night.curves.map((curve) => [nameCurve(curve), curve]))
    curvesOf.set(night, curves)
  }
  return curves.get(nameCurve(name)) ?? null
}

/** How the hours of a remembered dip lie; null where nobody knows any more. `isPast` = its question is not asked there now. */
export function findLayout(night: NightReport, name: CurveName): (CurveLayout & { isPast: boolean }) | null {
  const curve = findCurve(night, name)
  if (curve) return { ...curve, isPast: false }
  const past = night.pastCurves?.find((one) => nameCurve(one) === nameCurve(name))
  return past ? { ...past, isPast: true } : null
}

/** Name of the place or touchpoint of a curve; null when it is gone. */
export function nameOfCurve(catalogue: Catalogue, kind: CurveKind, id: string): string | null {
  if (kind === 'touchpoint') return catalogue.touchpoints.get(id)?.name ?? null
  return catalogue.places.find((place) => place.id === id)?.name ?? null
}
