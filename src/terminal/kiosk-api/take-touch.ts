import type { TouchPress } from '../../contracts/http/kiosk.ts'
import { makeProblem } from './problem-reply.ts'

export type TouchOptions = {
  /** Highest value of a survey this terminal has offered, null for any other. */
  scaleOf: (question: string, revision: number) => number | null
  /** Returns after the COMMIT. */
  store: (press: TouchPress) => 'stored' | 'repeat' | 'full'
}

/**
 * Stores a touch press. A press of a survey that has been replaced meanwhile still counts, for what was shown.
 *
 * @throws problem 422 for what was never offered, 507 when it could not be stored and the page shall try again
 */
export function takeTouch(press: TouchPress, { scaleOf, store }: TouchOptions): void {
  const scaleMax = scaleOf(press.question, press.surveyRevision)
  if (scaleMax === null) {
    throw makeProblem(422, `question ${press.question} revision ${press.surveyRevision} was never offered here`)
  }
  if (press.value > scaleMax) throw makeProblem(422, `value ${press.value} is above the scale's ${scaleMax}`)
  if (store(press) === 'full')
    throw makeProblem(507, 'The terminal cannot store presses now; try again with the same id.')
}
