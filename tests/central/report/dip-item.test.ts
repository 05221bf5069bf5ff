import { describe, expect, it } from 'vitest'
import type { FoundDip } from '../../../src/analysis/find-dips.ts'
import { buildDipItem } from '../../../src/central/report/build-dip-item.ts'
import type { TouchpointPlan } from '../../../src/central/report/touchpoint-plan.ts'

const dip: FoundDip = {
  id: 'bar',
  weekdays: [5],
  startSlot: 13,
  endSlot: 15,
  onsetDay: 8,
  onsetLowDay: 7,
  onsetHighDay: 9,
  onsetOpen: false,
  endedDay: null,
  index: 60,
  usual: 75,
  rawDepth: 15,
  depth: 12,
  ciLow: 8,
  ciHigh: 16,
  p: 1e-6,
  q: 1e-5,
  rank: 1,
  presses: 100,
  days: 5,
  daysBelow: 5,
  inside: [1, 2, 3, 4],
  around: [5, 6, 7, 8],
  state: 'confirmed',
  trend: 'steady',
}
const plan: TouchpointPlan = {
  touchpoint: {
    id: 'bar',
    place: 'p',
    name: 'Bar',
    zone: 'UTC',
    question: 'q',
    openingHours: [],
    exceptions: [],
    lights: null,
  },
  survey: { question: 'q', revision: 1, scaleMax: 3, texts: [] },
  dayStart: 10,
  from: '2025-03-03',
  to: '2025-04-27',
}
const build = (change: Partial<FoundDip>, dayStart = 10) =>
  buildDipItem({ ...dip, ...change }, { ...plan, dayStart }, 'Harbour', 'en')

describe('a dip in the report', () => {
  it('has hours by the clock on the wall, also past midnight', () => {
    expect(build({})).toMatchObject({ startHour: 23, endHour: 1, id: 'bar.q.23-1.5' })
    expect(build({ startSlot: 12, endSlot: 14 })).toMatchObject({ startHour: 22, endHour: 24 })
    expect(build({ startSlot: 14, endSlot: 16 })).toMatchObject({ startHour: 0, endHour: 2 })
    expect(build({ startSlot: 23, endSlot: 24 }, 0)).toMatchObject({ startHour: 23, endHour: 24 })
  })

  it('has dates, and counts best first', () => {
    expect(build({})).toMatchObject({
      onset: '2025-03-11',
      onsetLow: '2025-03-10',
      onsetHigh: '2025-03-12',
      inside: [4, 3, 2, 1],
      around: [8, 7, 6, 5],
    })
    expect(build({ onsetDay: null, onsetOpen: true, onsetLowDay: 0 })).toMatchObject({ onset: null, onsetLow: null })
  })

  it('is over when a confirmed one has ended', () => {
    expect(build({}).state).toBe('confirmed')
    expect(build({ endedDay: 40 })).toMatchObject({ state: 'over', ended: '2025-04-12' })
    expect(build({ endedDay: 40, state: 'suspected' }).state).toBe('suspected')
  })
})
