import type { Catalogue } from '../../store/catalogue.ts'
import { dayStartOf } from '../day-start.ts'
import { addDays } from '../local-date.ts'
import { periodDays, type TouchpointPlan } from '../touchpoint-plan.ts'
import { type Curve, curveKey } from './curve.ts'
import { dateOfDay } from './day-number.ts'
import type { CurveKind } from './night-report.ts'
import { placesAbove } from './places-above.ts'

/** All curves of a night, each kind by key. Touchpoints whose question nobody has defined yet have none. */
export function planCurves(catalogue: Catalogue, night: number): Record<CurveKind, Curve[]> {
  const plans = planTouchpoints(catalogue, dateOfDay(night))
  const above = placesAbove(catalogue.places)
  const beneath = new Map<string, TouchpointPlan[]>()
  for (const plan of plans) {
    for (const place of above.get(plan.touchpoint.place) ?? []) {
      const plansOf = beneath.get(place)
      if (plansOf) plansOf.push(plan)
      else beneath.set(place, [plan])
    }
  }
  const places = [...catalogue.places].sort(byId)
  const curvesOf = (isChain: boolean) =>
    places
      .filter(({ parent }) => (parent === null) === isChain)
      .flatMap(({ id }) => placeCurves(isChain ? 'chain' : 'place', id, beneath.get(id) ?? []))
  return { touchpoint: plans.map(touchpointCurve), place: curvesOf(false), chain: curvesOf(true) }
}

function planTouchpoints(catalogue: Catalogue, to: string): TouchpointPlan[] {
  const from = addDays(to, 1 - periodDays)
  return [...catalogue.touchpoints.values()].sort(byId).flatMap((touchpoint) => {
    const survey = catalogue.surveys.get(touchpoint.question)?.at(-1)
    return survey ? [{ touchpoint, survey, dayStart: dayStartOf(touchpoint, to), from, to }] : []
  })
}

function touchpointCurve(plan: TouchpointPlan): Curve {
  const { touchpoint, survey, dayStart } = plan
  const { id, question, zone } = touchpoint
  const members = [{ plan, shiftSlots: 0 }]
  return { kind: 'touchpoint', id, question, key: id, dayStart, zone, scaleMax: survey.scaleMax, members }
}

/** One for each question that two touchpoints ask; hours of the clock are those of the commonest member. */
function placeCurves(kind: CurveKind, id: string, plans: readonly TouchpointPlan[]): Curve[] {
  const questions = [...new Set(plans.map(({ touchpoint }) => touchpoint.question))].sort()
  return questions.flatMap((question): Curve[] => {
    const asked = plans.filter(({ touchpoint }) => touchpoint.question === question)
    const scaleMax = asked[0]?.survey.scaleMax
    if (asked.length < 2 || scaleMax === undefined) return []
    const dayStart = commonest(asked.map((plan) => plan.dayStart))
    const zone = commonest(asked.filter((plan) => plan.dayStart === dayStart).map(({ touchpoint }) => touchpoint.zone))
    const members = asked.map((plan) => ({ plan, shiftSlots: plan.dayStart - dayStart }))
    return [{ kind, id, question, key: curveKey(id, question), dayStart, zone, scaleMax, members }]
  })
}

/** Of equally common ones the least. */
function commonest<T extends string | number>(values: readonly T[]): T {
  const counts = new Map<T, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]?.[0] as T
}

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}
