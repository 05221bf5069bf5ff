import { expect, it } from 'vitest'
import { makeCellFinder } from '../../../src/central/ingest/press-cell.ts'
import { hourMs, nowMs, openHarness } from './ingest-harness.ts'

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
