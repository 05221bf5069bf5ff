/** Nights on a thread of their own, as `smilepost central` runs them: from compiled files, on a database that others write. */
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addDays } from '../../src/central/report/local-date.ts'
import { dayOfDate } from '../../src/central/report/night/day-number.ts'
import { runNights } from '../../src/central/report/night/run-nights.ts'
import { updateNights } from '../../src/central/report/update-nights.ts'
import { openTempStore, putTouchpoints, question, type TempStore } from '../support/central-store.ts'

const built = join(import.meta.dirname, '../../dist/src/central/open-night-thread.js')
const { openNightThread } = (await import(built)) as typeof import('../../src/central/open-night-thread.ts')

const order = { due: dayOfDate('2025-04-27'), changedFrom: null }
let temp: TempStore
const path = () => join(temp.folder, 'central.sqlite')

beforeEach(async () => {
  temp = await openTempStore()
  await putTouchpoints(temp.store, [{ id: 't1' }, { id: 't2' }])
  const cells = Array.from({ length: 20 * 12 }, (_, i) => ({
    localDate: addDays('2025-04-08', i % 20),
    hour: 8 + (i % 12),
  }))
  await temp.store.transact((writer) =>
    writer.changeTallies(
      cells.flatMap(({ localDate, hour }, i) =>
        (['raw', 'counted'] as const).map((tallyClass) => ({
          ...{ touchpoint: `t${1 + (i % 2)}`, question, localDate, hour, offsetMinutes: 180 },
          ...{ class: tallyClass, value: i % 4, delta: 5 + (i % 3) },
        })),
      ),
    ),
  )
})
afterEach(() => temp.remove())

describe('the night thread', () => {
  it('finds what is found without it, from what is committed', async () => {
    const thread = openNightThread(path())
    const first = await thread.update(order)
    expect(first).toEqual(await updateNights(temp.store.read, order, runNights))
    expect(first).toMatchObject({ runs: 7, nights: [{ night: order.due - 1 }, { night: order.due }] })
    await temp.store.transact((writer) => writer.putNight({ ...first.nights[0], madeAtMs: 1 } as never))
    expect(await thread.update(order)).toMatchObject({ runs: 1, nights: [{ night: order.due }] })
    await thread.close()
  })

  it('that can not read the database fails its run, and is there for the next one', async () => {
    const thread = openNightThread(join(temp.folder, 'elsewhere.sqlite'))
    await expect(thread.update(order)).rejects.toThrow('elsewhere.sqlite')
    await expect(thread.update(order)).rejects.toThrow('elsewhere.sqlite')
    await thread.close()
  })

  it('ends at once when it is closed, and its run with it', async () => {
    const thread = openNightThread(path())
    const ended = expect(thread.update(order)).rejects.toThrow('ended')
    await thread.close()
    await ended
  })
})
