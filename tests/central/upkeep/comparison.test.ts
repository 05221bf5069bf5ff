/** Tallies that disagree with presses are noticed; presses that arrive meanwhile, and dates that retention has thinned out, are no alarm. */
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openComparison } from '../../../src/central/upkeep/open-comparison.ts'
import { systemClock } from '../../../src/shared/clock.ts'
import type { Logger } from '../../../src/shared/logger.ts'
import { makeBusyStore } from '../../support/busy-store.ts'
import { makePress, openTempStore, question, storePresses, type TempStore } from '../../support/central-store.ts'
import { silentLogger } from '../../support/silent-logger.ts'
import { fillStore, labelAll, type Pressed, putWhere } from './upkeep-store.ts'

const dayMs = 24 * 3_600_000
const startMs = Date.parse('2025-10-20T00:00:00Z')
let temp: TempStore
const errors: object[] = []
const logger: Logger = { ...silentLogger, error: (fields: object) => void errors.push(fields) }

const pressesOf = (days: number): Pressed[] =>
  Array.from({ length: days * 24 }, (_, i) => ({
    terminal: `till-${(i % 2) + 1}`,
    utcMs: startMs + i * 3_600_000 + 60_000,
    errorMs: i % 7 === 0 ? 20 * 60_000 : 50,
    value: i % 4,
    isRepeat: i % 11 === 0,
  }))

beforeEach(async () => {
  errors.length = 0
  temp = await openTempStore()
  await putWhere(temp.store, {
    zones: { exit: 'Europe/Prague', toilet: 'Pacific/Kiritimati' },
    placements: [
      { terminal: 'till-1', touchpoint: 'exit', fromMs: 0, toMs: null },
      { terminal: 'till-2', touchpoint: 'exit', fromMs: 0, toMs: startMs + 3 * dayMs },
      { terminal: 'till-2', touchpoint: 'toilet', fromMs: startMs + 3 * dayMs, toMs: null },
    ],
  })
})
afterEach(() => temp.remove())

async function compare(retainedFromMs: number | null = null) {
  const room = openComparison({ store: temp.store, clock: systemClock, logger, retainedFromMs: () => retainedFromMs })
  try {
    const compared = await room.compare()
    const kept = await temp.store.read.compared()
    expect(kept?.differences).toBe(compared.differences.length)
    expect(Math.abs(systemClock.wallMs() - (kept?.atMs ?? 0))).toBeLessThan(60_000)
    return { ...compared, counters: room.counters.snapshot() }
  } finally {
    await room.close()
  }
}

function damage(sql: string): void {
  const db = new Sqlite(join(temp.folder, 'central.sqlite'))
  expect(db.prepare(sql).run().changes).toBe(1)
  db.close()
}

describe('the comparison of presses with tallies', () => {
  it('finds nothing in an empty store', async () => {
    expect(await compare()).toMatchObject({ dates: null, differences: [], counters: { comparisons: 1 } })
  })

  it('looks at every date and is content with what ingest and labels wrote', async () => {
    await fillStore(temp.store, pressesOf(6))
    const { dates, differences, counters } = await compare()
    expect(dates).toEqual({ from: '2025-10-19', to: '2025-10-26' })
    expect(differences).toEqual([])
    expect(counters).toMatchObject({ 'compared-dates': 8, differences: 0 })
    expect(errors).toEqual([])
  })

  it.each([
    [
      'a press too many in a tally',
      'UPDATE tally SET n2 = n2 + 1 WHERE class = 0 AND local_date = 20251021 AND hour = 15',
      'raw',
    ],
    [
      'a tally of one day that is gone',
      'DELETE FROM tally WHERE class = 1 AND local_date = 20251021 AND hour = 15',
      'counted',
    ],
    [
      'an uncertain day that is wrong',
      'UPDATE tally SET n0 = n0 + 9 WHERE class = 2 AND local_date = 20251021',
      'uncertain',
    ],
    ['a press that is gone', 'DELETE FROM press_row WHERE local_date = 20251021 AND hour = 15', 'raw'],
  ])('raises %s', async (_, sql, tallyClass) => {
    await fillStore(temp.store, pressesOf(4))
    damage(sql)
    const { differences, counters } = await compare()
    expect(differences).toMatchObject([{ touchpoint: 'exit', localDate: '2025-10-21' }])
    expect(differences[0]?.changes).toContainEqual(expect.objectContaining({ class: tallyClass }))
    expect(counters.differences).toBe(1)
    expect(errors).toMatchObject([{ touchpoint: 'exit', localDate: '2025-10-21' }])
  })

  it('raises a tally at a touchpoint that has no presses', async () => {
    await fillStore(temp.store, pressesOf(2))
    const cell = { touchpoint: 'toilet', localDate: '2025-10-20', hour: 4, offsetMinutes: 840, class: 'raw' as const }
    await temp.store.transact((writer) => writer.changeTallies([{ ...cell, question, value: 1, delta: 3 }]))
    expect((await compare()).differences).toEqual([
      { touchpoint: 'toilet', localDate: '2025-10-20', changes: [{ ...cell, question, value: 1, delta: -3 }] },
    ])
  })

  it('takes nothing that arrives or is labelled meanwhile for a difference', async () => {
    await fillStore(temp.store, pressesOf(10))
    let sequence = 10_000
    let isDone = false
    const arriving = (async () => {
      while (!isDone) {
        const utcMs = startMs + (sequence % 240) * 3_600_000
        const press = makePress({ terminal: 'exit', sequence, utcMs }, 'Europe/Prague')
        await storePresses(temp.store, [{ ...press, terminal: 'till-1' }])
        sequence += 1
        if (sequence % 20 === 0) await labelAll(temp.store)
      }
    })()
    const { differences } = await compare().finally(() => {
      isDone = true
    })
    await arriving
    expect(sequence).toBeGreaterThan(10_010)
    expect(differences).toEqual([])
  })

  it('begins at the first date of which retention has left all', async () => {
    await fillStore(temp.store, pressesOf(6))
    const retainedFromMs = startMs + 2 * dayMs
    const db = new Sqlite(join(temp.folder, 'central.sqlite'))
    expect(db.prepare('DELETE FROM press_row WHERE utc_ms < ?').run(retainedFromMs).changes).toBeGreaterThan(40)
    db.close()
    expect((await compare()).differences.length).toBeGreaterThan(0)
    // Kiritimati's 22 October began at 10:00 UTC on the 21st.
    expect(await compare(retainedFromMs)).toMatchObject({ dates: { from: '2025-10-23' }, differences: [] })
  })

  it('runs once a night, and again the next', async () => {
    await fillStore(temp.store, pressesOf(1))
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] })
    let nowMs = new Date(2025, 10, 3, 2, 30).getTime()
    const clock = { ...systemClock, wallMs: () => nowMs }
    const room = openComparison({ store: temp.store, clock, logger, retainedFromMs: () => null })
    const runs = async (atMs: number) => {
      nowMs = atMs
      await vi.advanceTimersByTimeAsync(180_000)
      return room.counters.get('comparisons')
    }
    try {
      expect(await runs(nowMs)).toBe(0)
      expect(await runs(new Date(2025, 10, 3, 3, 5).getTime())).toBe(1)
      expect(await runs(new Date(2025, 10, 3, 3, 50).getTime())).toBe(1)
      expect(await runs(new Date(2025, 10, 3, 15, 0).getTime())).toBe(1)
      expect(await runs(new Date(2025, 10, 4, 3, 0).getTime())).toBe(2)
    } finally {
      vi.useRealTimers()
      await room.close()
    }
  })

  it.each([
    ['can not be noted', (name: string, isLooked: boolean) => name === 'transact' && isLooked],
    ['can not look again', (name: string) => name === 'transact'],
    ['can not read', (name: string) => name === 'pressSums'],
  ])('that %s is made good before long, and tells of a difference once', async (_, isBusy) => {
    await fillStore(temp.store, pressesOf(2))
    damage('UPDATE tally SET n2 = n2 + 1 WHERE class = 0 AND local_date = 20251021 AND hour = 15')
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] })
    const busy = makeBusyStore(temp.store)
    const clock = { ...systemClock, wallMs: () => new Date(2025, 10, 3, 3, 5).getTime() }
    const room = openComparison({ store: busy.store, clock, logger, retainedFromMs: () => null })
    busy.setBusy((name) => isBusy(name, room.counters.get('comparisons') > 0))
    const failed = () => room.counters.get('failed-comparisons')
    const minute = () => vi.advanceTimersByTimeAsync(60_000)
    try {
      await vi.waitFor(async () => expect(await minute().then(failed)).toBeGreaterThan(2))
      expect(await temp.store.read.compared()).toBeNull()
      expect(errors.filter((fields) => 'err' in fields)).toHaveLength(1)
      busy.setBusy(() => false)
      await vi.waitFor(async () => {
        await minute()
        expect(await temp.store.read.compared()).toEqual({ atMs: clock.wallMs(), differences: 1 })
      })
      expect(room.counters.snapshot()).toMatchObject({ comparisons: 1, differences: 1 })
      expect(errors).toHaveLength(2)
    } finally {
      vi.useRealTimers()
      await room.close()
    }
  })

  it('of two at once, that which began later is kept', async () => {
    await fillStore(temp.store, pressesOf(2))
    damage('UPDATE tally SET n2 = n2 + 1 WHERE class = 0 AND local_date = 20251021 AND hour = 15')
    const clockOf = (atMs: number) => ({ ...systemClock, wallMs: () => atMs })
    const means = { logger, retainedFromMs: () => null }
    const busy = makeBusyStore(temp.store)
    const first = openComparison({ store: busy.store, clock: clockOf(1_000), ...means })
    const second = openComparison({ store: temp.store, clock: clockOf(2_000), ...means })
    busy.setBusy(async () => {
      if (first.counters.get('comparisons') === 0 || second.counters.get('comparisons') > 0) return false
      damage('UPDATE tally SET n2 = n2 - 1 WHERE class = 0 AND local_date = 20251021 AND hour = 15')
      expect((await second.compare()).differences).toEqual([])
      return false
    })
    expect((await first.compare()).differences).toHaveLength(1)
    expect(await temp.store.read.compared()).toEqual({ atMs: 2_000, differences: 0 })
    // The clock was set back in between.
    await first.compare()
    expect(await temp.store.read.compared()).toEqual({ atMs: 1_000, differences: 0 })
    for (const room of [first, second]) await room.close()
  })
})
