import type { TouchpointPlan } from '../touchpoint-plan.ts'
import type { CurveName } from './night-report.ts'

/** A touchpoint of a curve; `shiftSlots` is the local hour of its slot 0 minus that of the curve's. */
type CurveMember = { plan: TouchpointPlan; shiftSlots: number }

/** A curve of hours as it is laid out on one night. */
export type Curve = CurveName & {
  /** Names the curve within its kind. */
  key: string
  dayStart: number
  zone: string
  scaleMax: number
  /** By id; a touchpoint's curve has itself alone. */
  members: readonly CurveMember[]
}

/** Names a curve within its kind; a place has one for each question. */
export function curveKey(id: string, question: string): string {
  return `${id} ${question}`
}
