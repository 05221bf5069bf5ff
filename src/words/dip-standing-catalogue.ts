import type { DipCertainty } from './dip-sentence-catalogue.ts'

/** What is left of a dip after a fix; points, also written out for the reader. */
type Remainder = { points: number; shown: string; low: string; high: string }

/** The figures of a peak's sentence, rounded for people. */
type PeakFigures = {
  index: number
  usual: number
  height: number
  low: number
  high: number
  daysAbove: number
  days: number
}

/** What one language needs to tell how a dip stands, and of what else a night noticed. Dates, times and hours come written out. */
export type DipStandingCatalogue = {
  over(since: string): string
  back(since: string): string
  trends: Record<'growing' | 'steady' | 'fading', string>
  /** Where the dip is told in place of here. */
  toldAt: Record<'place' | 'chain', (name: string) => string>
  /** No night has looked at the fix yet. */
  fixNoted(date: string): string
  fixTooEarly(date: string, left: string | null, moreDays: number | null): string
  fixGone(date: string, left: string | null): string
  fixStillThere(date: string, left: string | null): string
  left(remainder: Remainder): string
  noticeable(points: number): string
  noticeableUnknown: string
  peak(parts: { time: string; weekdays: string; hours: string; figures: PeakFigures; certainty: string }): string
  certainty: Record<DipCertainty, string>
  silence(parts: { date: string; hours: string; expected: string; certainty: string }): string
  /** Whole sentences. */
  silenceCertainty: Record<DipCertainty, string>
  sameValue(parts: { date: string; from: string; to: string; presses: string; terminal: string }): string
  closedHour(parts: { date: string; hours: string; count: number; presses: string }): string
}

/** The parts that there are, one after the other. */
export const joinParts = (parts: readonly (string | null)[], mark: string): string =>
  parts.filter((part) => part !== null).join(mark)
