/** When nights are run, and what whoever asks gets meanwhile. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { describeNights } from '../../../src/central/report/describe-nights.ts'
import { dateOfDay } from '../../../src/central/report/night/day-number.ts'
import { formatNightContent } from '../../../src/central/report/night-content.ts'
import { openFixes } from '../../../src/central/report/open-fixes.ts'
import { type Nights, openNights } from '../../../src/central/report/open-nights.ts'
import type { NightOrder } from '../../../src/central/report/update-nights.ts'
import type { Logger } from '../../../src/shared/logger.ts'
import { openTempStore, putTouchpoints, type TempStore } from '../../support/central-store.ts'
import { eventually } from '../../support/eventually.ts'
import { silentLogger } from '../../support/silent-logger.ts'
import { makeNight } from './night-samples.ts'

let temp: TempStore
let nights: Nights
let nowMs = 0
let monoMs = 0
/** Orders as the runner got them: `due changedFrom`. */
const orders: string[] = []
/** What happens while a night runs. */
let work: () => Promise<void> | void
const errors: object[] = []
const logger: Logger = { ...silentLogger, error: (fields: object) => void errors.push(fields) }
const clock = { wallMs: () => nowMs, monoMs: () => monoMs }

async function runOrder({ due, changedFrom, isGlance }: NightOrder) {
  orders.push(`${dateOfDay(due)} ${isGlance ? 'glance' : changedFrom}`)
  await work()
  const content = formatNightContent({ isReplay: false, report: makeNight(dateOfDay(due)) })
  return { nights: [{ night: due, content }], runs: 1, curves: 3 }
}

/** What keeps a run until it is let go. */
function makeGate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, opened }
}

const openThem = (patienceMs = 20_000) =>
  openNights({ store: temp.store, clock, logger, patienceMs, runner: { update: runOrder, close: async () => {} } })
const reopen = async (patienceMs?: number) => {
  await nights.close()
  nights = openThem(patienceMs)
}
const noteTallies = (localDate: string, hour = 12) => nights.noteTallies({ touchpoint: 't1', localDate, hour })
const toldDate = async () => (await nights.current())?.report.to ?? null

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  temp = await openTempStore()
  // Always open: the day begins at 04:00, which is 01:00 UTC in summer.
  await putTouchpoints(temp.store, [{ id: 't1' }])
  nowMs = Date.parse('2025-04-28T09:00:00Z')
  monoMs = 1_000
  orders.length = 0
  errors.length = 0
  work = () => {}
  nights = openThem()
})
afterEach(async () => {
  await nights.close()
  await temp.remove()
  vi.useRealTimers()
})

describe('a night is run', () => {
  it('when somebody asks for the first time, and not again while nothing changed', async () => {
    expect(await nights.current()).toEqual({ report: makeNight('2025-04-27'), asOfMs: nowMs })
    expect(await toldDate()).toBe('2025-04-27')
    expect(orders).toEqual(['2025-04-27 null'])
    expect(await temp.store.read.lastNight()).toMatchObject({ madeAtMs: nowMs })
    expect(nights.counters.snapshot()).toEqual({ runs: 1, nights: 1, 'failed-runs': 0 })
  })

  it('and what watches the central is told how far it is', async () => {
    const told = () =>
      Object.fromEntries(Object.entries(describeNights(nights)).map(([name, { value }]) => [name, value]))
    expect(told()).toEqual({ smilepost_nights_as_of_timestamp_seconds: 0 })
    work = () => {
      monoMs += 1_500
    }
    await nights.current()
    expect(told()).toEqual({
      smilepost_nights_as_of_timestamp_seconds: Date.parse('2025-04-28T09:00:00Z') / 1_000,
      smilepost_nights_last_timestamp_seconds: Date.parse('2025-04-27T00:00:00Z') / 1_000,
      smilepost_nights_run_seconds: 1.5,
      smilepost_nights_curves: 3,
    })
  })

  it('by the minute, though nobody asks', async () => {
    vi.advanceTimersByTime(59_000)
    expect(orders).toEqual([])
    vi.advanceTimersByTime(2_000)
    await eventually(() => expect(nights.known()).not.toBeNull())
    expect(nights.lastRun()).toEqual({ seconds: 0, curves: 3 })
  })

  it('by the minute that is quiet while past days come in, and after a quarter of an hour anyway', async () => {
    const minute = async () => {
      noteTallies('2025-04-01')
      monoMs += 59_000
      vi.advanceTimersByTime(60_000)
      await Promise.resolve()
      return nights.known()
    }
    for (let i = 0; i < 16; i += 1) expect(await minute()).toBeNull()
    await minute()
    await eventually(() => expect(orders).toHaveLength(1))
    await eventually(() => expect(nights.known()).not.toBeNull())
    await minute()
    expect(orders).toHaveLength(1)
    monoMs += 60_000
    vi.advanceTimersByTime(60_000)
    await eventually(() => expect(orders).toHaveLength(2))
  })

  it('once the day is over at the last touchpoint', async () => {
    await putTouchpoints(temp.store, [{ id: 't1' }, { id: 'west', zone: 'America/Los_Angeles' }])
    expect(await toldDate()).toBe('2025-04-26')
    nowMs = Date.parse('2025-04-28T10:59:00Z')
    expect(await toldDate()).toBe('2025-04-26')
    nowMs = Date.parse('2025-04-28T11:00:00Z')
    expect(await toldDate()).toBe('2025-04-27')
    expect(orders).toHaveLength(2)
  })

  it('again when tallies of its days changed, and not for those of today', async () => {
    await nights.current()
    noteTallies('2025-04-28')
    await nights.current()
    expect(orders).toHaveLength(1)
    noteTallies('2025-04-27')
    noteTallies('2025-04-01')
    noteTallies('2025-04-05')
    await nights.current()
    expect(orders).toEqual(['2025-04-27 null', '2025-04-27 2025-04-01'])
  })

  it('again when the small hours after its last day changed, which are of that day where it is always open', async () => {
    await nights.current()
    noteTallies('2025-04-28', 4)
    await nights.current()
    expect(orders).toHaveLength(1)
    noteTallies('2025-04-28', 3)
    await nights.current()
    expect(orders).toEqual(['2025-04-27 null', '2025-04-27 2025-04-27'])
  })

  it('again when the catalogue or a fix changed', async () => {
    await nights.current()
    await putTouchpoints(temp.store, [{ id: 't2' }])
    await nights.current()
    nights.noteFixes()
    await nights.current()
    await nights.current()
    expect(orders).toHaveLength(3)
  })

  it('never where there is no touchpoint', async () => {
    const empty = await openTempStore()
    const others = openNights({
      ...{ store: empty.store, clock, logger, runner: { update: runOrder, close: async () => {} } },
    })
    expect(await others.current()).toBeNull()
    await others.close()
    await empty.remove()
    expect(orders).toEqual([])
  })
})

describe('while a night runs', () => {
  it('others wait for the same one, and what changes meanwhile makes another', async () => {
    const gate = makeGate()
    work = () => gate.opened
    const asked = [nights.current(), nights.current()]
    await eventually(() => expect(orders).toHaveLength(1))
    noteTallies('2025-04-20')
    const late = nights.current()
    work = () => {}
    gate.open()
    await Promise.all([...asked, late])
    expect(orders.slice(1)).toEqual(['2025-04-27 2025-04-20'])
  })

  it('whoever waits too long gets the last one, or nothing where there is none', async () => {
    await reopen(30)
    const gate = makeGate()
    work = () => gate.opened
    expect(await nights.current()).toBeNull()
    gate.open()
    await eventually(() => expect(nights.known()?.report.to).toBe('2025-04-27'))
    const second = makeGate()
    work = () => second.opened
    nowMs += 24 * 3_600_000
    expect(await toldDate()).toBe('2025-04-27')
    second.open()
    await eventually(() => expect(nights.known()?.report.to).toBe('2025-04-28'))
  })

  it('and after one that took longer than anybody waits, the last one comes at once', async () => {
    work = () => {
      monoMs += 60_000
    }
    await nights.current()
    monoMs += 600_000
    const gate = makeGate()
    work = () => gate.opened
    noteTallies('2025-04-20')
    expect(await toldDate()).toBe('2025-04-27')
    await eventually(() => expect(orders).toHaveLength(2))
    gate.open()
  })

  it('of a big fleet for the first time, a glance is shown, which is not written down and takes no fixes', async () => {
    await putTouchpoints(
      temp.store,
      Array.from({ length: 100 }, (_, i) => ({ id: `t${i + 1}` })),
    )
    await reopen(30)
    const gate = makeGate()
    work = () => (orders.length > 1 ? gate.opened : undefined)
    await nights.current()
    await eventually(() => expect(nights.known()).toMatchObject({ isGlance: true }))
    expect(await toldDate()).toBe('2025-04-27')
    expect(await temp.store.read.lastNight()).toBeNull()
    const fixes = openFixes({ store: temp.store, clock, nights })
    const everybody = { place: () => true, touchpoint: () => true }
    expect(await fixes.note('t1.q', '2025-04-20', { by: 'ada', from: 'local', reach: everybody })).toMatchObject({
      ok: false,
      detail: expect.stringContaining('first time'),
    })
    gate.open()
    await eventually(() => expect(nights.known()).toEqual({ report: makeNight('2025-04-27'), asOfMs: nowMs }))
    expect(orders).toEqual(['2025-04-27 glance', '2025-04-27 null'])
  })

  it('a stop leaves nothing of it', async () => {
    const gate = makeGate()
    const close = vi.fn(async () => gate.open())
    await nights.close()
    nights = openNights({ store: temp.store, clock, logger, runner: { update: runOrder, close } })
    work = () => gate.opened
    const asked = nights.current()
    await eventually(() => expect(orders).toHaveLength(1))
    await nights.close()
    expect(close).toHaveBeenCalledOnce()
    expect(await asked).toBeNull()
    expect(await temp.store.read.lastNight()).toBeNull()
  })
})

describe('a fleet that always delivers late', () => {
  beforeEach(async () => {
    work = () => {
      monoMs += 6_000
    }
    await nights.current()
  })

  it('makes ten parts of rest for one of work', async () => {
    noteTallies('2025-04-20')
    monoMs += 60_000 - 30_000
    vi.advanceTimersByTime(61_000)
    expect(await toldDate()).toBe('2025-04-27')
    expect(orders).toHaveLength(1)
    monoMs += 30_000
    await nights.current()
    await eventually(() => expect(orders).toHaveLength(2))
  })

  it('does not put off what a person entered', async () => {
    nights.noteFixes()
    await nights.current()
    await eventually(() => expect(orders).toHaveLength(2))
  })
})

describe('a night that fails', () => {
  const fail = () => {
    throw new Error('on purpose')
  }

  it('leaves the last report, is logged once, and is tried again after a while', async () => {
    await nights.current()
    work = fail
    noteTallies('2025-04-20')
    expect(await toldDate()).toBe('2025-04-27')
    expect(await toldDate()).toBe('2025-04-27')
    expect(orders).toHaveLength(2)
    monoMs += 60_000
    await nights.current()
    monoMs += 60_000
    await nights.current()
    expect(orders).toHaveLength(3)
    expect(errors).toHaveLength(1)
    expect(nights.counters.get('failed-runs')).toBe(2)
    work = () => {}
    monoMs += 60_000
    await nights.current()
    expect(orders.slice(1)).toEqual(Array(3).fill('2025-04-27 2025-04-20'))
    expect(nights.counters.get('runs')).toBe(2)
  })

  it('does so too when the store takes nothing', async () => {
    const store = { read: temp.store.read, transact: () => Promise.reject(new Error('disk full')) }
    const others = openNights({ store, clock, logger, runner: { update: runOrder, close: async () => {} } })
    expect(await others.current()).toBeNull()
    expect(others.counters.get('failed-runs')).toBe(1)
    await others.close()
  })
})

describe('after a start', () => {
  it('the last report is there at once, as of when it was made, and is looked at anew', async () => {
    await nights.current()
    const madeAtMs = nowMs
    await reopen(30)
    const gate = makeGate()
    work = () => gate.opened
    nowMs += 3_600_000
    expect(await nights.current()).toEqual({ report: makeNight('2025-04-27'), asOfMs: madeAtMs })
    gate.open()
    await eventually(() => expect(nights.known()?.asOfMs).toBe(nowMs))
    expect(orders).toEqual(['2025-04-27 null', '2025-04-27 null'])
  })

  it('a report of another version is none', async () => {
    await temp.store.transact((writer) => writer.putNight({ night: 20_205, madeAtMs: 1, content: '{"version":0}' }))
    await reopen(30)
    const gate = makeGate()
    work = () => gate.opened
    expect(await nights.current()).toBeNull()
    gate.open()
    await eventually(() => expect(nights.known()).not.toBeNull())
  })
})
