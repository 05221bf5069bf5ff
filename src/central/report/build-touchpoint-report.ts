import type { TouchpointReport } from '../../contracts/http/dips.ts'
import { formatInsufficient } from '../../words/dip-sentence.ts'
import { formatNoticeable } from '../../words/dip-standing.ts'
import type { Catalogue, Touchpoint } from '../store/catalogue.ts'
import { describeNight, type TellingOf } from './build-dip-report.ts'
import { buildFindings } from './build-findings.ts'
import { limitNight } from './limit-night.ts'
import type { NightCurve, NightReport } from './night/night-report.ts'
import { findCurve } from './told-night.ts'

function verdictOf({ verdict }: NightCurve, language: string): TouchpointReport['verdict'] {
  if (verdict.kind === 'insufficient') return { ...verdict, message: formatInsufficient(verdict.moreDays, language) }
  const { kind, noticeableDepth } = verdict
  return { kind, noticeableDepth, message: formatNoticeable(noticeableDepth, language) }
}

/**
 * All that is known of one touchpoint, its place and its chain.
 *
 * @param whole null while no night was computed yet
 * @param language BCP 47, of the sentences
 */
export function buildTouchpointReport(
  catalogue: Catalogue,
  whole: NightReport | null,
  { id, question }: Touchpoint,
  language: string,
  telling: TellingOf,
): TouchpointReport {
  const night = whole && limitNight(whole, catalogue, telling.reach)
  const about = { touchpoint: id, ...describeNight(night, telling) }
  if (!night) return { ...about, verdict: null, dips: [], places: [], peaks: [], notices: [] }
  const curve = findCurve(night, { kind: 'touchpoint', id, question })
  const findings = buildFindings({ catalogue, night, fixes: telling.fixes, language }, id)
  return { ...about, verdict: curve && verdictOf(curve, language), ...findings }
}
