import type { RememberedDip } from '../../src/analysis/remember-dips.ts'
import { dayOfDate } from '../../src/central/report/night/day-number.ts'
import type { DipDetails, DipNote, NightCurve, NightReport } from '../../src/central/report/night/night-report.ts'
import type { ToldNight } from '../../src/central/report/told-night.ts'
import type { Catalogue } from '../../src/central/store/catalogue.ts'

const day = dayOfDate

/** Of the touchpoint `bar`, Fridays in slots 13 and 14. */
export const rememberedDip: RememberedDip<DipDetails> = {
  ...{ id: 'bar.q.23-1.5.2025-03-30', touchpoint: 'bar', question: 'q', state: 'confirmed' },
  ...{ firstNight: day('2025-03-30'), lastFoundNight: day('2025-04-27'), confirmedNight: day('2025-04-02') },
  ...{ quietNights: 0, endedDay: null, runningNights: 0, fix: null, endDay: null, episodeFrom: null },
  shape: { shown: { startSlot: 13, endSlot: 15, weekdays: [5] }, next: null, nights: 0 },
  onset: {
    shown: { day: day('2025-03-11'), low: day('2025-03-10'), high: day('2025-03-12'), isOpen: false },
    ...{ next: null, nights: 0 },
  },
  trend: { shown: 'steady', next: null, nights: 0 },
  details: {
    ...{ index: 60, usual: 75, rawDepth: 15, depth: 12, ciLow: 8, ciHigh: 16, p: 1e-6, q: 1e-5, rank: 1 },
    ...{ presses: 100, days: 5, daysBelow: 5, inside: [4, 3, 2, 1], around: [8, 7, 6, 5] },
    ...{ withMisuse: { presses: 104, index: 59, usual: 75 }, tau2: 4 },
  },
}

export const catalogue: Catalogue = {
  rev: 1,
  places: [
    { id: 'chain', parent: null, name: 'Kaari', kind: 'chain' },
    { id: 'p', parent: 'chain', name: 'Harbour', kind: 'store' },
  ],
  touchpoints: new Map(
    ['bar', 'till'].map((id) => [
      id,
      {
        ...{ id, place: 'p', name: id === 'bar' ? 'Bar' : 'Till', zone: 'UTC', question: 'q' },
        ...{ openingHours: [], exceptions: [], lights: null },
      },
    ]),
  ),
  surveys: new Map([['q', [{ question: 'q', revision: 1, scaleMax: 3, texts: [] }]]]),
  placements: new Map(),
}

export function makeCurve(change: Partial<NightCurve>): NightCurve {
  return {
    ...{ kind: 'touchpoint', id: 'bar', question: 'q', dayStart: 10, zone: 'UTC', scaleMax: 3 },
    verdict: { kind: 'scanned', p: 1e-6, q: 1e-5, noticeableDepth: 8.4 },
    ...{ peaks: [], silence: [], sameValueRuns: [], closedHours: [] },
    ...change,
  }
}

export function makeNight(change: Partial<NightReport>): NightReport {
  const to = '2025-04-27'
  const none = { night: day(to), dips: [] }
  return {
    ...{ from: '2025-03-03', to, night: day(to) },
    memories: { touchpoint: none, place: none, chain: none },
    ...{ notes: {}, curves: [makeCurve({})] },
    ...change,
  }
}

type Told = {
  dip: RememberedDip<DipDetails>
  note?: DipNote | undefined
  fixes: Map<string, string>
  dayStart: number
  language: string
}

/** A night that remembers one dip. */
export function makeToldNight({ dip, note, fixes, dayStart, language }: Told): ToldNight {
  const memory = { night: day('2025-04-27'), dips: [dip] }
  const none = { night: memory.night, dips: [] }
  const memories = { touchpoint: memory, place: none, chain: none }
  const night = makeNight({ memories, notes: note ? { [dip.id]: note } : {}, curves: [makeCurve({ dayStart })] })
  return { catalogue, night, fixes, language }
}
