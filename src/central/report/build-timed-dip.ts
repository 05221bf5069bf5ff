import type { RememberedDip } from '../../analysis/remember-dips.ts'
import { certaintyOf, formatDipSentence } from '../../words/dip-sentence.ts'
import { formatStanding } from '../../words/dip-standing.ts'
import { buildDipFix } from './build-dip-fix.ts'
import { dateOfDay } from './night/day-number.ts'
import { hoursOfSlots } from './night/hours-of-slots.ts'
import type { DipDetails } from './night/night-report.ts'
import { nameOfCurve, type ToldNight } from './told-night.ts'

type Layout = { dayStart: number; isPast: boolean }

const dateOrNull = (day: number | null): string | null => (day === null ? null : dateOfDay(day))

function spanOf({ onset: { shown }, endDay, endedDay, lastFoundNight }: RememberedDip<DipDetails>, isPast: boolean) {
  const lastDay = endDay === null ? (endedDay ?? (isPast ? lastFoundNight : null)) : endDay - 1
  return {
    onset: dateOrNull(shown.day),
    onsetLow: shown.isOpen ? null : dateOfDay(shown.low),
    onsetHigh: dateOfDay(shown.high),
    onsetOpen: shown.isOpen,
    ended: dateOrNull(lastDay),
  }
}

/** Where the dip is told in place of here, with the name of that place. */
function toldAtOf(dip: RememberedDip<DipDetails>, { catalogue, night }: ToldNight) {
  const toldAt = night.notes[dip.id]?.toldAt
  return toldAt ? { ...toldAt, name: nameOfCurve(catalogue, toldAt.kind, toldAt.id) ?? toldAt.id } : null
}

/**
 * A remembered dip as every report tells it: what is shown of it, not what one night found.
 *
 * @param layout of its hours; a dip in answers to a question that is asked no more does not run
 */
export function buildTimedDip(dip: RememberedDip<DipDetails>, { dayStart, isPast }: Layout, told: ToldNight) {
  const { night, language } = told
  const { withMisuse, tau2, ...figures } = dip.details
  const weekdays = dip.shape.shown.weekdays && [...dip.shape.shown.weekdays]
  const when = { weekdays, ...hoursOfSlots(dip.shape.shown, dayStart), ...spanOf(dip, isPast) }
  const { state } = dip
  const isClosed = state === 'fixed' || state === 'over'
  const standing = {
    state,
    trend: isClosed || isPast ? null : dip.trend.shown,
    endedOn: isClosed ? dateOrNull(dip.endDay) : null,
    fix: buildDipFix(dip, night.notes[dip.id], told.fixes.get(dip.id)),
    toldAt: toldAtOf(dip, told),
  }
  return {
    question: dip.question,
    ...standing,
    ...when,
    ...figures,
    certainty: certaintyOf(figures.q),
    firstFound: dateOfDay(dip.firstNight),
    lastFound: dateOfDay(dip.lastFoundNight),
    confirmedOn: dateOrNull(dip.confirmedNight),
    withMisuse,
    sentence: formatDipSentence({ ...when, ...figures }, language),
    standing: formatStanding({ ...standing, onset: when.onset }, night.to, language),
  }
}
