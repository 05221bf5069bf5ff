/** Whatever was corrected and whatever broke: after a rebuild the store is as if the presses had just arrived. */
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Rebuilt, rebuildTallies } from '../../../src/central/upkeep/rebuild-tallies.ts'
import { makeRebuildMeans } from '../../../src/cli/rebuild/rebuild-means.ts'
import { openTempStore, question } from '../../support/central-store.ts'
import { dumpStore, fillStore, type Pressed, putWhere, type Where } from './upkeep-store.ts'

const hourMs = 3_600_000
/** Europe's autumn switch, an hour that occurs twice, lies within. */
const startMs = Date.parse('2025-10-24T00:00:00Z')
const endMs = startMs + 5 * 24 * hourMs
const zone = fc.constantFrom(
  'Europe/Prague',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Kiritimati',
  'America/New_York',
)
const touchpoint = fc.constantFrom('exit', 'toilet')
const terminals = ['till-1', 'till-2']

const where: fc.Arbitrary<Where> = fc.record({
  zones: fc.record({ exit: zone, toilet: zone }),
  placements: fc
    .tuple(
      ...terminals.map(() =>
        fc.record({ first: touchpoint, second: touchpoint, gapHours: fc.integer({ min: 0, max: 30 }) }),
      ),
    )
    .map((placed) =>
      placed.flatMap(({ first, second, gapHours }, i) => {
        const [terminal = '', moved] = [terminals[i], startMs + 40 * hourMs]
        return [
          { terminal, touchpoint: first, fromMs: 0, toMs: moved },
          {
            terminal,
            touchpoint: second,
            fromMs: moved + gapHours * hourMs,
            toMs: gapHours > 20 ? endMs - 10 * hourMs : null,
          },
        ]
      }),
    ),
})
/** Mashed presses too, so that there are labels to get wrong. */
const pressed: fc.Arbitrary<Pressed[]> = fc
  .array(
    fc.record({
      terminal: fc.constantFrom(...terminals),
      utcMs: fc.integer({ min: startMs, max: endMs }),
      errorMs: fc.constantFrom(50, 50, 50, 20 * 60_000, 5 * hourMs),
      value: fc.integer({ min: 0, max: 3 }),
      isRepeat: fc.constantFrom(false, false, false, false, true),
      burst: fc.constantFrom(1, 1, 1, 2, 6),
    }),
    { maxLength: 40 },
  )
  .map((list) =>
    list.flatMap(({ burst, ...press }) =>
      Array.from({ length: burst }, (_, i) => ({ ...press, utcMs: press.utcMs + i * 400 })),
    ),
  )
const damage = fc.array(
  fc.record({
    touchpoint,
    localDate: fc.constantFrom('2025-10-24', '2025-10-25', '2025-10-26', '2025-10-27'),
    hour: fc.integer({ min: 0, max: 23 }),
    offsetMinutes: fc.constantFrom(60, 120, 345),
    class: fc.constantFrom('raw' as const, 'counted' as const, 'uncertain' as const),
    value: fc.integer({ min: 0, max: 3 }),
    delta: fc.integer({ min: -5, max: 5 }),
  }),
  { maxLength: 6 },
)

const rebuild = (store: Parameters<typeof makeRebuildMeans>[0], isDry = false): Promise<Rebuilt> =>
  rebuildTallies({
    ...{ store, means: makeRebuildMeans(store), retainedFromMs: null, wanted: {}, isDry },
    pause: async () => {},
    onProgress: () => {},
  })

describe('a rebuild', () => {
  it('gives the places, tallies and labels that the presses would have had from the start', async () => {
    let [moved, mended] = [0, 0]
    await fc.assert(
      fc.asyncProperty(where, where, pressed, damage, async (before, after, presses, damaged) => {
        const [temp, fresh] = [await openTempStore(), await openTempStore()]
        try {
          await putWhere(temp.store, before)
          await fillStore(temp.store, presses)
          // A placement is named by its start; one that is to go gets no time.
          const gone = before.placements.map((placement) => ({ ...placement, toMs: placement.fromMs }))
          await putWhere(temp.store, { ...after, placements: [...gone, ...after.placements] })
          await temp.store.transact((writer) =>
            writer.changeTallies(damaged.map((change) => ({ ...change, question }))),
          )
          const rebuilt = await rebuild(temp.store)
          moved += rebuilt.moves.length
          mended += rebuilt.differences.length
          await putWhere(fresh.store, after)
          await fillStore(fresh.store, presses)
          const found = dumpStore(join(temp.folder, 'central.sqlite'))
          expect(found).toEqual(dumpStore(join(fresh.folder, 'central.sqlite')))
          const again = await rebuild(temp.store, true)
          expect({ moves: again.moves, differences: again.differences }).toEqual({ moves: [], differences: [] })
        } finally {
          await temp.remove()
          await fresh.remove()
        }
      }),
      { numRuns: 40 },
    )
    expect(moved).toBeGreaterThan(20)
    expect(mended).toBeGreaterThan(20)
  }, 60_000)
})
