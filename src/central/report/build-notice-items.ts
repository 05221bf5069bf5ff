import type { NoticeItem } from '../../contracts/http/dips.ts'
import { formatNotice } from '../../words/notice-sentence.ts'
import type { NightCurve } from './night/night-report.ts'
import { nameOfCurve, type ToldNight } from './told-night.ts'

const instant = (ms: number): string => new Date(ms).toISOString()

/** What was odd at a touchpoint on the night's day; none for other curves. */
export function buildNoticeItems(curve: NightCurve, { catalogue, night, language }: ToldNight): NoticeItem[] {
  const touchpoint = curve.kind === 'touchpoint' ? catalogue.touchpoints.get(curve.id) : undefined
  if (!touchpoint) return []
  const { zone } = curve
  const date = night.to
  const where = {
    touchpoint: touchpoint.id,
    touchpointName: touchpoint.name,
    placeName: nameOfCurve(catalogue, 'place', touchpoint.place) ?? '',
    date,
  }
  const say = (facts: Parameters<typeof formatNotice>[0]) => formatNotice(facts, language)
  return [
    ...curve.silence.map((silence): NoticeItem => {
      const kind = 'silence'
      return { kind, ...where, ...silence, sentence: say({ kind, date, zone, ...silence }) }
    }),
    ...curve.sameValueRuns.map(({ fromMs, toMs, ...run }): NoticeItem => {
      const kind = 'same-value'
      const sentence = say({ kind, date, zone, fromMs, toMs, ...run })
      return { kind, ...where, ...run, from: instant(fromMs), to: instant(toMs), sentence }
    }),
    ...curve.closedHours.map(({ hour, presses }): NoticeItem => {
      const kind = 'closed-hour'
      const closed = { startHour: hour, endHour: hour + 1, presses }
      return { kind, ...where, ...closed, sentence: say({ kind, date, zone, ...closed }) }
    }),
  ]
}
