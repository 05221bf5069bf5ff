import type { RememberedDip } from '../../analysis/remember-dips.ts'
import type { DipFix } from '../../contracts/http/dips.ts'
import { dayOfDate } from './night/day-number.ts'
import type { DipDetails, DipNote } from './night/night-report.ts'

/**
 * What is known of a fix: as checked by the last night; without a verdict where it was entered since.
 *
 * @param entered first local date on which it was in force; undefined when nobody entered one
 * @returns null without a fix, and for one of an episode before the dip came back
 */
export function buildDipFix(
  dip: RememberedDip<DipDetails>,
  note: DipNote | undefined,
  entered: string | undefined,
): DipFix | null {
  if (entered === undefined) return null
  const fixDay = dayOfDate(entered)
  if (dip.episodeFrom !== null && fixDay <= dip.episodeFrom) return null
  const checked = note?.fix?.fixDate === entered ? note.fix.check : null
  // A verdict once reached stays, whatever later days say.
  const kept = dip.fix?.fixDay === fixDay && dip.fix.verdict !== 'too-early' ? dip.fix.verdict : null
  return {
    fixDate: entered,
    verdict: kept ?? checked?.verdict ?? null,
    decidedOn: checked?.decidedDate ?? null,
    days: checked?.days ?? 0,
    remaining: checked?.remaining ?? null,
    moreDays: kept ? 0 : (checked?.moreDays ?? null),
  }
}
