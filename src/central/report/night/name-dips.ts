import type { NightFinding } from '../../../analysis/remember-dips.ts'
import { dateOfDay } from './day-number.ts'
import { hoursOfSlots } from './hours-of-slots.ts'

/**
 * Names dips that are seen for the first time. An id never changes afterwards, whatever its dip becomes; it goes into
 * addresses, as ids of touchpoints and questions do.
 *
 * @param taken ids in use; new ones are added
 * @param dayStartOf local hour at which the days of a curve begin
 */
export function makeDipNames(taken: Set<string>, dayStartOf: (id: string, question: string) => number) {
  return ({ touchpoint, question, startSlot, endSlot, weekdays }: NightFinding<unknown>, night: number): string => {
    const { startHour, endHour } = hoursOfSlots({ startSlot, endSlot }, dayStartOf(touchpoint, question))
    const days = weekdays?.join('') ?? 'all'
    const plain = `${touchpoint}.${question}.${startHour}-${endHour}.${days}.${dateOfDay(night)}`
    // Two episodes in the same hours may be found in one night, and a place may be called as a touchpoint is.
    let id = plain
    for (let nth = 2; taken.has(id); nth++) id = `${plain}.${nth}`
    taken.add(id)
    return id
  }
}
