import { type CheckedDip, checkFix, seemsBack, seemsOver } from '../../../analysis/check-fix.ts'
import type { FixCheck, FixVerdict } from '../../../analysis/dips/fix-verdict.ts'
import { isClosed } from '../../../analysis/memory/remembered-dip.ts'
import type { RememberedDip } from '../../../analysis/remember-dips.ts'
import { periodDays } from '../touchpoint-plan.ts'
import type { CellSource } from './cell-source.ts'
import type { Curve } from './curve.ts'
import { dateOfDay } from './day-number.ts'
import { lastPressDay } from './last-press-day.ts'
import type { DipDetails, DipNote } from './night-report.ts'

/** What a night says of the dips that are remembered, by id. */
export type DipChecks = {
  /** null = taken back */
  fixes: Map<string, { fixDay: number; verdict: FixVerdict } | null>
  overSince: Map<string, number>
  backSince: Map<string, number>
  notes: Map<string, NonNullable<DipNote['fix']>>
}

/** Days before the onset that tell how the window is without the dip. */
const healthyDays = 28
/** How far back is looked at most. */
const mostDays = 400
/** Nights after which the dips of a curve that is no more are over; a suspicion is dropped then, too. */
const goneNights = 7

/**
 * Checks remembered dips before a night is taken in.
 *
 * @param curveOf null = there is no such curve any more
 * @param fixDays first days on which entered fixes are in force, by id of the dip
 */
export async function checkDips(
  dips: readonly RememberedDip<DipDetails>[],
  night: number,
  {
    curveOf,
    fixDays,
    counted,
  }: {
    curveOf: (dip: RememberedDip<DipDetails>) => Curve | null
    fixDays: ReadonlyMap<string, number>
    counted: CellSource
  },
): Promise<DipChecks> {
  const checks: DipChecks = { fixes: new Map(), overSince: new Map(), backSince: new Map(), notes: new Map() }
  // The one that reaches back furthest first: what is read for it serves all of its curve.
  const reach = (dip: RememberedDip<DipDetails>) => firstDayOf(dip, night, fixOf(dip, fixDays))
  for (const dip of dips.toSorted((a, b) => reach(a) - reach(b))) {
    const curve = curveOf(dip)
    if (dip.fix !== null) noteCorrected(checks, dip.id, fixDays.get(dip.id), night)
    if (curve) await checkDip(checks, dip, night, curve, fixOf(dip, fixDays), counted)
    else if (!isClosed(dip) && dip.quietNights >= goneNights - 1) {
      checks.overSince.set(dip.id, night - dip.quietNights)
    }
  }
  return checks
}

/** A fix that a dip had may have been taken back, or was only just. */
function noteCorrected({ fixes }: DipChecks, id: string, fixDay: number | undefined, night: number): void {
  if (fixDay === undefined) fixes.set(id, null)
  else if (fixDay > night) fixes.set(id, { fixDay, verdict: 'too-early' })
}

/** Fixes up to the end of an earlier episode were fixes of that one. */
function fixOf(dip: RememberedDip<DipDetails>, fixDays: ReadonlyMap<string, number>): number | null {
  const fixDay = fixDays.get(dip.id)
  return fixDay === undefined || (dip.episodeFrom !== null && fixDay <= dip.episodeFrom) ? null : fixDay
}

async function checkDip(
  checks: DipChecks,
  dip: RememberedDip<DipDetails>,
  night: number,
  curve: Curve,
  fixDay: number | null,
  counted: CellSource,
): Promise<void> {
  const { tau2, depth } = dip.details
  const first = night - periodDays + 1
  const quiet = isClosed(dip) ? null : lastPressDay(await counted.read(curve, first, night), dip.shape.shown)
  if (quiet !== null) checks.overSince.set(dip.id, first + quiet + 1)
  const isAsked = fixDay !== null || dip.state !== 'suspected'
  if (!(depth > 0) || !isAsked) return
  const from = firstDayOf(dip, night, fixDay)
  const cells = await counted.read(curve, from, night)
  const { day } = dip.onset.shown
  const checked: CheckedDip = { ...dip.shape.shown, onsetDay: day === null ? null : day - from, depth }
  if (fixDay !== null) {
    const check = checkFix(cells, checked, fixDay - from, tau2)
    checks.notes.set(dip.id, { fixDate: dateOfDay(fixDay), check: datedCheck(check, from) })
    const isOnTrial = quiet === null || check.verdict !== 'too-early'
    if (fixDay <= night && isOnTrial) checks.fixes.set(dip.id, { fixDay, verdict: check.verdict })
  }
  if (isClosed(dip)) {
    const back = seemsBack(cells, checked, (dip.endDay as number) - from, tau2)
    if (back !== null) checks.backSince.set(dip.id, back + from)
  } else if (dip.state !== 'suspected' && quiet === null) {
    const over = seemsOver(cells, checked, dip.endedDay === null ? null : dip.endedDay - from, tau2)
    if (over !== null) checks.overSince.set(dip.id, over + from)
  }
}

/** From four weeks before the onset on, yet not from an earlier episode; a function of the dip alone, so that it is every night's. */
function firstDayOf({ onset, endDay, episodeFrom }: RememberedDip<DipDetails>, night: number, fixDay: number | null) {
  const onsetDay = onset.shown.day ?? night
  const first = Math.min(night - periodDays + 1, onsetDay - healthyDays, fixDay ?? night, endDay ?? night)
  return Math.max(first, night - mostDays + 1, Math.min(episodeFrom ?? first, onsetDay))
}

function datedCheck({ decidedDay, ...check }: FixCheck, from: number): NonNullable<DipNote['fix']>['check'] {
  return { ...check, decidedDate: decidedDay === null ? null : dateOfDay(decidedDay + from) }
}
