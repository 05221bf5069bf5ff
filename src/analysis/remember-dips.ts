// What the nightly report knows of a dip beyond one night: its identity, its state, and what of it has been published.
// In: the memory after the last night, tonight's findings (every dip with q up to .20) and what was checked of the dips
// remembered; nights and days are numbers of one calendar. Out: the memory after tonight.
// Promises: pure, and plain data in and out; the same answer whatever order dips and findings come in; a night counts once;
// a window, weekdays, an onset or a trend that is shown changes only after three equal nights; no touchpoint is
// remembered with more than a dozen dips.
import { dipStateOfScan } from './dips/dip-state.ts'
import type { FixVerdict } from './dips/fix-verdict.ts'
import { forgetDips } from './memory/forget-dips.ts'
import { compareFindings, matchFindings } from './memory/match-findings.ts'
import { nextNight } from './memory/next-night.ts'
import type { DipMemory, NightFinding, RememberedDip } from './memory/remembered-dip.ts'
import { startDip } from './memory/take-finding.ts'

export type { DipMemory, NightFinding, RememberedDip } from './memory/remembered-dip.ts'

/** What one night brought. Maps are by the id of a remembered dip; a dip that is not in them was not checked. */
export type DipNight<Details> = {
  /** last complete day of the scan */
  night: number
  findings: readonly NightFinding<Details>[]
  /** false = too little data for a verdict tonight: no dip is dropped for not being found there */
  isJudged: (touchpoint: string, question: string) => boolean
  /** fixes that people entered, as checked tonight (`checkFix`); null = the one a dip had was taken back */
  fixes: ReadonlyMap<string, { fixDay: number; verdict: FixVerdict } | null>
  /** dips that seem over, with the first day without (`seemsOver`) */
  overSince: ReadonlyMap<string, number>
  /** fixed or over dips that seem to be back, with the first day (`seemsBack`) */
  backSince: ReadonlyMap<string, number>
}

/**
 * Takes one night into the memory. A night that was taken in already, or an earlier one, changes nothing: to repeat a night
 * with late data, start again from the memory before it.
 *
 * @param nameDip id of a dip seen for the first time; must differ between findings of one night and between nights
 * @see dips.md §3.7 step 20 and §3.11
 */
export function rememberDips<Details>(
  memory: DipMemory<Details>,
  tonight: DipNight<Details>,
  nameDip: (finding: NightFinding<Details>, night: number) => string,
): DipMemory<Details> {
  const { night } = tonight
  if (memory.night !== null && night <= memory.night) return memory
  const findings = tonight.findings.filter(({ q }) => dipStateOfScan(q) !== null).sort(compareFindings)
  const matched = matchFindings(memory.dips, findings)
  const kept = memory.dips.flatMap((dip) => {
    const next = nextNight(dip, {
      night,
      finding: matched.get(dip.id) ?? null,
      isJudged: tonight.isJudged(dip.touchpoint, dip.question),
      fix: tonight.fixes.get(dip.id),
      overSince: tonight.overSince.get(dip.id) ?? null,
      backSince: tonight.backSince.get(dip.id) ?? null,
    })
    return next === null ? [] : [next]
  })
  const continued = new Set(matched.values())
  const started = findings.flatMap((finding): RememberedDip<Details>[] => {
    const dip = continued.has(finding) ? null : startDip(nameDip(finding, night), night, finding)
    return dip === null ? [] : [dip]
  })
  const dips = forgetDips([...kept, ...started], night)
  return { night, dips: dips.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)) }
}
