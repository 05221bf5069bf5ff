/**
 * A press every quarter of an hour through one local day, from the batch to the tallies and the hour profile.
 *
 * The expected cells were made with Python's zoneinfo, not with what is tested: `hours@minutes ahead of UTC:presses in each hour`.
 */
import { afterEach, describe, expect, it } from 'vitest'
import { openLocalReport } from '../../support/open-local-report.ts'
import { anchorOf, type Harness, hourMs, minuteMs, openHarness, pressOf } from './ingest-harness.ts'

const boot = 'b0070abc'
const days: [zone: string, date: string, beginsAt: string, presses: number, cells: string][] = [
  ['Europe/Berlin', '2025-10-26', '2025-10-25T22:00Z', 100, '0-2@120:4 2-23@60:4'],
  ['Europe/Berlin', '2025-03-30', '2025-03-29T23:00Z', 92, '0-1@60:4 3-23@120:4'],
  ['Asia/Kolkata', '2025-06-15', '2025-06-14T18:30Z', 96, '0-23@330:4'],
  ['Asia/Kathmandu', '2025-06-15', '2025-06-14T18:15Z', 96, '0-23@345:4'],
  ['America/St_Johns', '2025-11-02', '2025-11-02T02:30Z', 100, '0-1@-150:4 1-23@-210:4'],
  ['America/St_Johns', '2025-03-09', '2025-03-09T03:30Z', 92, '0-1@-210:4 3-23@-150:4'],
  ['Australia/Lord_Howe', '2025-04-06', '2025-04-05T13:00Z', 98, '0-1@660:4 1-1@630:2 2-23@630:4'],
  ['Australia/Lord_Howe', '2025-10-05', '2025-10-04T13:30Z', 94, '0-1@630:4 2-2@660:2 3-23@660:4'],
  ['Pacific/Chatham', '2025-04-06', '2025-04-05T10:15Z', 100, '0-2@825:4 3-3@825:3 2-2@765:1 3-23@765:4'],
  ['Pacific/Chatham', '2025-09-28', '2025-09-27T11:15Z', 92, '0-1@765:4 2-2@765:3 3-3@825:1 4-23@825:4'],
]

/** @returns presses by `hour@offset` */
function expand(cells: string): Map<string, number> {
  const expanded = new Map<string, number>()
  for (const cell of cells.split(' ')) {
    const [, from, to, offset, presses] = /^(\d+)-(\d+)@(-?\d+):(\d+)$/.exec(cell) ?? []
    for (let hour = Number(from); hour <= Number(to); hour += 1) expanded.set(`${hour}@${offset}`, Number(presses))
  }
  return expanded
}

describe('the hours of a day', () => {
  let harness: Harness
  afterEach(() => harness.close())

  it.each(days)('in %s on %s', async (zone, date, beginsAt, presses, cells) => {
    const beginMs = Date.parse(beginsAt)
    harness = await openHarness({ nowMs: beginMs + 90 * hourMs })
    const { store } = harness
    await store.transact(async (writer) => {
      const touchpoint = { id: 'exit', place: 'store', name: 'exit', zone, question: 'service', lights: null }
      await writer.putTouchpoint({ ...touchpoint, openingHours: [], exceptions: [] })
    })
    const pressesOfDay = Array.from({ length: presses }, (_, i) =>
      pressOf(i + 2, { boot, monoMs: hourMs + i * 15 * minuteMs, value: 3 }),
    )
    harness.sendBatch({ records: [anchorOf(1, 0, { boot, utcMs: beginMs - hourMs }), ...pressesOfDay] })
    // The quarters of an hour before and behind it belong to other dates.
    const around = [-1, presses].map((i, n) => pressOf(500 + n, { boot, monoMs: hourMs + i * 15 * minuteMs, value: 3 }))
    harness.sendBatch({ epoch: 'cccccccccccccccc', records: around.map((one, n) => ({ ...one, sequence: n + 1 })) })
    await harness.acks()

    const query = {
      touchpoint: 'exit',
      question: 'service',
      class: 'raw' as const,
      from: '2000-01-01',
      to: '2099-01-01',
    }
    const tallies = await store.read.tallies(query)
    const ofDate = tallies.filter(({ localDate }) => localDate === date)
    expect(new Map(ofDate.map((tally) => [`${tally.hour}@${tally.offsetMinutes}`, tally.counts[3]]))).toEqual(
      expand(cells),
    )
    const nextDay = (byDays: number) => new Date(Date.parse(date) + byDays * 24 * hourMs).toISOString().slice(0, 10)
    const others = tallies.filter(({ localDate }) => localDate !== date)
    expect(others.map(({ localDate, hour, counts }) => [localDate, hour, counts[3]])).toEqual([
      [nextDay(-1), 23, 1],
      [nextDay(1), 0, 1],
    ])

    const merged = new Map<number, number>()
    for (const [cell, count] of expand(cells)) {
      const hour = Number(cell.split('@')[0])
      merged.set(hour, (merged.get(hour) ?? 0) + count)
    }
    // An always open touchpoint's day begins at 04:00, so that two business days hold this date: its night is the end of the one before.
    const clock = { wallMs: () => beginMs + 90 * hourMs, monoMs: () => 0 }
    const report = openLocalReport({ store, clock })
    const answer = await report.readHourProfile('exit', { from: nextDay(-1), to: date, class: 'raw' })
    if (!answer.ok) throw new Error(answer.detail)
    const filled = answer.profile.hours.filter((hour) => hour.presses > 0)
    merged.set(23, (merged.get(23) ?? 0) + 1)
    merged.set(0, (merged.get(0) ?? 0) + 1)
    expect(new Map(filled.map((hour) => [hour.hour, hour.presses]))).toEqual(merged)
    expect(answer.profile.total.presses).toBe(presses + 2)
  })
})
