import type { DipItem, NoticeItem, PeakItem, PlaceDipItem } from '../../contracts/http/dips.ts'
import { buildDipItem, buildPlaceDipItem } from './build-dip-item.ts'
import { buildNoticeItems } from './build-notice-items.ts'
import { buildPeakItems } from './build-peak-items.ts'
import type { CurveName } from './night/night-report.ts'
import { placesAbove } from './places-above.ts'
import type { ToldNight } from './told-night.ts'

export type Findings = { dips: DipItem[]; places: PlaceDipItem[]; peaks: PeakItem[]; notices: NoticeItem[] }

type Ranked = { q: number; id: string }

/** Most certain first; the same order whatever order the night has. */
const compareDips = (a: Ranked, b: Ranked): number => a.q - b.q || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

/** Whether a curve is a touchpoint's own or of a place above it, with its question. */
function makeIsAsked({ catalogue }: ToldNight, touchpoint: string | undefined) {
  if (touchpoint === undefined) return () => true
  const own = catalogue.touchpoints.get(touchpoint)
  const above = new Set(own ? placesAbove(catalogue, own.place).map(({ id }) => id) : [])
  return ({ kind, id, question }: CurveName): boolean =>
    kind === 'touchpoint' ? id === touchpoint : above.has(id) && question === own?.question
}

/**
 * Everything a night tells.
 *
 * @param touchpoint only what concerns it: its own and what is told at the places above it; undefined = everything
 */
export function buildFindings(told: ToldNight, touchpoint: string | undefined): Findings {
  const { memories, curves } = told.night
  const isAsked = makeIsAsked(told, touchpoint)
  const dipsAt = (kind: CurveName['kind']) =>
    memories[kind].dips.filter(({ touchpoint: id, question }) => isAsked({ kind, id, question }))
  const asked = curves.filter(isAsked)
  // What is a place's sum alone is not said of it; what is told further up says so itself.
  const isKnownHere = ({ id, toldAt }: PlaceDipItem) => toldAt !== null || told.night.notes[id]?.isTold !== false
  return {
    dips: dipsAt('touchpoint')
      .map((dip) => buildDipItem(dip, told))
      .filter((item) => item !== null)
      .sort(compareDips),
    places: (['chain', 'place'] as const)
      .flatMap((kind) => dipsAt(kind).map((dip) => buildPlaceDipItem(dip, kind, told)))
      .filter((item) => item !== null)
      .filter(isKnownHere)
      .sort(compareDips),
    peaks: asked.flatMap((curve) => buildPeakItems(curve, told)),
    notices: asked.flatMap((curve) => buildNoticeItems(curve, told)),
  }
}
