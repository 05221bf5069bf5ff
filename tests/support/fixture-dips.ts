/** Dips, peaks and notices for the pages' fixtures, one for each thing that can be said of one. */
import type {
  DipFix,
  DipItem,
  DipReport,
  NoticeItem,
  PeakItem,
  PlaceDipItem,
  TouchpointReport,
} from '../../src/contracts/http/dips.ts'
import { certaintyOf, formatDipSentence, formatInsufficient } from '../../src/words/dip-sentence.ts'
import { formatNoticeable, formatStanding } from '../../src/words/dip-standing.ts'
import { formatNotice } from '../../src/words/notice-sentence.ts'
import { formatPeak } from '../../src/words/peak-sentence.ts'
import { fixtureIds, fixturePeriod, listFixtureTouchpoints } from './fixture-figures.ts'

/** Fixes that were entered on the page, by dip. */
export type EnteredFixes = ReadonlyMap<string, string>

type Timed = Omit<PlaceDipItem, 'id' | 'kind' | 'place' | 'placeName' | 'sentence' | 'standing' | 'certainty'>

const base: Timed = {
  question: 'visit',
  state: 'confirmed',
  trend: 'steady',
  weekdays: [1, 2, 3, 4, 5],
  startHour: 10,
  endHour: 11,
  onset: '2026-10-19',
  onsetLow: '2026-10-15',
  onsetHigh: '2026-10-22',
  onsetOpen: false,
  ended: null,
  endedOn: null,
  index: 58.4,
  usual: 76.9,
  rawDepth: 18.5,
  depth: 16.2,
  ciLow: 11.8,
  ciHigh: 21.3,
  p: 1.2e-9,
  q: 3e-7,
  rank: 1,
  presses: 812,
  days: 25,
  daysBelow: 23,
  inside: [351, 130, 85, 246],
  around: [3906, 912, 301, 820],
  firstFound: '2026-10-30',
  lastFound: '2026-11-21',
  confirmedOn: '2026-11-02',
  withMisuse: { presses: 840, index: 57.1, usual: 76.2 },
  fix: null,
  toldAt: null,
}
const shallow = { rawDepth: 6.9, depth: 4.8, ciLow: 1.2, ciHigh: 8.9, index: 70.2, usual: 77.1 }
const tooEarly: DipFix = {
  fixDate: '2026-11-12',
  verdict: 'too-early',
  decidedOn: null,
  days: 7,
  remaining: { depth: 3.4, lower: -1.8, upper: 8.6 },
  moreDays: 6,
}

type Placed = Timed & { id: string; touchpoint: string }
const dips: readonly Placed[] = [
  { ...base, id: 'd-1', touchpoint: fixtureIds.planted },
  {
    ...{ ...base, ...shallow, id: 'd-2', touchpoint: fixtureIds.suspected, state: 'suspected', trend: null },
    ...{ weekdays: null, startHour: 15, endHour: 17, onset: null, onsetLow: null, onsetHigh: null, onsetOpen: true },
    ...{ p: 0.002, q: 0.13, presses: 402, days: 56, daysBelow: 38, confirmedOn: null, firstFound: '2026-11-17' },
    ...{
      inside: [240, 66, 22, 74],
      around: [1500, 350, 120, 301],
      withMisuse: { presses: 402, index: 70.2, usual: 77 },
    },
  },
  {
    ...{ ...base, ...shallow, id: 'd-3', touchpoint: fixtureIds.fading, trend: 'fading', weekdays: [6], q: 0.004 },
    ...{ presses: 290, days: 8, daysBelow: 7, startHour: 13, endHour: 14, fix: tooEarly },
    withMisuse: { presses: 296, index: 69.9, usual: 77 },
  },
  {
    ...{ ...base, id: 'd-4', touchpoint: fixtureIds.over, state: 'over', trend: null, startHour: 17, endHour: 19 },
    ...{ onset: '2026-10-05', onsetLow: '2026-10-02', onsetHigh: '2026-10-08' },
    ...{ ended: '2026-11-06', endedOn: '2026-11-07', lastFound: '2026-11-15' },
  },
  {
    ...{ ...base, ...shallow, id: 'd-5', touchpoint: fixtureIds.folded, startHour: 12, endHour: 13, presses: 210 },
    withMisuse: { presses: 214, index: 70.1, usual: 77 },
    toldAt: { kind: 'place', id: 'hakaniemi', name: 'Hakaniemi', dip: 'p-1' },
  },
]
const storeDip: Timed = {
  ...base,
  ...shallow,
  startHour: 12,
  endHour: 13,
  presses: 1630,
  q: 0.0004,
  withMisuse: { presses: 1661, index: 69.8, usual: 76.9 },
}

function tell<Dip extends Timed & { id: string }>(dip: Dip, language: string, fixes: EnteredFixes) {
  const entered = fixes.get(dip.id)
  const fresh = { verdict: null, decidedOn: null, days: 0, remaining: null, moreDays: null }
  const fix = entered === undefined ? null : entered === dip.fix?.fixDate ? dip.fix : { fixDate: entered, ...fresh }
  return {
    ...dip,
    fix,
    certainty: certaintyOf(dip.q),
    sentence: formatDipSentence(dip, language),
    standing: formatStanding({ ...dip, fix }, fixturePeriod.to, language),
  }
}

/** The fixes that are entered from the start. */
export const listFixtureFixes = (): Map<string, string> =>
  new Map(dips.flatMap(({ id, fix }) => (fix ? [[id, fix.fixDate] as const] : [])))

function listPeaks(language: string): PeakItem[] {
  const peak = {
    ...{ trend: null, weekdays: [6, 7], startHour: 9, endHour: 11, onset: '2026-10-10' },
    ...{ index: 86.3, usual: 78.8, rawHeight: 7.5, height: 6.1, ciLow: 2.4, ciHigh: 10.8, p: 2e-6, q: 4e-4 },
    ...{ presses: 420, days: 13, daysAbove: 12 },
  }
  const at = { kind: 'touchpoint', at: fixtureIds.quiet, name: 'Exit, ground floor', placeName: 'Hakaniemi' } as const
  return [{ ...at, question: 'visit', ...peak, certainty: certaintyOf(peak.q), sentence: formatPeak(peak, language) }]
}

function listNotices(language: string): NoticeItem[] {
  const { to: date } = fixturePeriod
  const zone = 'Europe/Helsinki'
  const where = { touchpoint: fixtureIds.quiet, touchpointName: 'Exit, ground floor', placeName: 'Hakaniemi', date }
  const silence = { kind: 'silence', startHour: 14, endHour: 17, expected: 23.6, q: 0.004 } as const
  const run = { kind: 'same-value', terminal: 't-hakaniemi-1', presses: 24 } as const
  const [fromMs, toMs] = [Date.parse(`${date}T12:02:10Z`), Date.parse(`${date}T12:03:05Z`)]
  const closed = { kind: 'closed-hour', startHour: 6, endHour: 7, presses: 3 } as const
  const say = (facts: Parameters<typeof formatNotice>[0]) => formatNotice(facts, language)
  return [
    { ...where, ...silence, coveredHours: 3, p: 1e-5, sentence: say({ date, zone, ...silence }) },
    {
      ...{ ...where, ...run, value: 0, from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() },
      sentence: say({ date, zone, fromMs, toMs, ...run }),
    },
    { ...where, ...closed, sentence: say({ date, zone, ...closed }) },
  ]
}

function listFindings(language: string, nowMs: number, fixes: EnteredFixes) {
  const items = new Map(listFixtureTouchpoints(nowMs).map((item) => [item.id, item]))
  const told = dips.map((dip): DipItem => {
    const item = items.get(dip.touchpoint)
    return {
      ...tell(dip, language, fixes),
      ...{ touchpointName: item?.name ?? '', place: item?.place ?? '', placeName: item?.path.at(-1) ?? '' },
      zone: item?.zone ?? '',
    }
  })
  const place = { id: 'p-1', kind: 'place', place: 'hakaniemi', placeName: 'Hakaniemi' } as const
  const places: PlaceDipItem[] = [tell({ ...storeDip, ...place }, language, fixes)]
  return { dips: told, places, peaks: listPeaks(language), notices: listNotices(language) }
}

const about = (nowMs: number) => ({
  ...fixturePeriod,
  night: fixturePeriod.to,
  asOf: new Date(nowMs - 5 * 3_600_000).toISOString(),
  fdr: 0.05,
})
const young = { touchpoint: fixtureIds.young, presses: 31, days: 3, moreDays: 30 }

export function makeFixtureDips(language: string, nowMs: number, fixes: EnteredFixes): DipReport {
  return {
    ...about(nowMs),
    touchpoints: 12,
    ...listFindings(language, nowMs, fixes),
    insufficient: [{ ...young, message: formatInsufficient(young.moreDays, language) }],
  }
}

/** @param isLooking no night was computed yet */
export function makeFixtureReport(
  id: string,
  language: string,
  nowMs: number,
  fixes: EnteredFixes,
  isLooking = false,
): TouchpointReport {
  if (isLooking) {
    const none = { from: null, to: null, night: null, verdict: null }
    return { touchpoint: id, ...about(nowMs), ...none, dips: [], places: [], peaks: [], notices: [] }
  }
  const all = listFindings(language, nowMs, fixes)
  const store = id.slice(0, -2)
  const { presses, days, moreDays } = young
  const message = formatInsufficient(moreDays, language)
  return {
    touchpoint: id,
    ...about(nowMs),
    verdict:
      id === fixtureIds.young
        ? { kind: 'insufficient', presses, days, moreDays, message }
        : { kind: 'scanned', noticeableDepth: 8.4, message: formatNoticeable(8.4, language) },
    dips: all.dips.filter(({ touchpoint }) => touchpoint === id),
    places: all.places.filter(({ place }) => place === store),
    peaks: all.peaks.filter(({ at }) => at === id),
    notices: all.notices.filter(({ touchpoint }) => touchpoint === id),
  }
}
