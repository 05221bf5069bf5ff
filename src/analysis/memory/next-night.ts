import { dipStateOfScan } from '../dips/dip-state.ts'
import type { FixVerdict } from '../dips/fix-verdict.ts'
import { isClosed, type NightFinding, type RememberedDip } from './remembered-dip.ts'
import { isRelapse } from './same-dip.ts'
import { startSteady } from './steady.ts'
import { shapeOf, takeFinding } from './take-finding.ts'

/** What a night says of one dip. */
export type DipNews<Details> = {
  night: number
  /** q ≤ .20, or null where it was not found */
  finding: NightFinding<Details> | null
  /** the touchpoint had enough data for a verdict */
  isJudged: boolean
  /** the fix that was entered, as checked tonight (`checkFix`); null = it was taken back, undefined = none was checked */
  fix: { fixDay: number; verdict: FixVerdict } | null | undefined
  /** first day since when the dip seems over (`seemsOver`), or null */
  overSince: number | null
  /** first day since when a fixed or over dip seems to be back (`seemsBack`), or null */
  backSince: number | null
}

/** A suspicion is dropped after as many nights without it. */
const SUSPICION_NIGHTS = 7
/** Of any kind: with too little data for a verdict all that it was found in has left the period scanned by then. */
const UNSEEN_NIGHTS = 56
/** A dip that is over may look running for a night by chance. */
const SURE_NIGHTS = 3

/**
 * A remembered dip after one more night; null = a suspicion that came to nothing.
 *
 * @see dips.md §3.7 step 20, §3.8 steps 22 and 23, §3.11 (states)
 */
export function nextNight<Details>(dip: RememberedDip<Details>, news: DipNews<Details>): RememberedDip<Details> | null {
  return isClosed(dip) ? nextClosed(dip, news) : nextOpen(dip, news)
}

function nextOpen<Details>(
  before: RememberedDip<Details>,
  { night, finding, isJudged, fix, overSince }: DipNews<Details>,
): RememberedDip<Details> | null {
  const dip = { ...(finding === null ? missed(before, isJudged) : takeFinding(before, finding, night)) }
  const isOfEarlier = fix && before.episodeFrom !== null && fix.fixDay <= before.episodeFrom
  dip.fix = keptFix(before.fix, isOfEarlier ? undefined : fix)
  if (dip.fix?.verdict === 'gone') return { ...dip, state: 'fixed', endDay: dip.fix.fixDay }
  if (dip.state === 'suspected') {
    const isGone = dip.quietNights >= SUSPICION_NIGHTS || night - dip.lastFoundNight >= UNSEEN_NIGHTS
    return isGone && dip.fix?.verdict !== 'too-early' ? null : dip
  }
  if (dip.fix?.verdict === 'too-early' || overSince === null) return dip
  return { ...dip, state: 'over', endDay: overSince }
}

function nextClosed<Details>(before: RememberedDip<Details>, news: DipNews<Details>): RememberedDip<Details> {
  const { night, finding, backSince } = news
  const dip = before.state === 'fixed' ? withOtherFix(before, news.fix) : before
  if (!isClosed(dip)) return nextOpen(dip, news) ?? dip
  const isRunning = finding !== null && finding.endedDay === null && dipStateOfScan(finding.q) === 'confirmed'
  if (isRunning && isRelapse(dip, finding)) return { ...startAgain(dip, finding, night), state: 'back' }
  if (backSince !== null && backSince >= (dip.endDay ?? 0)) {
    const onset = { day: backSince, low: backSince, high: backSince, isOpen: false }
    return { ...reopened(dip, night), state: 'back', onset: startSteady(onset) }
  }
  const runningNights = isRunning ? dip.runningNights + 1 : 0
  // It had not ended after all. A verdict on a fix stays: half a dip that is left is not the dip that was.
  if (dip.state === 'over' && runningNights >= SURE_NIGHTS) {
    return {
      ...reopened(dip, night),
      state: 'confirmed',
      episodeFrom: dip.episodeFrom,
      confirmedNight: dip.confirmedNight ?? night,
    }
  }
  return { ...dip, runningNights }
}

/** People corrected the day of a fix that had worked, or took it back: what was said of it no longer stands. */
function withOtherFix<Details>(dip: RememberedDip<Details>, fix: DipNews<Details>['fix']): RememberedDip<Details> {
  if (fix === undefined || fix?.fixDay === dip.fix?.fixDay) return dip
  if (fix === null) return { ...dip, state: 'over', fix: null }
  if (fix.verdict === 'gone') return { ...dip, endDay: fix.fixDay, fix }
  const state = dip.episodeFrom !== null ? 'back' : dip.confirmedNight !== null ? 'confirmed' : 'suspected'
  return { ...dip, state, endDay: null, fix, quietNights: 0 }
}

function reopened<Details>(dip: RememberedDip<Details>, night: number): RememberedDip<Details> {
  const fresh = { quietNights: 0, runningNights: 0, endedDay: null, endDay: null, fix: null, episodeFrom: dip.endDay }
  return { ...dip, ...fresh, lastFoundNight: night }
}

function startAgain<Details>(
  dip: RememberedDip<Details>,
  finding: NightFinding<Details>,
  night: number,
): RememberedDip<Details> {
  return {
    ...reopened(dip, night),
    confirmedNight: night,
    shape: startSteady(shapeOf(finding)),
    onset: startSteady(finding.onset),
    trend: startSteady(finding.trend),
    details: finding.details,
  }
}

function missed<Details>(dip: RememberedDip<Details>, isJudged: boolean): RememberedDip<Details> {
  return { ...dip, quietNights: dip.quietNights + (isJudged ? 1 : 0) }
}

function keptFix(kept: RememberedDip<unknown>['fix'], fix: DipNews<unknown>['fix']): RememberedDip<unknown>['fix'] {
  if (fix === null) return null
  const isDecided = kept !== null && kept.verdict !== 'too-early' && (fix === undefined || fix.fixDay === kept.fixDay)
  return isDecided ? kept : (fix ?? null)
}
