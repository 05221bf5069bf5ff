import type { DipReport, TouchpointReport } from '../../contracts/http/dips.ts'
import type { Reach } from './access.ts'

type Told = Pick<DipReport, 'dips' | 'places' | 'peaks' | 'notices'>

/** What of a report lies within a caller's subtree; a dip that is told above it stands on its own. */
function limitTold({ dips, places, peaks, notices }: Told, reach: Reach): Told {
  return {
    dips: dips
      .filter(({ touchpoint }) => reach.touchpoint(touchpoint))
      .map((dip) => (dip.toldAt === null || reach.place(dip.toldAt.id) ? dip : { ...dip, toldAt: null })),
    places: places.filter(({ place }) => reach.place(place)),
    peaks: peaks.filter(({ kind, at }) => (kind === 'touchpoint' ? reach.touchpoint(at) : reach.place(at))),
    notices: notices.filter(({ touchpoint }) => reach.touchpoint(touchpoint)),
  }
}

/** @param touchpoints how many the caller reaches */
export function limitDips(report: DipReport, reach: Reach, touchpoints: number): DipReport {
  const insufficient = report.insufficient.filter(({ touchpoint }) => reach.touchpoint(touchpoint))
  return { ...report, ...limitTold(report, reach), touchpoints, insufficient }
}

export function limitTouchpointReport(report: TouchpointReport, reach: Reach): TouchpointReport {
  return { ...report, ...limitTold(report, reach) }
}

/** A dip's id begins with that of its touchpoint or place, which holds no dot. */
export function reachesDip(id: string, reach: Reach): boolean {
  const at = id.split('.')[0] ?? ''
  return reach.touchpoint(at) || reach.place(at)
}
