/** Which nights are run, and from which memory: each once as it was told, the last one again when late tallies came. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dateOfDay, dayOfDate } from '../../../src/central/report/night/day-number.ts'
import { type RunNights, updateNights } from '../../../src/central/report/update-nights.ts'
import { openTempStore, putTouchpoints, question, type TempStore } from '../../support/central-store.ts'
import { rememberedDip } from '../../support/told-night.ts'
import { makeNight } from './night-samples.ts'

let temp: TempStore
/** Nights that were run: `from–to after the one before`. */
const runs: string[] = []
let fixes: unknown
/** Remembered after each night. */
let dips: (typeof rememberedDip)[] = []

const look: RunNights = async ({ fromNight, toNight, before, fixes: entered }) => {
  fixes = entered
  runs.push(`${dateOfDay(fromNight)}–${dateOfDay(toNight)} after ${before?.to ?? 'nothing'}`)
  const night = makeNight(dateOfDay(toNight))
  return { ...night, memories: { ...night.memories, touchpoint: { night: toNight, dips } } }
}

/** Runs what is due and stores it. */
async function update(due: string, changedFrom: string | null = null) {
  runs.length = 0
  const updated = await updateNights(temp.store.read, { due: dayOfDate(due), changedFrom }, look)
  await temp.store.transact(async (writer) => {
    for (const night of updated.nights) await writer.putNight({ ...night, madeAtMs: 1 })
  })
  return updated
}

const pressOn = (localDate: string) =>
  temp.store.transact((writer) =>
    writer.changeTallies([
      { touchpoint: 't1', question, localDate, hour: 9, offsetMinutes: 0, class: 'counted', value: 3, delta: 1 },
    ]),
  )

beforeEach(async () => {
  runs.length = 0
  dips = []
  temp = await openTempStore()
  await putTouchpoints(temp.store, [{ id: 't1' }])
})
afterEach(() => temp.remove())

describe('the first time', () => {
  it('runs the nights of the last eight weeks, and keeps the last two of them', async () => {
    await pressOn('2024-01-01')
    const { nights, runs: count } = await update('2025-04-27')
    expect(runs).toEqual(['2025-03-03–2025-04-26 after nothing', '2025-04-27–2025-04-27 after 2025-04-26'])
    expect(count).toBe(56)
    expect(nights.map(({ night }) => dateOfDay(night))).toEqual(['2025-04-26', '2025-04-27'])
  })

  it('has a glance at the night that is due, if asked for one', async () => {
    await pressOn('2024-01-01')
    const order = { due: dayOfDate('2025-04-27'), changedFrom: null, isGlance: true } as const
    const { nights } = await updateNights(temp.store.read, order, look)
    expect(runs).toEqual(['2025-04-27–2025-04-27 after nothing'])
    expect(nights).toHaveLength(1)
  })

  it('begins when there are two weeks of presses', async () => {
    await pressOn('2025-04-01')
    await update('2025-04-16')
    expect(runs).toEqual(['2025-04-14–2025-04-15 after nothing', '2025-04-16–2025-04-16 after 2025-04-15'])
  })

  it.each([null, '2025-04-20', '2026-01-01'])('runs one night with little or nothing to look at: %s', async (first) => {
    if (first) await pressOn(first)
    await update('2025-04-27')
    expect(runs).toEqual(['2025-04-27–2025-04-27 after nothing'])
  })

  it.each(['{', '{}', 'null', '{"version":0,"report":{"night":20205}}', '{"version":1,"report":{"night":20204}}'])(
    'is also after what nobody can read: %s',
    async (content) => {
      await pressOn('2025-04-10')
      await temp.store.transact((writer) => writer.putNight({ night: dayOfDate('2025-04-27'), madeAtMs: 1, content }))
      await update('2025-04-28')
      expect(runs[0]).toBe('2025-04-23–2025-04-27 after nothing')
    },
  )
})

describe('after that', () => {
  beforeEach(async () => {
    await pressOn('2025-03-01')
    await update('2025-04-27')
  })

  it('nights that were missed are run after the last one, eight weeks at most', async () => {
    await update('2025-04-28')
    expect(runs).toEqual(['2025-04-28–2025-04-28 after 2025-04-27'])
    await update('2025-05-01')
    expect(runs).toEqual(['2025-04-29–2025-04-30 after 2025-04-28', '2025-05-01–2025-05-01 after 2025-04-30'])
    await update('2025-12-31')
    expect(runs).toEqual(['2025-11-06–2025-12-30 after 2025-05-01', '2025-12-31–2025-12-31 after 2025-12-30'])
  })

  it('the last night is repeated from the one before it, as often as asked for', async () => {
    const again = '2025-04-27–2025-04-27 after 2025-04-26'
    await update('2025-04-27')
    await update('2025-04-27', '2025-04-27')
    expect(runs).toEqual([again])
    await update('2025-04-28')
    await update('2025-04-28', '2025-03-01')
    expect(runs).toEqual(['2025-04-28–2025-04-28 after 2025-04-27'])
  })

  it('all of the first time are run again when earlier tallies come on that day, unless a fix is of a dip that was told', async () => {
    await update('2025-04-27', '2025-04-26')
    expect(runs[0]).toBe('2025-03-14–2025-04-26 after nothing')
    await temp.store.transact((writer) => writer.putFix({ dip: rememberedDip.id, fixDate: '2025-04-20', notedAtMs: 1 }))
    await update('2025-04-27', '2025-04-26')
    expect(runs[0]).toBe('2025-03-14–2025-04-26 after nothing')
    dips = [rememberedDip]
    await update('2025-04-27')
    await update('2025-04-27', '2025-04-26')
    expect(runs).toEqual(['2025-04-27–2025-04-27 after 2025-04-26'])
    expect(fixes).toEqual([{ dip: rememberedDip.id, fixDate: '2025-04-20' }])
  })

  it('so they are after the last night was repeated for another reason', async () => {
    await update('2025-04-27')
    expect(runs).toEqual(['2025-04-27–2025-04-27 after 2025-04-26'])
    await update('2025-04-27', '2025-03-05')
    expect(runs[0]).toBe('2025-03-14–2025-04-26 after nothing')
  })

  it('a night of tomorrow is repeated: a touchpoint was added in the west', async () => {
    await update('2025-04-26')
    expect(runs).toEqual(['2025-04-27–2025-04-27 after 2025-04-26'])
  })

  it.each(['2023-01-01', '2025-04-26', '2025-04-27'])(
    'a clock that is behind, at %s, takes no night away that has presses of its day',
    async (due) => {
      await update('2025-04-28')
      await update('2025-04-29')
      await pressOn('2025-04-29')
      await update(due)
      expect(runs).toEqual(['2025-04-29–2025-04-29 after 2025-04-28'])
      expect(await temp.store.read.lastNight()).toMatchObject({ night: dayOfDate('2025-04-29') })
      expect(await temp.store.read.nightBefore(dayOfDate('2025-04-29'))).toMatchObject({
        night: dayOfDate('2025-04-28'),
      })
    },
  )

  it('a night by a clock that was ahead is forgotten, and the nights before it are gone on from', async () => {
    await update('2031-01-01')
    await update('2025-04-29')
    expect(runs).toEqual(['2025-04-28–2025-04-28 after 2025-04-27', '2025-04-29–2025-04-29 after 2025-04-28'])
    expect(await temp.store.read.lastNight()).toMatchObject({ night: dayOfDate('2025-04-29') })
  })
})
