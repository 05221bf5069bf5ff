import type { NightFinding, RememberedDip } from './remembered-dip.ts'
import { likeness, sharedSlots, sharedWeekdays, slotJaccard } from './same-dip.ts'

type Pair<Details> = {
  dip: RememberedDip<Details>
  finding: NightFinding<Details>
  /** larger = sooner, compared one after the other */
  merits: readonly number[]
}

/** Total order of one night's findings, whatever order they came in. */
export function compareFindings(a: NightFinding<unknown>, b: NightFinding<unknown>): number {
  return (
    compareText(a.touchpoint, b.touchpoint) ||
    compareText(a.question, b.question) ||
    a.startSlot - b.startSlot ||
    a.endSlot - b.endSlot ||
    compareText(a.weekdays?.join('') ?? '', b.weekdays?.join('') ?? '') ||
    a.q - b.q ||
    (a.onset.day ?? -1) - (b.onset.day ?? -1)
  )
}

/**
 * Tells which finding continues which remembered dip, each at most once: the likeliest pairs first, then those that
 * share most (so that of a dip that splits the larger part keeps the id), then the longer known dip.
 *
 * @param findings in the order of `compareFindings`
 * @returns finding per dip id; findings that continue nothing are not in it
 */
export function matchFindings<Details>(
  dips: readonly RememberedDip<Details>[],
  findings: readonly NightFinding<Details>[],
): Map<string, NightFinding<Details>> {
  const pairs = dips.flatMap((dip) =>
    findings.flatMap((finding) => {
      const sure = likeness(dip, finding)
      return sure === 0 ? [] : [{ dip, finding, merits: meritsOf(dip, finding, sure) }]
    }),
  )
  pairs.sort((a, b) => compareMerits(a, b) || compareText(a.dip.id, b.dip.id) || compareFindings(a.finding, b.finding))
  const matched = new Map<string, NightFinding<Details>>()
  const taken = new Set<NightFinding<Details>>()
  for (const { dip, finding } of pairs) {
    if (matched.has(dip.id) || taken.has(finding)) continue
    matched.set(dip.id, finding)
    taken.add(finding)
  }
  return matched
}

function meritsOf(dip: RememberedDip<unknown>, finding: NightFinding<unknown>, sure: number): number[] {
  const shape = dip.shape.shown
  const weekdays = sharedWeekdays(shape.weekdays, finding.weekdays)
  const isOpen = dip.endDay === null ? 1 : 0
  return [
    sure,
    isOpen,
    weekdays * sharedSlots(shape, finding),
    slotJaccard(shape, finding),
    -finding.q,
    dip.confirmedNight === null ? 0 : 1,
    -dip.firstNight,
  ]
}

function compareMerits({ merits: a }: Pair<unknown>, { merits: b }: Pair<unknown>): number {
  for (let i = 0; i < a.length; i++) {
    const by = (b[i] as number) - (a[i] as number)
    if (by !== 0) return by
  }
  return 0
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
