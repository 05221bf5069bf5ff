/** What one night's look at all tallies found. Plain data: it is written down as JSON, read back, and passed between threads. */
import type { DipTrend } from '../../../analysis/dips/dip-trend.ts'
import type { FixCheck } from '../../../analysis/dips/fix-verdict.ts'
import type { DipMemory } from '../../../analysis/remember-dips.ts'

/** Families of hour curves; q-values hold within one. A chain is a place without a parent. */
export type CurveKind = 'touchpoint' | 'place' | 'chain'

/** A curve's name: the id of a touchpoint or place, and the question asked there. */
export type CurveName = { kind: CurveKind; id: string; question: string }

/** What is told of a dip beside its hours, weekdays and onset; counts are presses per value, best first. */
export type DipDetails = {
  index: number
  usual: number
  /** Points, positive = worse. */
  rawDepth: number
  depth: number
  ciLow: number
  ciHigh: number
  p: number
  q: number
  rank: number
  presses: number
  days: number
  daysBelow: number
  inside: number[]
  around: number[]
  /** The same cells with misuse counted too. */
  withMisuse: { presses: number; index: number; usual: number }
  /** Natural variance of such windows in the family, points²; what checks of fixes are measured with. */
  tau2: number
}

/** Where a dip is told in place of here: the dip of a place or chain that it is part of. */
type ToldAt = { kind: 'place' | 'chain'; id: string; dip: string }

/** What tonight knows of a remembered dip beside its memory. */
export type DipNote = {
  /** False where it is told elsewhere, and of a place's dip that is only some touchpoints' or no more than a change of mix. */
  isTold: boolean
  toldAt: ToldAt | null
  /** Of a place's dip: nights in a row on which `isTold` came out the other way; left out where the last one agrees. */
  otherNights?: number
  /** As checked tonight; null where no fix was entered. */
  fix: { fixDate: string; check: Omit<FixCheck, 'decidedDay'> & { decidedDate: string | null } } | null
}

export type Peak = {
  startHour: number
  endHour: number
  weekdays: number[] | null
  onset: string | null
  index: number
  usual: number
  rawHeight: number
  height: number
  ciLow: number
  ciHigh: number
  p: number
  q: number
  presses: number
  days: number
  daysAbove: number
  trend: DipTrend | null
}

/** A stretch of the night's day without a press, though the terminal worked. */
type SilentStretch = {
  startHour: number
  endHour: number
  coveredHours: number
  expected: number
  p: number
  q: number
}

/** Successive presses of one value on one device on the night's day. Listed, never judged. */
export type SameValueRun = { terminal: string; value: number; presses: number; fromMs: number; toMs: number }

/** Presses of the night's day in an hour outside opening hours. Listed, never judged. */
type ClosedHour = { hour: number; presses: number }

export type NightCurve = CurveName & {
  /** Local hour at which its business days begin, and the zone its hours are of. */
  dayStart: number
  zone: string
  scaleMax: number
  verdict:
    | { kind: 'scanned'; p: number; q: number; noticeableDepth: number | null }
    /** Days since its first press; `moreDays` null where no rate is known. */
    | { kind: 'insufficient'; presses: number; days: number; moreDays: number | null }
  peaks: Peak[]
  /** Of touchpoints only; else empty. */
  silence: SilentStretch[]
  sameValueRuns: SameValueRun[]
  closedHours: ClosedHour[]
}

/** Where the days of a curve begin, and the zone its hours are of. */
export type CurveLayout = Pick<NightCurve, keyof CurveName | 'dayStart' | 'zone'>

export type NightReport = {
  /** Business dates looked at, both included; the same for all curves. */
  from: string
  to: string
  /** Days since 1970-01-01 of `to`: what the memories call a night. */
  night: number
  /** After this night. In them, `touchpoint` is the curve's id. */
  memories: Record<CurveKind, DipMemory<DipDetails>>
  /** By dip id; every dip of the memories is in it. */
  notes: Record<string, DipNote>
  /** By kind, id and question. */
  curves: NightCurve[]
  /** Of dips that are remembered though their curve is no more: another question is asked there now. Left out = none. */
  pastCurves?: CurveLayout[]
}

/** A fix that people entered: the first local date on which it was in force. */
export type EnteredFix = { dip: string; fixDate: string }
