import Value from 'typebox/value'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addDays } from '../../../src/central/report/local-date.ts'
import { formatNightContent } from '../../../src/central/report/night-content.ts'
import type { Report } from '../../../src/central/report/open-report.ts'
import type { TallyChange } from '../../../src/central/store/port.ts'
import { DipReport } from '../../../src/contracts/http/dips.ts'
import { openTempStore, putTouchpoints, question, type TempStore } from '../../support/central-store.ts'
import { openLocalReport } from '../../support/open-local-report.ts'
import { generateFleet } from '../../support/press-generator.ts'
import { makeNight } from './night-samples.ts'

const firstDate = '2025-03-03'
const clock = { wallMs: () => Date.parse('2025-04-28T09:00:00Z'), monoMs: () => 0 }
const speaker = { by: 'ada', from: 'local', reach: { place: () => true, touchpoint: () => true } }
const planted = { weekdays: [1, 2, 3, 4, 5], startSlot: 10, endSlot: 11, fromDay: 28, depth: 22 }

let temp: TempStore
let report: Report

beforeAll(async () => {
  temp = await openTempStore()
  const fleet = generateFleet(7, 12, 56, { at: 3, dip: planted })
  await putTouchpoints(
    temp.store,
    [...fleet, { id: 'new' }].map(({ id }) => ({ id })),
  )
  const changes = fleet.flatMap(({ id, counts }) =>
    counts.flatMap((ofValue, value) =>
      Array.from(ofValue, (delta, cell): TallyChange => {
        const localDate = addDays(firstDate, Math.floor(cell / 24))
        return {
          touchpoint: id,
          question,
          localDate,
          hour: cell % 24,
          offsetMinutes: 120,
          class: 'counted',
          value,
          delta,
        }
      }).filter(({ delta }) => delta > 0),
    ),
  )
  await temp.store.transact((writer) => writer.changeTallies(changes))
  // One night is enough here; all of the first time take a while.
  const before = makeNight('2025-04-26')
  const content = formatNightContent({ isReplay: false, report: before })
  await temp.store.transact((writer) => writer.putNight({ night: before.night, madeAtMs: 0, content }))
  report = openLocalReport({ store: temp.store, clock })
})
afterAll(async () => temp.remove())

describe('the dip report', () => {
  it('names the planted touchpoint, hours and weekdays, and no other', async () => {
    const dips = await report.readDips({})
    expect([...Value.Errors(DipReport, dips)]).toEqual([])
    expect(dips).toMatchObject({
      from: firstDate,
      to: '2025-04-27',
      asOf: '2025-04-28T09:00:00.000Z',
      fdr: 0.05,
      touchpoints: 13,
    })
    const found = dips.dips.filter(({ q }) => q <= 0.05)
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({
      id: expect.stringMatching(/^t004\.satisfied\.10-11\.(12345|all)\.2025-04-27$/),
      touchpoint: 't004',
      place: 'store',
      placeName: 'Harbour Street',
      state: 'confirmed',
      weekdays: [1, 2, 3, 4, 5],
      startHour: 10,
      endHour: 11,
      onsetOpen: false,
      ended: null,
    })
    const onset = found[0]?.onset ?? ''
    expect(onset >= addDays(firstDate, 24) && onset <= addDays(firstDate, 32)).toBe(true)
  })

  it('says what it lacks of a touchpoint without presses', async () => {
    const { insufficient } = await report.readDips({ touchpoint: 'new', language: 'fi' })
    expect(insufficient).toEqual([
      {
        touchpoint: 'new',
        presses: 0,
        days: 0,
        message: 'Painalluksia on liian vähän johtopäätökseen.',
        moreDays: null,
      },
    ])
  })

  it('filters by state and touchpoint without changing what is found', async () => {
    const all = await report.readDips({})
    const confirmed = await report.readDips({ state: 'confirmed', touchpoint: 't004' })
    expect(confirmed.dips).toEqual(
      all.dips.filter(({ touchpoint, state }) => touchpoint === 't004' && state === 'confirmed'),
    )
    expect((await report.readDips({ touchpoint: 't001', state: 'confirmed' })).dips).toEqual([])
  })

  it.each([
    ['en', 'Monday to Friday'],
    ['fi', 'maanantaista perjantaihin'],
    ['cs', 'pondělí až pátek'],
    ['id', 'Senin sampai Jumat'],
    ['zh-Hant', '週一至週五'],
  ])('says it in one sentence: %s', async (language, weekdays) => {
    const { dips } = await report.readDips({ touchpoint: 't004', language })
    for (const part of [weekdays, '10–11']) expect(dips[0]?.sentence).toContain(part)
  })

  it('tells of one touchpoint what it tells of all, and what people did about it', async () => {
    const [dip] = (await report.readDips({ touchpoint: 't004' })).dips
    const told = await report.readTouchpointReport('t004')
    expect(told).toMatchObject({
      night: '2025-04-27',
      verdict: { kind: 'scanned' },
      dips: [{ id: dip?.id, fix: null }],
    })
    expect(await report.noteFix(dip?.id ?? '', '2025-04-07', speaker)).toEqual({ ok: true })
    const after = await report.readTouchpointReport('t004')
    expect(after?.dips[0]).toMatchObject({ id: dip?.id, fix: { fixDate: '2025-04-07' } })
    expect(await report.removeFix(dip?.id ?? '', speaker)).toBe(true)
    expect((await report.readDips({ touchpoint: 't004' })).dips[0]).toMatchObject({ id: dip?.id, fix: null })
    expect(await report.readTouchpointReport('nowhere')).toBeNull()
  })
})
