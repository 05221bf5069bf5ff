import type { PeakScan } from '../../../analysis/as-peaks.ts'
import { periodDays } from '../touchpoint-plan.ts'
import type { Curve } from './curve.ts'
import { dateOfDay } from './day-number.ts'
import { hoursOfSlots } from './hours-of-slots.ts'
import type { NightCurve, Peak } from './night-report.ts'
import type { Notices } from './read-notices.ts'
import type { FamilyScan } from './scan-family.ts'

const noNotices: Notices = { silence: [], sameValueRuns: [], closedHours: [] }

/**
 * What a night tells of each curve of a family.
 *
 * @param notices of its day, by touchpoint
 */
export function makeNightCurves(
  { curves, dips, peaks }: FamilyScan,
  night: number,
  notices: ReadonlyMap<string, Notices>,
): NightCurve[] {
  const scanned = new Map(dips.scanned.map((one) => [one.id, one]))
  const insufficient = new Map(dips.insufficient.map((one) => [one.id, one]))
  return curves.map((curve) => ({
    ...nameOf(curve),
    verdict: verdictOf(scanned.get(curve.key), insufficient.get(curve.key)),
    peaks: peaks.filter(({ id }) => id === curve.key).map((peak) => makePeak(peak, curve, night)),
    ...((curve.kind === 'touchpoint' && notices.get(curve.id)) || noNotices),
  }))
}

function nameOf({ kind, id, question, dayStart, zone, scaleMax }: Curve) {
  return { kind, id, question, dayStart, zone, scaleMax }
}

type Scan = FamilyScan['dips']

function verdictOf(
  scanned: Scan['scanned'][0] | undefined,
  insufficient: Scan['insufficient'][0] | undefined,
): NightCurve['verdict'] {
  if (scanned) {
    const { p, q, noticeableDepth } = scanned
    return { kind: 'scanned', p, q, noticeableDepth }
  }
  const { presses, days, moreDays } = insufficient ?? { presses: 0, days: 0, moreDays: null }
  return { kind: 'insufficient', presses, days, moreDays }
}

function makePeak(peak: PeakScan['found'][0], { dayStart }: Curve, night: number): Peak {
  const { weekdays, onsetDay, index, usual, rawHeight, height, ciLow, ciHigh, p, q, presses, days, daysAbove, trend } =
    peak
  return {
    ...hoursOfSlots(peak, dayStart),
    weekdays,
    onset: onsetDay === null ? null : dateOfDay(night - periodDays + 1 + onsetDay),
    ...{ index, usual, rawHeight, height, ciLow, ciHigh, p, q, presses, days, daysAbove, trend },
  }
}
