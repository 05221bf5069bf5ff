import fc from 'fast-check'
import { expect, it } from 'vitest'
import { makeCellFinder } from '../../../src/central/ingest/press-cell.ts'
import type { Catalogue, Placement, Touchpoint } from '../../../src/central/store/catalogue.ts'
import { hourMs, minuteMs, nowMs, openHarness } from './ingest-harness.ts'

it('keeps no more cells than it may', async () => {
  const harness = await openHarness()
  try {
    const cells = makeCellFinder(await harness.store.read.catalogue(), 2)
    const cellAt = (hour: number) => cells.find('till-1', { utcMs: nowMs + hour * hourMs, errorMs: 0 }, 0).cell
    const [first] = [cellAt(0), cellAt(1), cellAt(2)]
    expect(cellAt(2)).toBe(cellAt(2))
    // Made anew: it was dropped with all others when there were too many.
    expect(cellAt(0)).toEqual(first)
    expect(cellAt(0)).not.toBe(first)
  } finally {
    await harness.close()
  }
})

const touchpointOf = (id: string, zone: string): [string, Touchpoint] => {
  const names = { id, place: 'store', name: id, zone, question: 'service' }
  return [id, { ...names, openingHours: [], exceptions: [], lights: null }]
}
const touchpoints = new Map([touchpointOf('exit', 'Asia/Kathmandu'), touchpointOf('toilet', 'Europe/Copenhagen')])
const terminals = ['till-1', 'till-2']
const minutes = fc.integer({ min: 0, max: 90 })
/** Placements of some minutes each, which may overlap, touch, or have no end. */
const placements = fc.array(
  fc.record({
    terminal: fc.constantFrom(...terminals),
    touchpoint: fc.constantFrom('exit', 'toilet', 'gone'),
    from: minutes,
    length: fc.option(minutes),
  }),
  { maxLength: 6 },
)

it('finds the same cells press after press as each alone', () => {
  const questions = fc.array(fc.record({ terminal: fc.constantFrom(...terminals), minute: minutes }), { maxLength: 30 })
  fc.assert(
    fc.property(placements, questions, (placed, asked) => {
      const ofTerminal = (terminal: string): Placement[] =>
        placed
          .filter((one) => one.terminal === terminal)
          .map(({ touchpoint, from, length }) => {
            const fromMs = nowMs + from * minuteMs
            return { terminal, touchpoint, fromMs, toMs: length === null ? null : fromMs + length * minuteMs }
          })
          .sort((a, b) => a.fromMs - b.fromMs)
      const known = new Map(terminals.map((terminal) => [terminal, ofTerminal(terminal)]))
      const catalogue: Catalogue = { rev: 1, places: [], surveys: new Map(), touchpoints, placements: known }
      const cells = makeCellFinder(catalogue)
      for (const { terminal, minute } of asked) {
        const time = { utcMs: nowMs + minute * minuteMs, errorMs: 20 }
        expect(cells.find(terminal, time, 0)).toEqual(makeCellFinder(catalogue).find(terminal, time, 0))
      }
    }),
  )
})
