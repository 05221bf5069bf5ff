import { SLOTS } from '../touchpoint-cells.ts'
import type { CoveredPresses } from './covered-presses.ts'
import type { PressSpread } from './press-spread.ts'
import { hourOfWeek, type UsualPresses } from './usual-presses.ts'

/** Covered hours without a press on the last day, nothing but uncovered ones between them. */
export type SilentRun = {
  startSlot: number
  /** exclusive */
  endSlot: number
  /** covered slots in it */
  slots: number[]
}

/**
 * The longest possible runs of silence on the last day. An hour that isn't covered neither breaks a run nor counts for it,
 * unless a press came in it.
 */
export function silentRuns({ days, covered, presses }: CoveredPresses): SilentRun[] {
  const runs: SilentRun[] = []
  let slots: number[] = []
  const close = (): void => {
    const first = slots[0]
    if (first !== undefined) runs.push({ startSlot: first, endSlot: (slots.at(-1) as number) + 1, slots })
    slots = []
  }
  for (let slot = 0; slot < SLOTS; slot++) {
    const cell = (days - 1) * SLOTS + slot
    if ((presses[cell] as number) > 0) close()
    else if (covered[cell] === 1) slots.push(slot)
  }
  close()
  return runs
}

/**
 * What a run should have brought before the day's factor: Σ mean, Σ mean², and the variance of the error of Σ mean, whose
 * part from good and bad past days is shared by all its hours.
 */
export function sumRun(
  { days, weekdays }: CoveredPresses,
  usual: UsualPresses,
  { ofHours, ofDays }: PressSpread,
  { slots }: SilentRun,
): { hours: number; mean: number; squares: number; doubt: number } {
  const sum = { hours: 0, mean: 0, squares: 0, doubt: 0 }
  let fewestDays = Number.POSITIVE_INFINITY
  for (const slot of slots) {
    const at = hourOfWeek(weekdays, (days - 1) * SLOTS + slot)
    const mean = usual.mean[at] as number
    const known = usual.days[at] as number
    if (mean === 0) continue
    sum.hours++
    sum.mean += mean
    sum.squares += mean ** 2
    sum.doubt += (mean + ofHours * mean ** 2) / known
    fewestDays = Math.min(fewestDays, known)
  }
  sum.doubt += (ofDays * sum.mean ** 2) / fewestDays
  return sum
}
