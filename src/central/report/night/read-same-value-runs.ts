import { findSameValueRuns, noteworthyRun } from './find-same-value-runs.ts'
import type { SameValueRun } from './night-report.ts'
import { spanOf } from './quarter-map.ts'
import type { WatchContext, WatchedTouchpoint } from './watched-touchpoint.ts'

/** Runs of one value on a touchpoint's devices. Presses are read only where the day has enough of them for a run. */
export async function readSameValueRuns(
  { store, mapOf, night }: WatchContext,
  { curve, cells, day, placements }: WatchedTouchpoint,
): Promise<SameValueRun[]> {
  const total = day.slots.reduce((sum, count) => sum + count, 0)
  if (total < noteworthyRun(1, 0.5)) return []
  const ordinary = cells.counts.map((ofValue: ArrayLike<number>) => sumOf(ofValue))
  const { fromMs, toMs } = spanOf(mapOf(curve, night, 1))
  const runs: SameValueRun[] = []
  for (const placement of placements) {
    if (placement.fromMs >= toMs || (placement.toMs ?? toMs) <= fromMs) continue
    const presses = await store.pressesBetween(placement.terminal, fromMs, toMs)
    const here = presses.filter(
      ({ cell, record, utcMs }) =>
        cell?.touchpoint === curve.id &&
        cell.class === 'raw' &&
        record.question === curve.question &&
        (utcMs as number) >= placement.fromMs &&
        (utcMs as number) < (placement.toMs ?? toMs),
    )
    runs.push(...findSameValueRuns(here, ordinary))
  }
  return runs.sort((a, b) => a.fromMs - b.fromMs || (a.terminal < b.terminal ? -1 : 1))
}

function sumOf(counts: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < counts.length; i++) sum += counts[i] as number
  return sum
}
