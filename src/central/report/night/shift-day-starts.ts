import type { DipShape, RememberedDip } from '../../../analysis/memory/remembered-dip.ts'
import type { DipMemory } from '../../../analysis/remember-dips.ts'
import { SLOTS } from '../../../analysis/touchpoint-cells.ts'

/**
 * Remembered hours as slots of tonight's days: with other opening hours a curve's days may begin at another hour of the
 * clock, and a dip stays where it is on the clock.
 *
 * @param shiftOf slots to add for a curve; 0 = its days begin when they did
 */
export function shiftDayStarts<Details>(
  memory: DipMemory<Details>,
  shiftOf: (id: string, question: string) => number,
): DipMemory<Details> {
  const dips = memory.dips.map((dip): RememberedDip<Details> => {
    const shift = shiftOf(dip.touchpoint, dip.question)
    if (shift === 0) return dip
    const { shown, next, nights } = dip.shape
    return { ...dip, shape: { shown: shifted(shown, shift), next: next && shifted(next, shift), nights } }
  })
  return { ...memory, dips }
}

/** What would lie over the day's end is cut there. */
function shifted(shape: DipShape, shift: number): DipShape {
  const startSlot = (shape.startSlot + shift + SLOTS) % SLOTS
  return { ...shape, startSlot, endSlot: Math.min(SLOTS, startSlot + shape.endSlot - shape.startSlot) }
}
