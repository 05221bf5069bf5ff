import type { Static } from 'typebox'
import type { DipScan } from '../../analysis/find-dips.ts'
import type { DipQuery, DipReport } from '../../contracts/http/dips.ts'
import { formatInsufficient } from '../../words/dip-sentence.ts'
import type { Catalogue } from '../store/catalogue.ts'
import { buildDipItem } from './build-dip-item.ts'
import type { PlannedCells } from './cell-cache.ts'

export type DipFilter = Static<typeof DipQuery>

/**
 * The answer to a question for dips. The filters choose what is shown; q-values always count the whole fleet.
 *
 * @param family every touchpoint that took part in the scan
 */
export function buildDipReport(
  catalogue: Catalogue,
  family: readonly PlannedCells[],
  scan: DipScan,
  { state, touchpoint, language = 'en' }: DipFilter,
  { fdr, asOfMs }: { fdr: number; asOfMs: number },
): DipReport {
  const plans = new Map(family.map((planned) => [planned.touchpoint.id, planned]))
  const isAsked = (id: string) => touchpoint === undefined || id === touchpoint
  const dips = scan.found.flatMap((dip) => {
    const plan = plans.get(dip.id)
    const place = catalogue.places.find(({ id }) => id === plan?.touchpoint.place)
    return plan && isAsked(dip.id) ? [buildDipItem(dip, plan, place?.name ?? '', language)] : []
  })
  const insufficient = scan.insufficient.filter(({ id }) => isAsked(id))
  return {
    from: family.map(({ from }) => from).sort()[0] ?? null,
    to:
      family
        .map(({ to }) => to)
        .sort()
        .at(-1) ?? null,
    asOf: new Date(asOfMs).toISOString(),
    fdr,
    touchpoints: family.length,
    dips: dips.filter((dip) => state === undefined || dip.state === state),
    insufficient: insufficient.map(({ id, presses, days, moreDays }) => {
      return { touchpoint: id, presses, days, message: formatInsufficient(moreDays, language) }
    }),
  }
}
