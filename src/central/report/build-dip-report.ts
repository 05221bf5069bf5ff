import type { Static } from 'typebox'
import type { DipQuery, DipReport } from '../../contracts/http/dips.ts'
import { formatInsufficient } from '../../words/dip-sentence.ts'
import type { Catalogue } from '../store/catalogue.ts'
import { buildFindings } from './build-findings.ts'
import { limitNight, type Reach } from './limit-night.ts'
import type { NightReport } from './night/night-report.ts'

export type DipFilter = Static<typeof DipQuery>

/** What a report is told from. */
export type TellingOf = {
  /** Fixes that people entered, by dip: the first local date on which each was in force. */
  fixes: ReadonlyMap<string, string>
  /** False-discovery rate. */
  fdr: number
  asOfMs: number
  /** What whoever asks may see; nothing else is told or counted. */
  reach: Reach
}

/** What a report says of itself. */
export function describeNight(night: NightReport | null, { fdr, asOfMs }: Pick<TellingOf, 'fdr' | 'asOfMs'>) {
  const { from, to } = night ?? { from: null, to: null }
  return { from, to, night: to, asOf: new Date(asOfMs).toISOString(), fdr }
}

function listInsufficient({ curves }: NightReport, { touchpoint, language = 'en' }: DipFilter) {
  return curves.flatMap(({ kind, id, verdict }) => {
    const isAsked = kind === 'touchpoint' && (touchpoint === undefined || id === touchpoint)
    if (!isAsked || verdict.kind !== 'insufficient') return []
    const { presses, days, moreDays } = verdict
    return [{ touchpoint: id, presses, days, message: formatInsufficient(moreDays, language), moreDays }]
  })
}

/**
 * The answer to a question for dips. The filters choose what is shown; q-values always count the whole fleet.
 *
 * @param whole null while no night was computed yet
 */
export function buildDipReport(
  catalogue: Catalogue,
  whole: NightReport | null,
  filter: DipFilter,
  telling: TellingOf,
): DipReport {
  const night = whole && limitNight(whole, catalogue, telling.reach)
  const about = describeNight(night, telling)
  if (!night) {
    const touchpoints = [...catalogue.touchpoints.keys()].filter((id) => telling.reach.touchpoint(id)).length
    return { ...about, touchpoints, dips: [], places: [], peaks: [], notices: [], insufficient: [] }
  }
  const { state, touchpoint, language = 'en' } = filter
  const findings = buildFindings({ catalogue, night, fixes: telling.fixes, language }, touchpoint)
  const isAsked = (dip: { state: string }) => state === undefined || dip.state === state
  return {
    ...about,
    touchpoints: night.curves.filter(({ kind }) => kind === 'touchpoint').length,
    ...findings,
    dips: findings.dips.filter(isAsked),
    places: findings.places.filter(isAsked),
    insufficient: listInsufficient(night, filter),
  }
}
