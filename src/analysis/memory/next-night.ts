import { dipStateOfScan } from '../dips/dip-state.ts'
import type { FixVerdict } from '../dips/fix-verdict.ts'
import { type DipShape, isClosed, type NightFinding, type OnsetClaim, type RememberedDip } from './remembered-dip.ts'
import { isRelapse } from './same-dip.ts'
import { type Steady, settle, startSteady } from './steady.ts'

/** What a night says of one dip. */
export type DipNews<Details> = {
  night: number
  /** q ≤ .20, or null where it was not found */
  finding: NightFinding<Details> | null
  /** the touchpoint had enough data for a verdict */
  isJudged: boolean
  /** the fix that was entered, as checked tonight (`checkFix`) */
  fix: { fixDay: number; verdict: FixVerdict } | null
  /** first day since when the dip seems over (`seemsOver`), or null */
  overSince: number | null
  /** first day since when a fixed or over dip seems to be back (`seemsBack`), or null */
  backSince: number | null
}

/** A suspicion is dropped after as many nights without it. */
const SUSPICION_NIGHTS = 7
/** A dip that is over may look running for a night by chance. */
const SURE_NIGHTS = 3
/** A trend rests on 14 days: within less than half of them it does not change its mind. */
const TREND_NIGHTS = 7

/** A dip's first night. */
export function startDip<Details>(
  id: string,
  night: number,
  finding: NightFinding<Details>,
): RememberedDip<Details> | null {
  const state = dipStateOfScan(finding.q)
  if (state === null) return null
  return {
    id,
    touchpoint: finding.touchpoint,
    question: finding.question,
    state,
    firstNight: night,
    lastFoundNight: night,
    confirmedNight: state === 'confirmed' ? night : null,
    quietNights: 0,
    endedDay: finding.endedDay,
    runningNights: 0,
    shape: startSteady(shapeOf(finding)),
    onset: startSteady(finding.onset),
    trend: startSteady(finding.trend),
    fix: null,
    endDay: null,
    episodeFrom: null,
    details: finding.details,
  }
}

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
  const dip = { ...(finding === null ? missed(before, isJudged) : found(before, finding, night)) }
  const isOfEarlier = fix !== null && before.episodeFrom !== null && fix.fixDay <= before.episodeFrom
  dip.fix = keptFix(before.fix, isOfEarlier ? null : fix)
  if (dip.fix?.verdict === 'gone') return { ...dip, state: 'fixed', endDay: dip.fix.fixDay }
  if (dip.state === 'suspected') {
    return dip.quietNights >= SUSPICION_NIGHTS && dip.fix?.verdict !== 'too-early' ? null : dip
  }
  if (dip.fix?.verdict === 'too-early' || overSince === null) return dip
  return { ...dip, state: 'over', endDay: overSince }
}

function nextClosed<Details>(
  dip: RememberedDip<Details>,
  { night, finding, backSince }: DipNews<Details>,
): RememberedDip<Details> {
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

function found<Details>(
  dip: RememberedDip<Details>,
  finding: NightFinding<Details>,
  night: number,
): RememberedDip<Details> {
  const shape = settle(dip.shape, shapeOf(finding), isSameShape)
  const isConfirmed = dipStateOfScan(finding.q) === 'confirmed'
  return {
    ...dip,
    state: dip.state === 'suspected' && isConfirmed ? 'confirmed' : dip.state,
    confirmedNight: dip.confirmedNight ?? (isConfirmed ? night : null),
    lastFoundNight: night,
    quietNights: 0,
    endedDay: finding.endedDay,
    shape,
    onset: settleOnset(dip.onset, finding.onset),
    trend: settle(dip.trend, finding.trend, (a, b) => a === b, TREND_NIGHTS),
    details: isSameShape(shape.shown, finding) ? finding.details : dip.details,
  }
}

/** The period scanned moves on, and a dip's first days leave it: what was known of its onset stays known. */
function settleOnset(steady: Steady<OnsetClaim>, onset: OnsetClaim): Steady<OnsetClaim> {
  const { shown } = steady
  const isVaguer = onset.isOpen && !shown.isOpen && shown.low <= onset.high
  return isVaguer ? startSteady(shown) : settle(steady, onset, isSameOnset)
}

function keptFix(kept: RememberedDip<unknown>['fix'], fix: DipNews<unknown>['fix']): RememberedDip<unknown>['fix'] {
  const isDecided = kept !== null && kept.verdict !== 'too-early' && (fix === null || fix.fixDay === kept.fixDay)
  return isDecided ? kept : fix
}

function shapeOf({ startSlot, endSlot, weekdays }: DipShape): DipShape {
  return { startSlot, endSlot, weekdays }
}

function isSameShape(a: DipShape, b: DipShape): boolean {
  return a.startSlot === b.startSlot && a.endSlot === b.endSlot && a.weekdays?.join() === b.weekdays?.join()
}

function isSameOnset(a: OnsetClaim, b: OnsetClaim): boolean {
  return a.day === b.day && a.low === b.low && a.high === b.high && a.isOpen === b.isOpen
}
