/** A rebuild does what it was asked for and no more, beside a central at work. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openComparison } from '../../../src/central/upkeep/open-comparison.ts'
import { type RebuildOptions, rebuildTallies } from '../../../src/central/upkeep/rebuild-tallies.ts'
import { makeRebuildMeans } from '../../../src/cli/rebuild/rebuild-means.ts'
import { systemClock } from '../../../src/shared/clock.ts'
import { makePress, openTempStore, question, storePresses, type TempStore } from '../../support/central-store.ts'
import { silentLogger } from '../../support/silent-logger.ts'
import { runSmilepost } from '../../support/smilepost-process.ts'
import { dumpStore, fillStore, type Pressed, putWhere } from './upkeep-store.ts'

const hourMs = 3_600_000
const startMs = Date.parse('2025-10-20T00:00:00Z')
let temp: TempStore
const path = () => join(temp.folder, 'central.sqlite')

const pressed: Pressed[] = Array.from({ length: 96 }, (_, i) => ({
  terminal: `till-${(i % 2) + 1}`,
  ...{ utcMs: startMs + i * hourMs + 60_000, errorMs: 50, value: i % 4, isRepeat: false },
}))
const where = (zone: string) => ({
  zones: { exit: zone, toilet: 'Europe/Prague' },
  placements: [
    { terminal: 'till-1', touchpoint: 'exit', fromMs: 0, toMs: null },
    { terminal: 'till-2', touchpoint: 'toilet', fromMs: 0, toMs: null },
  ],
})
const rebuild = (options: Partial<RebuildOptions> = {}) =>
  rebuildTallies({
    ...{ store: temp.store, means: makeRebuildMeans(temp.store), retainedFromMs: null, wanted: {}, isDry: false },
    ...{ pause: async () => {}, onProgress: () => {}, ...options },
  })
/** One press too many at both touchpoints on two days. */
const damage = () =>
  temp.store.transact((writer) =>
    writer.changeTallies(
      ['exit', 'toilet'].flatMap((touchpoint) =>
        ['2025-10-20', '2025-10-22'].map((localDate) => ({
          ...{
            touchpoint,
            localDate,
            question,
            hour: 9,
            offsetMinutes: 120,
            class: 'raw' as const,
            value: 2,
            delta: 1,
          },
        })),
      ),
    ),
  )

beforeEach(async () => {
  temp = await openTempStore()
  await putWhere(temp.store, where('Europe/Prague'))
  await fillStore(temp.store, pressed)
})
afterEach(() => temp.remove())

describe('a rebuild', () => {
  it('of sound tallies finds nothing to do', async () => {
    const before = dumpStore(path())
    expect(await rebuild()).toMatchObject({ moves: [], differences: [], relabelled: 0 })
    expect(dumpStore(path())).toEqual(before)
  })

  it('that is only tried changes nothing, and tells what a real one then does', async () => {
    await putWhere(temp.store, where('Asia/Kathmandu'))
    await damage()
    const before = dumpStore(path())
    const tried = await rebuild({ isDry: true })
    expect(dumpStore(path())).toEqual(before)
    expect(tried.moves).toEqual([{ from: 'exit', to: 'exit', presses: 48 }])
    expect(tried.differences).toHaveLength(4)
    const done = await rebuild()
    expect({ moves: done.moves, differences: done.differences }).toEqual({
      moves: tried.moves,
      differences: tried.differences,
    })
    expect(await rebuild({ isDry: true })).toMatchObject({ moves: [], differences: [] })
  })

  it('of a touchpoint and some dates leaves the others as they are', async () => {
    await damage()
    const { dates, differences } = await rebuild({
      touchpoint: 'exit',
      wanted: { from: '2025-10-21', to: '2025-10-30' },
    })
    expect(dates).toEqual({ from: '2025-10-21', to: '2025-10-24' })
    expect(differences).toMatchObject([{ touchpoint: 'exit', localDate: '2025-10-22' }])
    const left = await rebuild({ isDry: true })
    expect(left.differences.map(({ touchpoint, localDate }) => `${touchpoint} ${localDate}`)).toEqual([
      'exit 2025-10-20',
      'toilet 2025-10-20',
      'toilet 2025-10-22',
    ])
  })

  it('stops where retention has deleted presses', async () => {
    await damage()
    const { dates, differences } = await rebuild({ retainedFromMs: startMs + 30 * hourMs })
    expect(dates?.from).toBe('2025-10-22')
    expect(differences).toHaveLength(2)
  })

  it('leaves a press alone that people put aside', async () => {
    const aside = { terminal: 'till-1', epoch: '00000000000000aa', sequence: 1 }
    const time = { utcMs: pressed[0]?.utcMs ?? 0, errorMs: 50, cell: null, isUnplaced: false }
    await temp.store.transact((writer) => writer.retimePress(aside, time))
    await rebuild()
    const [first] = dumpStore(path()).presses
    expect(first).toMatchObject({ terminal: 'till-1', sequence: 1, touchpoint: null, is_unplaced: 0 })
  })

  it('tells rooms of other processes, which keep what they derived, that it is old', async () => {
    const before = await temp.store.read.catalogue()
    await rebuild()
    expect(await temp.store.read.catalogue()).toBe(before)
    await damage()
    await rebuild()
    expect(await temp.store.read.catalogue()).not.toBe(before)
  })

  it('may run while presses arrive', async () => {
    await putWhere(temp.store, where('Asia/Kathmandu'))
    await damage()
    let sequence = 10_000
    let isDone = false
    const arriving = (async () => {
      while (!isDone) {
        const press = makePress(
          { terminal: 'exit', sequence, utcMs: startMs + (sequence % 96) * hourMs },
          'Asia/Kathmandu',
        )
        await storePresses(temp.store, [{ ...press, terminal: 'till-1' }])
        sequence += 1
      }
    })()
    await rebuild().finally(() => {
      isDone = true
    })
    await arriving
    expect(sequence).toBeGreaterThan(10_010)
    const room = openComparison({
      ...{ store: temp.store, clock: systemClock },
      logger: silentLogger,
      retainedFromMs: () => null,
    })
    expect((await room.compare()).differences).toEqual([])
    await room.close()
    expect(await rebuild({ isDry: true })).toMatchObject({ moves: [], differences: [] })
  })

  it('by the command: a placement corrected afterwards takes its presses along', async () => {
    const config = join(temp.folder, 'central.toml')
    writeFileSync(config, `data = ${JSON.stringify(temp.folder)}\nlog.level = "error"\n`)
    await temp.store.transact((writer) =>
      writer.putPlacement({ terminal: 'till-2', touchpoint: 'exit', fromMs: 0, toMs: null }),
    )
    const args = ['--config', config]
    const dry = await runSmilepost(['rebuild', '--dry-run', ...args])
    expect(dry).toMatchObject({ code: 0, stderr: '' })
    expect(dry.stdout).toContain('48 presses would move from toilet to exit')
    const looked = await temp.store.read.compared()
    expect(looked).toMatchObject({ differences: 0 })
    const done = await runSmilepost(['rebuild', '--json', '--touchpoint', 'toilet', ...args])
    expect(JSON.parse(done.stdout)).toMatchObject({
      moves: [{ from: 'toilet', to: 'exit', presses: 48 }],
      differences: [],
    })
    expect(await temp.store.read.tallyDates({ class: 'raw', touchpoint: 'toilet' })).toBeNull()
    // A look at a part says nothing of the rest.
    expect(await temp.store.read.compared()).toEqual(looked)
    expect(await runSmilepost(['rebuild', '--touchpoint', 'nowhere', ...args])).toMatchObject({ code: 1, stdout: '' })
    expect(await runSmilepost(['rebuild', '--from', '2025-02-30', ...args])).toMatchObject({ code: 2, stdout: '' })
    const upsideDown = ['rebuild', '--from', '2025-02-20', '--to', '2025-02-19']
    expect(await runSmilepost([...upsideDown, ...args])).toMatchObject({ code: 2, stdout: '' })
  }, 40_000)
})
