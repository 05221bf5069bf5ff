import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { coverCells } from '../../../../src/central/report/night/cover-cells.ts'
import { dateOfDay, dayOfDate } from '../../../../src/central/report/night/day-number.ts'
import { findSameValueRuns, noteworthyRun } from '../../../../src/central/report/night/find-same-value-runs.ts'
import type { NightCurve } from '../../../../src/central/report/night/night-report.ts'
import { mapQuarters, spanOf } from '../../../../src/central/report/night/quarter-map.ts'
import { runNights } from '../../../../src/central/report/night/run-nights.ts'
import type { Touchpoint } from '../../../../src/central/store/catalogue.ts'
import type { StoredPress, TallyChange } from '../../../../src/central/store/port.ts'
import {
  makePress,
  openTempStore,
  putTouchpoints,
  question,
  storePresses,
  type TempStore,
} from '../../../support/central-store.ts'

const zone = 'Europe/Helsinki'
const hourMs = 3_600_000
const night = dayOfDate('2025-05-14')
/** A Wednesday in summer, three hours ahead of UTC. */
const dayMs = Date.parse('2025-05-13T21:00:00Z')
const shopHours: Touchpoint['openingHours'] = [
  {
    validFrom: '2020-01-01',
    intervals: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, openMinute: 540, closeMinute: 1080 })),
  },
]
const ids = ['dead', 'off', 'quiet', 'unsure', 'well']

let temp: TempStore
let curves: Map<string, NightCurve>

/** 15 presses an hour from 9 to 18 for eight weeks; `quiet` and the like have none from 12 to 15 on the last day. */
function tallies(touchpoint: string): TallyChange[] {
  return Array.from({ length: 56 * 9 }, (_, i) => ({ day: Math.floor(i / 9), hour: 9 + (i % 9) })).flatMap(
    ({ day, hour }) => {
      if (touchpoint !== 'well' && day === 55 && hour >= 12 && hour < 15) return []
      const cell = { touchpoint, question, localDate: dateOfDay(night - 55 + day), hour, offsetMinutes: 180 }
      const delta = 13 + ((day * 5 + hour * 3) % 5)
      return (['raw', 'counted'] as const).map((tallyClass) => ({ ...cell, class: tallyClass, value: 3, delta }))
    },
  )
}

beforeAll(async () => {
  temp = await openTempStore()
  const { store } = temp
  await putTouchpoints(
    store,
    ids.map((id) => ({ id, openingHours: shopHours })),
  )
  await store.transact(async (writer) => {
    for (const id of ids) await writer.changeTallies(tallies(id))
    const uncertain = { touchpoint: 'unsure', question, localDate: dateOfDay(night), hour: -1, offsetMinutes: 0 }
    await writer.changeTallies([{ ...uncertain, class: 'uncertain', value: 3, delta: 4 }])
    for (const terminal of ids) {
      for (let hour = 0; hour < 56 * 24; hour++) {
        const fromMs = dayMs - 55 * 24 * hourMs + hour * hourMs
        const isOff = terminal === 'off' && hour >= 55 * 24 + 13
        if (terminal === 'dead' || isOff) continue
        const stretch = {
          boot: 'b',
          monoMs: hour * hourMs,
          coveredMs: hourMs,
          fromMs: fromMs + 50,
          toMs: fromMs + hourMs,
        }
        await writer.insertAlive(terminal, stretch)
      }
    }
  })
  // 7:10 to 7:40, before opening: 5 presses; from 10:00 on 45 of value 0, a minute apart, on one box.
  const early = Array.from({ length: 5 }, (_, i) => ({ atMs: dayMs + 7 * hourMs + (10 + i) * 60_000, value: 3 }))
  const run = Array.from({ length: 45 }, (_, i) => ({ atMs: dayMs + 10 * hourMs + i * 60_000, value: 0 }))
  const presses = [...early, ...run].map(({ atMs, value }, i) => {
    return { ...makePress({ terminal: 'well', sequence: i + 1, utcMs: atMs, value }), label: 'counted' as const }
  })
  await storePresses(store, presses)
  const report = await runNights({
    ...{ store: store.read, catalogue: await store.read.catalogue(), before: null, fixes: [] },
    ...{ fromNight: night, toNight: night },
  })
  curves = new Map(report.curves.filter(({ kind }) => kind === 'touchpoint').map((curve) => [curve.id, curve]))
})
afterAll(async () => temp.remove())

describe('the day of a night', () => {
  test('tells of silence where the terminal worked, and only there', () => {
    expect(curves.get('quiet')?.silence).toMatchObject([{ startHour: 12, endHour: 15, coveredHours: 3 }])
    const [silence] = curves.get('quiet')?.silence ?? []
    expect(silence?.expected).toBeGreaterThan(30)
    expect(silence?.q).toBeLessThanOrEqual(0.05)
    for (const id of ['dead', 'off', 'well']) expect(curves.get(id)?.silence).toEqual([])
  })

  test('tells of none where presses of the day have no hour', () => {
    expect(curves.get('unsure')?.silence).toEqual([])
  })

  test('lists presses in closed hours and successive ones of one value', () => {
    expect(curves.get('well')).toMatchObject({
      closedHours: [{ hour: 7, presses: 5 }],
      sameValueRuns: [
        {
          ...{ terminal: 'well', value: 0, presses: 45 },
          ...{ fromMs: dayMs + 10 * hourMs, toMs: dayMs + 10 * hourMs + 44 * 60_000 },
        },
      ],
    })
    expect(curves.get('quiet')).toMatchObject({ closedHours: [], sameValueRuns: [] })
  })
})

describe('successive presses of one value', () => {
  const presses = (values: readonly number[]): StoredPress[] =>
    values.map((value, i) => makePress({ sequence: i + 1, utcMs: dayMs + i * 1000, value }))

  test('are worth a line when chance would bring them once in a thousand days, and never below 20', () => {
    // log(.001 / 250) / log(.8) = 55.7; log(.001 / 100) / log(.01) = 2.5
    expect(noteworthyRun(250, 0.8)).toBe(56)
    expect(noteworthyRun(100, 0.01)).toBe(20)
    expect(findSameValueRuns(presses(Array(19).fill(0)), [5, 5, 20, 70])).toEqual([])
    expect(findSameValueRuns(presses(Array(20).fill(0)), [5, 5, 20, 70])).toMatchObject([{ presses: 20, value: 0 }])
    expect(findSameValueRuns(presses(Array(20).fill(3)), [5, 5, 20, 70])).toEqual([])
  })

  test('are of one device, whatever order they came in; play is passed over', () => {
    const run = presses(Array(25).fill(0))
    const played = run.map((press, i) => ({ ...press, label: i === 4 ? ('misuse' as const) : null }))
    expect(findSameValueRuns(played.toReversed(), [5, 5, 20, 70])).toMatchObject([{ presses: 24, fromMs: dayMs }])
    const onTwo = run.map((press, i) => {
      const box = i % 2 === 0 ? '0badcafe' : '0badbeef'
      return { ...press, record: { ...press.record, source: 'box' as const, box, boxSeq: i } }
    })
    expect(findSameValueRuns(onTwo, [5, 5, 20, 70])).toEqual([])
  })
})

describe('cells that are covered', () => {
  const at = (text: string): number => Date.parse(text)

  test('are those throughout which all terminals of the touchpoint worked', () => {
    const map = mapQuarters(zone, 0, night, 1)
    const worked = [
      { fromMs: dayMs + 2 * hourMs, toMs: dayMs + 4 * hourMs + 1000 },
      { fromMs: dayMs + 4 * hourMs + 30_000, toMs: dayMs + 7.5 * hourMs },
    ]
    const covered = (stays: Parameters<typeof coverCells>[2]) =>
      [...coverCells(map, 24, stays)].flatMap((isCovered, slot) => (isCovered === 1 ? [slot] : []))
    const whole = { fromMs: 0, toMs: null, worked }
    expect(covered([whole])).toEqual([2, 3, 4, 5, 6])
    expect(covered([])).toEqual([])
    expect(covered([whole, { fromMs: dayMs + 5 * hourMs, toMs: null, worked: [] }])).toEqual([2, 3, 4])
    const moved = { fromMs: dayMs + 3 * hourMs, toMs: dayMs + 5 * hourMs, worked }
    expect(covered([moved])).toEqual([3, 4])
  })

  test('leave out the hour that spring leaves out, and need both of autumn’s', () => {
    const spring = mapQuarters(zone, 0, dayOfDate('2025-03-30'), 1)
    const always = [{ fromMs: 0, toMs: null, worked: [{ fromMs: 0, toMs: at('2026-01-01T00:00:00Z') }] }]
    expect([...coverCells(spring, 24, always)].map(String).join('')).toBe(
      `0001${'1'.repeat(20)}`.replace('0001', '1110'),
    )
    const autumn = mapQuarters(zone, 4, dayOfDate('2025-10-25'), 1)
    expect(spanOf(autumn)).toEqual({ fromMs: at('2025-10-25T01:00:00Z'), toMs: at('2025-10-26T02:00:00Z') })
    const untilSecond = [{ fromMs: 0, toMs: null, worked: [{ fromMs: 0, toMs: at('2025-10-26T01:00:00Z') }] }]
    expect([...coverCells(autumn, 24, untilSecond)].slice(20)).toEqual([1, 1, 1, 0])
  })
})
