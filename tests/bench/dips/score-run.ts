import type { PlantedDip } from './draw-dip.ts'
import type { Finding, FindingDetail } from './finding.ts'

/** What is known of one touchpoint that a method was judged on. */
export type Truth = { dips: readonly PlantedDip[]; pressesPerDay: number; openWeekdays: readonly number[] }

/** A planted dip, and what became of it. */
export type Outcome = {
  depth: number
  pressesPerDay: number
  isFound: boolean
  /** Jaccard overlap of hours; null where it was not found */
  hourOverlap: number | null
  /** all of these null too where the method names hours only */
  weekdayOverlap: number | null
  onsetErrorDays: number | null
  isOnsetCovered: boolean | null
  isDepthCovered: boolean | null
}

export type RunScore = { findings: number; falseFindings: number; touchpoints: number; outcomes: Outcome[]; ms: number }

/**
 * Compares what a method claims with what was planted. A claim is true when the touchpoint has a dip with an hour, and for methods
 * that say so a weekday and a day, in common with it. A dip claimed twice counts once as found.
 */
export function scoreRun(truths: readonly Truth[], findings: readonly Finding[], ms: number): RunScore {
  const isTrue = (finding: Finding): boolean => {
    const { dips } = truths[finding.touchpoint] as Truth
    return dips.some((dip) => isSame(dip, finding))
  }
  const outcomes = truths.flatMap((truth, touchpoint) => {
    const own = findings.filter((finding) => finding.touchpoint === touchpoint)
    return truth.dips.map((dip) => judge(truth, dip, own))
  })
  const falseFindings = findings.filter((finding) => !isTrue(finding)).length
  return { findings: findings.length, falseFindings, touchpoints: truths.length, outcomes, ms }
}

function isSame(dip: PlantedDip, { startSlot, endSlot, detail }: Finding): boolean {
  if (startSlot >= dip.endSlot || endSlot <= dip.startSlot) return false
  if (detail === null) return true
  const hasWeekday = detail.weekdays === null || detail.weekdays.some((weekday) => dip.weekdays.includes(weekday))
  return hasWeekday && detail.onsetDay < dip.endDay && detail.endDay > dip.firstDay
}

function judge({ pressesPerDay, openWeekdays }: Truth, dip: PlantedDip, own: readonly Finding[]): Outcome {
  const hits = own.filter((finding) => isSame(dip, finding))
  const best = hits.toSorted((a, b) => overlapOfHours(dip, b) - overlapOfHours(dip, a))[0]
  const detail = best?.detail ?? null
  return {
    depth: dip.depth,
    pressesPerDay,
    isFound: best !== undefined,
    hourOverlap: best === undefined ? null : overlapOfHours(dip, best),
    weekdayOverlap: detail === null ? null : overlapOfWeekdays(dip, detail, openWeekdays),
    onsetErrorDays: detail === null ? null : Math.abs(detail.onsetDay - dip.firstDay),
    isOnsetCovered: detail === null ? null : isOnsetCovered(dip, detail),
    isDepthCovered: detail === null ? null : detail.depthLow <= dip.depth && dip.depth <= detail.depthHigh,
  }
}

function overlapOfHours(dip: PlantedDip, { startSlot, endSlot }: Finding): number {
  const shared = Math.min(endSlot, dip.endSlot) - Math.max(startSlot, dip.startSlot)
  return Math.max(0, shared) / (Math.max(endSlot, dip.endSlot) - Math.min(startSlot, dip.startSlot))
}

function overlapOfWeekdays(dip: PlantedDip, { weekdays }: FindingDetail, openWeekdays: readonly number[]): number {
  const said = weekdays ?? openWeekdays
  return said.filter((day) => dip.weekdays.includes(day)).length / new Set([...said, ...dip.weekdays]).size
}

function isOnsetCovered({ firstDay }: PlantedDip, { onsetLowDay, onsetHighDay, onsetOpen }: FindingDetail): boolean {
  if (firstDay === 0) return onsetOpen
  return (onsetOpen || onsetLowDay <= firstDay) && firstDay <= onsetHighDay
}
