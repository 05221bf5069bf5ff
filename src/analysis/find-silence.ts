// Finds touchpoints that fell silent on a day although their terminal worked: hours without a single press where, going by
// the weekday, the hour and how busy that day was, there should have been some (a covered button, a moved box).
// In: all presses and the covered hours of a fleet's touchpoints, the last day being the one in question. Out: runs of
// silence with expected presses, p and q of that one night. Touchpoints of which too little is known are named.
// Promises: pure; presses are expected with the touchpoint's own spread between hours and days, never as if by chance alone.
import { benjaminiHochberg } from './benjamini-hochberg.ts'
import { negativeBinomialTail } from './negative-binomial-tail.ts'
import { type CoveredPresses, checkCovered } from './silence/covered-presses.ts'
import { dayFactor } from './silence/day-factor.ts'
import { type PressSpread, pressSpread, sumDay } from './silence/press-spread.ts'
import { type SilentRun, silentRuns, sumRun } from './silence/silent-runs.ts'
import { type UsualPresses, usualPresses } from './silence/usual-presses.ts'
import { SLOTS } from './touchpoint-cells.ts'

export type { CoveredPresses } from './silence/covered-presses.ts'

/** A run of silence worth telling. Slots in between that were not covered are part of it. */
type Silence = {
  id: string
  startSlot: number
  /** exclusive */
  endSlot: number
  /** hours in which the terminal is known to have worked */
  coveredHours: number
  /** presses such hours bring on such a day */
  expected: number
  /** of the touchpoint: counts every place a run could have begun */
  p: number
  /** Benjamini-Hochberg over the touchpoints judged that night */
  q: number
}

export type SilenceScan = {
  /** q ≤ fdr, smallest q first, then by id */
  silent: Silence[]
  /** ids with no covered hour that is known well enough */
  insufficient: string[]
}

const LEAST_HOURS = 2
const LEAST_EXPECTED = 15

type Judged = { id: string; run: SilentRun | null; expected: number; p: number }

/**
 * Looks for silence on the last day of each touchpoint.
 *
 * A touchpoint's p is that of its least likely run of 2 h or 15 expected presses, times the hours in which it could have
 * begun (Bonferroni): P(no press) of a negative binomial whose variance adds the spread of hours, the doubt about the
 * day's factor and the doubt about the means.
 *
 * @param touchpoints ids are distinct; 8 weeks of past are plenty, a weekday needs 3 covered days to count
 * @param fdr accepted share of false alarms, in (0, 1)
 * @throws RangeError when arrays do not fit or fdr is outside (0, 1)
 * @see dips.md §3.11; Hilbe 2011, Negative Binomial Regression (NB2)
 */
export function findSilence(touchpoints: readonly CoveredPresses[], { fdr }: { fdr: number }): SilenceScan {
  if (!(fdr > 0 && fdr < 1)) throw new RangeError('fdr must be inside (0, 1)')
  touchpoints.forEach(checkCovered)
  const family = [...touchpoints].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
  const looked = family.map((presses) => ({ id: presses.id, judged: judge(presses) }))
  const judged = looked.flatMap(({ judged: one }) => (one === null ? [] : [one]))
  const q = benjaminiHochberg(judged.map(({ p }) => p))
  const silent = judged.flatMap(({ id, run, expected, p }, i) => {
    if (run === null || (q[i] as number) > fdr) return []
    const { startSlot, endSlot, slots } = run
    return [{ id, startSlot, endSlot, coveredHours: slots.length, expected, p, q: q[i] as number }]
  })
  silent.sort((a, b) => a.q - b.q || a.p - b.p)
  return { silent, insufficient: looked.filter((one) => one.judged === null).map(({ id }) => id) }
}

function judge(presses: CoveredPresses): Judged | null {
  const usual = usualPresses(presses)
  const places = knownHours(presses, usual)
  if (places === 0) return null
  const spread = pressSpread(presses, usual)
  let least: Judged = { id: presses.id, run: null, expected: 0, p: 1 }
  for (const run of silentRuns(presses)) {
    const { hours, expected, size } = expectRun(presses, usual, spread, run)
    if (expected === 0 || (hours < LEAST_HOURS && expected < LEAST_EXPECTED)) continue
    const p = Math.min(1, places * negativeBinomialTail(0, expected, size))
    if (p < least.p) least = { id: presses.id, run, expected, p }
  }
  return least
}

/** Covered hours of the last day whose mean is known. */
function knownHours(presses: CoveredPresses, usual: UsualPresses): number {
  const slots = Array.from({ length: SLOTS }, (_, slot) => slot)
  return slots.filter((slot) => sumDay(presses, usual, presses.days - 1, (other) => other !== slot).expected > 0).length
}

/** Presses a run should have brought, and the size of the negative binomial with that mean and its variance. */
function expectRun(
  presses: CoveredPresses,
  usual: UsualPresses,
  spread: PressSpread,
  run: SilentRun,
): { hours: number; expected: number; size: number } {
  const { hours, mean, squares, doubt } = sumRun(presses, usual, spread, run)
  if (mean === 0) return { hours, expected: 0, size: 1 }
  const others = sumDay(presses, usual, presses.days - 1, (slot) => run.slots.includes(slot))
  const factor = dayFactor(others, spread)
  const expected = mean * factor.mean
  const ofHours = spread.ofHours * squares * (factor.mean ** 2 + factor.variance)
  const beyondChance = ofHours + factor.variance * mean ** 2 + doubt * factor.mean ** 2
  return { hours, expected, size: expected ** 2 / beyondChance }
}
