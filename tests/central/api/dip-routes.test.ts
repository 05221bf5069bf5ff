import Value from 'typebox/value'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ApiApp } from '../../../src/central/api/api-app.ts'
import { buildApp } from '../../../src/central/api/build-app.ts'
import { makeLiveFeed } from '../../../src/central/api/live-feed.ts'
import { addDays } from '../../../src/central/report/local-date.ts'
import { formatNightContent } from '../../../src/central/report/night-content.ts'
import type { TallyChange } from '../../../src/central/store/port.ts'
import { DipReport, TouchpointReport } from '../../../src/contracts/http/dips.ts'
import { Problem } from '../../../src/contracts/http/problem.ts'
import { openTempStore, putTouchpoints, question, type TempStore } from '../../support/central-store.ts'
import { openLocalReport } from '../../support/open-local-report.ts'
import { generateFleet } from '../../support/press-generator.ts'
import { silentLogger } from '../../support/silent-logger.ts'
import { makeNight } from '../report/night-samples.ts'

const clock = { wallMs: () => Date.parse('2025-04-28T09:00:00Z'), monoMs: () => 0 }
const planted = { weekdays: [1, 2, 3, 4, 5], startSlot: 10, endSlot: 11, fromDay: 28, depth: 22 }

let temp: TempStore
let app: ApiApp

beforeAll(async () => {
  temp = await openTempStore()
  const fleet = generateFleet(7, 6, 56, { at: 3, dip: planted })
  await putTouchpoints(
    temp.store,
    fleet.map(({ id }) => ({ id })),
  )
  const changes = fleet.flatMap(({ id, counts }) =>
    counts.flatMap((ofValue, value) =>
      Array.from(ofValue, (delta, cell): TallyChange => {
        const at = { localDate: addDays('2025-03-03', Math.floor(cell / 24)), hour: cell % 24, offsetMinutes: 120 }
        return { touchpoint: id, question, ...at, class: 'counted', value, delta }
      }).filter(({ delta }) => delta > 0),
    ),
  )
  await temp.store.transact((writer) => writer.changeTallies(changes))
  // Some nights are enough here; all of the first time take a while.
  const before = makeNight('2025-04-22')
  const content = formatNightContent({ isReplay: false, report: before })
  await temp.store.transact((writer) => writer.putNight({ night: before.night, madeAtMs: 0, content }))
  const report = openLocalReport({ store: temp.store, clock })
  app = await buildApp({
    ...{ store: temp.store.read, report, logger: silentLogger, dashboardFolder: temp.folder },
    live: makeLiveFeed({ readLive: report.readLive, logger: silentLogger }),
    readLedger: async () => null,
    readTerminal: async () => null,
    listTerminals: async () => ({ terminals: [], comparison: null }),
    counters: async () => ({}),
  })
})
afterAll(async () => {
  await app.close()
  await temp.remove()
})

async function readPlanted() {
  const report = (await app.inject('/api/v1/touchpoints/t004/report?language=fi')).json()
  expect([...Value.Errors(TouchpointReport, report)]).toEqual([])
  return report.dips[0]
}
const put = (dip: string, payload: object) =>
  app.inject({ method: 'PUT', url: `/api/v1/dips/${encodeURIComponent(dip)}/fix`, payload })
const remove = (dip: string) => app.inject({ method: 'DELETE', url: `/api/v1/dips/${encodeURIComponent(dip)}/fix` })

describe('the routes of dips', () => {
  it('tell a touchpoint in one answer, in the language asked for, and the same dip in the list', async () => {
    const dip = await readPlanted()
    expect(dip).toMatchObject({ touchpoint: 't004', startHour: 10, endHour: 11, fix: null })
    expect(dip.sentence).toMatch(/maanantaista perjantaihin klo 10–11/)
    const list = (await app.inject('/api/v1/dips?touchpoint=t004&language=fi')).json()
    expect([...Value.Errors(DipReport, list)]).toEqual([])
    expect(list.dips[0]).toEqual(dip)
  })

  it('take a fix down, which the next look judges, and take it back', async () => {
    const { id } = await readPlanted()
    const entered = await put(id, { date: '2025-04-20' })
    expect([entered.statusCode, entered.json()]).toEqual([200, { date: '2025-04-20' }])
    expect((await readPlanted()).fix).toMatchObject({
      ...{ fixDate: '2025-04-20', verdict: expect.stringMatching(/^(too-early|still-there)$/) },
      remaining: { depth: expect.any(Number), lower: expect.any(Number), upper: expect.any(Number) },
    })
    expect((await remove(id)).statusCode).toBe(204)
    expect((await readPlanted()).fix).toBeNull()
    expect((await remove(id)).statusCode).toBe(404)
    const [last] = await temp.store.read.accounts.audit({ before: null, limit: 1 })
    expect(last).toMatchObject({ what: 'fix-taken-back', on: `dip ${id}`, by: 'nobody', from: '127.0.0.1' })
  })

  it.each([
    [{ date: '2025-02-30' }, /not a date/],
    [{ date: '2025-04-29' }, /after today/],
    [{ date: '2024-01-01' }, /began on/],
    [{ date: 'soon' }, /date/],
    [{ date: '2025-04-20', why: 'x' }, /unknown body parameter why/],
    [{}, /date/],
  ])('refuse a fix of %j at its field', async (payload, detail) => {
    const { id } = await readPlanted()
    const answer = await put(id, payload)
    expect(answer.statusCode).toBe(400)
    expect([...Value.Errors(Problem, answer.json())]).toEqual([])
    expect(answer.json()).toMatchObject({
      detail: expect.stringMatching(detail),
      errors: [{ field: /why/.test(JSON.stringify(payload)) ? 'why' : 'date' }],
    })
  })

  it('know no other dip, touchpoint or parameter', async () => {
    for (const id of ['nope', 'x'.repeat(121), '../dips'])
      expect((await put(id, { date: '2025-04-20' })).statusCode, id).toBeGreaterThanOrEqual(400)
    expect((await put('nope', { date: '2025-04-20' })).statusCode).toBe(404)
    expect((await app.inject('/api/v1/touchpoints/nope/report')).statusCode).toBe(404)
    expect((await app.inject('/api/v1/touchpoints/t001/report?lang=fi')).statusCode).toBe(400)
  })
})
