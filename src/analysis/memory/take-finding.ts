import { dipStateOfScan } from '../dips/dip-state.ts'
import type { DipShape, NightFinding, OnsetClaim, RememberedDip } from './remembered-dip.ts'
import { type Steady, settle, startSteady } from './steady.ts'

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

/** The dip with tonight's finding of it taken in: what is shown of it settles. */
export function takeFinding<Details>(
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

export function shapeOf({ startSlot, endSlot, weekdays }: DipShape): DipShape {
  return { startSlot, endSlot, weekdays }
}

function isSameShape(a: DipShape, b: DipShape): boolean {
  return a.startSlot === b.startSlot && a.endSlot === b.endSlot && a.weekdays?.join() === b.weekdays?.join()
}

function isSameOnset(a: OnsetClaim, b: OnsetClaim): boolean {
  return a.day === b.day && a.low === b.low && a.high === b.high && a.isOpen === b.isOpen
}
