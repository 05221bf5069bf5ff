import Value from 'typebox/value'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLabels } from '../../../src/central/labels/open-labels.ts'
import type { Touchpoint } from '../../../src/central/store/catalogue.ts'
import type { Store, TallyChange } from '../../../src/central/store/port.ts'
import { HourProfile, LiveCount, TouchpointItem } from '../../../src/contracts/http/touchpoints.ts'
import { systemClock } from '../../../src/shared/clock.ts'
import {
  makePress,
  openTempStore,
  putTouchpoints,
  question,
  storePresses,
  type TempStore,
} from '../../support/central-store.ts'
import { openLocalReport } from '../../support/open-local-report.ts'
import { silentLogger } from '../../support/silent-logger.ts'

let temp: TempStore
let store: Store
let now = ''
const clock = { wallMs: () => Date.parse(now), monoMs: () => 0 }

const tally = (
  localDate: string,
  hour: number,
  value: number,
  delta: number,
  more: Partial<TallyChange> = {},
): TallyChange => {
  return { touchpoint: 't1', question, localDate, hour, offsetMinutes: 120, class: 'counted', value, delta, ...more }
}
const putTallies = (changes: readonly TallyChange[]) => store.transact((writer) => writer.changeTallies(changes))

/** Stores presses at UTC instants as ingest and labels do. */
async function press(zone: string, times: readonly string[], value = 3): Promise<void> {
  const presses = times.map((time, i) => makePress({ sequence: i + 1, utcMs: Date.parse(time), value }, zone))
  await storePresses(store, presses)
  const labels = openLabels({ store, clock: systemClock, logger: silentLogger, onRelabelled: () => {} })
  await labels.drain()
  await labels.close()
}

async function readProfile(
  query: { from?: string; to?: string; class?: 'raw' | 'counted' } = {},
): Promise<HourProfile> {
  const answer = await openLocalReport({ store, clock }).readHourProfile('t1', query)
  if (!answer.ok) throw new Error(answer.detail)
  expect(Value.Errors(HourProfile, answer.profile)).toEqual([])
  return answer.profile
}

const filled = ({ hours }: HourProfile) =>
  hours.filter(({ presses }) => presses > 0).map(({ hour, presses, days }) => ({ hour, presses, days }))
const allWeek = (openMinute: number, closeMinute: number): Touchpoint['openingHours'] => [
  {
    validFrom: '2020-01-01',
    intervals: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, openMinute, closeMinute })),
  },
]

beforeEach(async () => {
  temp = await openTempStore()
  store = temp.store
  now = '2025-04-28T09:00:00Z'
})
afterEach(async () => temp.remove())

describe('the hour profile', () => {
  it('is of the last 56 complete business days, counts best first, figures without data null', async () => {
    await putTouchpoints(store, [{ id: 't1', openingHours: allWeek(8 * 60, 20 * 60) }])
    await putTallies([
      tally('2025-04-27', 10, 3, 6),
      tally('2025-04-27', 10, 0, 2),
      tally('2025-04-28', 10, 0, 99),
      tally('2025-03-03', 11, 2, 1),
      tally('2025-03-02', 11, 2, 99),
      tally('2025-04-27', 22, 0, 99),
      tally('2025-04-27', 10, 0, 5, { class: 'raw' }),
      tally('2025-04-27', 10, 3, 6, { class: 'raw' }),
      tally('2025-03-03', 11, 2, 1, { class: 'raw' }),
    ])
    const profile = await readProfile()
    expect(profile).toMatchObject({ from: '2025-03-03', to: '2025-04-27', dayStart: 0, confidence: 0.95, misuse: 3 })
    expect(profile.total).toMatchObject({ presses: 9, counts: [6, 1, 0, 2] })
    expect(profile.hours.map(({ hour }) => hour)).toEqual([8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19])
    expect(profile.hours[2]).toMatchObject({ hour: 10, days: 1, presses: 8, counts: [6, 0, 0, 2], index: 75 })
    expect(profile.hours[0]).toMatchObject({ presses: 0, index: null, low: null, high: null })
    expect(profile.week).toEqual([
      expect.objectContaining({ weekday: 1, hour: 11, presses: 1 }),
      expect.objectContaining({ weekday: 7, hour: 10, presses: 8, index: 75 }),
    ])
    expect((await readProfile({ class: 'raw' })).total.counts).toEqual([6, 1, 0, 5])
  })

  it('merges the hour that occurs twice in autumn and has none for the one that spring leaves out', async () => {
    await putTouchpoints(store, [{ id: 't1' }])
    const autumn = ['2025-10-25T23:30:00Z', '2025-10-26T00:30:00Z', '2025-10-26T01:30:00Z', '2025-10-26T02:30:00Z']
    const spring = ['2025-03-30T00:30:00Z', '2025-03-30T01:30:00Z']
    await press('Europe/Helsinki', [...spring, ...autumn])
    // Always open, so the day begins at 4:00 and these hours belong to the date before.
    expect(filled(await readProfile({ from: '2025-10-25', to: '2025-10-25' }))).toEqual([
      { hour: 2, presses: 1, days: 1 },
      { hour: 3, presses: 2, days: 1 },
    ])
    expect(filled(await readProfile({ from: '2025-10-26', to: '2025-10-26' }))).toEqual([
      { hour: 4, presses: 1, days: 1 },
    ])
    expect(filled(await readProfile({ from: '2025-03-29', to: '2025-03-30' }))).toEqual([
      { hour: 4, presses: 1, days: 1 },
      { hour: 2, presses: 1, days: 1 },
    ])
  })

  it('counts by the clock on the wall where zones lie at half and quarter hours', async () => {
    await putTouchpoints(store, [{ id: 't1', zone: 'Asia/Kathmandu', openingHours: allWeek(6 * 60, 0) }])
    await press('Asia/Kathmandu', [
      '2025-03-10T04:14:00Z',
      '2025-03-10T04:16:00Z',
      '2025-03-10T18:14:00Z',
      '2025-03-10T18:16:00Z',
    ])
    expect(filled(await readProfile({ from: '2025-03-10', to: '2025-03-10' }))).toEqual([
      { hour: 9, presses: 1, days: 1 },
      { hour: 10, presses: 1, days: 1 },
      { hour: 23, presses: 1, days: 1 },
    ])
  })

  it('gives the hours after midnight to the evening they belong to', async () => {
    await putTouchpoints(store, [{ id: 't1', openingHours: allWeek(18 * 60, 2 * 60) }])
    await putTallies([tally('2025-03-14', 23, 3, 5), tally('2025-03-15', 1, 0, 4), tally('2025-03-15', 18, 3, 7)])
    const profile = await readProfile({ from: '2025-03-14', to: '2025-03-14' })
    expect(profile.dayStart).toBe(10)
    expect(profile.hours.map(({ hour }) => hour)).toEqual([18, 19, 20, 21, 22, 23, 0, 1])
    expect(profile.week.map(({ weekday, hour, presses }) => [weekday, hour, presses])).toEqual([
      [5, 23, 5],
      [5, 1, 4],
    ])
  })

  it('tells beside it how many presses of these dates have no hour', async () => {
    await putTouchpoints(store, [{ id: 't1' }])
    const uncertain = { class: 'uncertain', offsetMinutes: 0 } as const
    await putTallies([
      tally('2025-04-20', 12, 3, 2),
      ...['2025-04-19', '2025-04-20', '2025-04-21', '2025-04-22'].map((date, i) =>
        tally(date, -1, 0, i + 1, uncertain),
      ),
    ])
    const profile = await readProfile({ from: '2025-04-20', to: '2025-04-21' })
    expect(profile).toMatchObject({ uncertain: 5, total: { presses: 2 } })
    expect(filled(profile)).toEqual([{ hour: 12, presses: 2, days: 1 }])
  })

  it('refuses periods that make no sense, and says why', async () => {
    await putTouchpoints(store, [{ id: 't1' }])
    const report = openLocalReport({ store, clock })
    const refusal = async (query: { from?: string; to?: string }) => {
      const answer = await report.readHourProfile('t1', query)
      return answer.ok ? 'ok' : `${answer.reason}: ${answer.detail}`
    }
    expect(await refusal({ from: '2025-02-30' })).toBe('bad-period: from: 2025-02-30 is not a date')
    expect(await refusal({ from: '2025-03-02', to: '2025-03-01' })).toMatch(/^bad-period: from .* must not be after to/)
    expect(await refusal({ from: '2001-01-01', to: '2025-03-01' })).toMatch(/at most 731 days/)
    expect(await refusal({ from: '2025-03-01' })).toBe('ok')
    expect(await report.readHourProfile('nowhere', {})).toMatchObject({ ok: false, reason: 'unknown-touchpoint' })
  })
})

describe('touchpoints and the live count', () => {
  it('tell place, question, terminals and the summary', async () => {
    await putTouchpoints(store, [{ id: 't1' }, { id: 't2' }])
    await putTallies([tally('2025-04-20', 12, 3, 3), tally('2025-04-20', 12, 1, 1)])
    await store.transact((writer) => writer.updateTerminalState('t1', { lastPressAtMs: Date.UTC(2025, 3, 20, 9) }))
    const items = await openLocalReport({ store, clock }).readTouchpoints()
    expect(items.flatMap((item) => [...Value.Errors(TouchpointItem, item)])).toEqual([])
    expect(items.map(({ id }) => id)).toEqual(['t1', 't2'])
    expect(items[0]).toMatchObject({
      path: ['Corner Shops', 'Harbour Street'],
      terminals: ['t1'],
      lastPressAt: '2025-04-20T09:00:00.000Z',
      question: { id: question, revision: 1, scaleMax: 3 },
      summary: { presses: 4, counts: [3, 0, 1, 0], shareHappy: 75, from: '2025-03-03', to: '2025-04-27' },
    })
    expect(items[1]).toMatchObject({
      lastPressAt: null,
      summary: { presses: 0, index: null, low: null, shareHappy: null },
    })
  })

  it('name no place above the reach of who reads', async () => {
    await putTouchpoints(store, [{ id: 't1' }])
    const place = (await store.read.catalogue()).touchpoints.get('t1')?.place
    const reach = { place: (id: string | null) => id === place, touchpoint: () => true }
    const report = openLocalReport({ store, clock })
    expect((await report.readTouchpoints(reach)).map(({ path }) => path)).toEqual([['Harbour Street']])
    expect((await report.readTouchpoint('t1', reach))?.path).toEqual(['Harbour Street'])
  })

  it('know their last press also after a swap of terminals', async () => {
    await putTouchpoints(store, [{ id: 't1' }])
    const swapMs = Date.UTC(2025, 3, 21)
    await store.transact(async (writer) => {
      await writer.putPlacement({ terminal: 't1', touchpoint: 't1', fromMs: 0, toMs: swapMs })
      await writer.putTerminal({ id: 'new', name: 'new', secretHash: '0', createdAtMs: swapMs })
      await writer.putPlacement({ terminal: 'new', touchpoint: 't1', fromMs: swapMs, toMs: null })
      await writer.updateTerminalState('t1', { lastPressAtMs: swapMs - 60_000 })
    })
    const readLast = async () => (await openLocalReport({ store, clock }).readTouchpoint('t1'))?.lastPressAt
    expect(await readLast()).toBe('2025-04-20T23:59:00.000Z')
    await store.transact((writer) => writer.updateTerminalState('t1', { lastPressAtMs: swapMs + 60_000 }))
    expect(await readLast()).toBeNull()
  })

  it('counts presses of the local date, also those of which no hour is known', async () => {
    await putTouchpoints(store, [{ id: 't1' }])
    await putTallies([
      tally('2025-04-28', 9, 3, 2, { class: 'raw' }),
      tally('2025-04-28', 10, 0, 1, { class: 'raw' }),
      tally('2025-04-27', 10, 0, 8, { class: 'raw' }),
      tally('2025-04-28', -1, 2, 5, { class: 'uncertain', offsetMinutes: 0 }),
      tally('2025-04-27', -1, 2, 9, { class: 'uncertain', offsetMinutes: 0 }),
    ])
    const report = openLocalReport({ store, clock })
    const live = await report.readLive('t1')
    expect([...Value.Errors(LiveCount, live)]).toEqual([])
    expect(live).toMatchObject({
      touchpoint: 't1',
      date: '2025-04-28',
      presses: 8,
      counts: [2, 5, 0, 1],
      lastPressAt: null,
    })
    expect(await report.readLive('nowhere')).toBeNull()
  })

  it('keep a summary until counted tallies of its period change', async () => {
    await putTouchpoints(store, [{ id: 't1' }])
    const report = openLocalReport({ store, clock })
    const presses = async () => (await report.readTouchpoint('t1'))?.summary.presses
    expect(await presses()).toBe(0)
    await putTallies([tally('2025-04-20', 12, 3, 3)])
    report.noteTallies({ touchpoint: 't1', localDate: '2025-04-20', hour: 12 })
    expect(await presses()).toBe(3)
    await putTallies([tally('2025-04-28', 3, 3, 2)])
    report.noteTallies({ touchpoint: 't1', localDate: '2025-04-28', hour: 4 })
    expect(await presses()).toBe(3)
    report.noteTallies({ touchpoint: 't1', localDate: '2025-04-28', hour: 3 })
    expect(await presses()).toBe(5)
    now = '2025-06-30T09:00:00Z'
    expect(await presses()).toBe(0)
  })
})
