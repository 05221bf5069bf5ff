// Cost of the dip scan per touchpoint, beside a plain pass over the same cells in the same run, so that numbers from
// different machines can be compared: npm run bench -- scan
import { findDips, type TouchpointCells } from '../../src/analysis/find-dips.ts'
import { generateFleet } from '../support/press-generator.ts'
import { printFigures } from './support/print-figures.ts'

const DISTINCT = 50
const TOUCHPOINTS = 1000
const DAYS = 56

/** Reads every cell once and sums the scores: the least any analysis must do. */
function plainPass(touchpoints: readonly TouchpointCells[]): number {
  let sum = 0
  for (const { counts } of touchpoints) {
    counts.forEach((ofValue, value) => {
      for (const count of ofValue) sum += count * value
    })
  }
  return sum
}

function measure(run: () => unknown): number {
  const startMs = performance.now()
  run()
  return performance.now() - startMs
}

const distinct = generateFleet(7, DISTINCT, DAYS, {
  at: 3,
  dip: { weekdays: [1, 2, 3, 4, 5], startSlot: 10, endSlot: 11, fromDay: 28, depth: 15 },
})
const fleet = Array.from({ length: TOUCHPOINTS }, (_, i) => ({
  ...(distinct[i % DISTINCT] as TouchpointCells),
  id: `t${i}`,
}))
// The least of several rounds: other programs on the machine only ever add time.
let plainMs = Number.POSITIVE_INFINITY
let scanMs = Number.POSITIVE_INFINITY
for (let round = 0; round < 6; round++) {
  plainMs = Math.min(
    plainMs,
    measure(() => plainPass(fleet)),
  )
  scanMs = Math.min(
    scanMs,
    measure(() => findDips(fleet, { fdr: 0.05 })),
  )
}
const heapMb = process.memoryUsage().heapUsed / 1e6
printFigures('scan', [
  { what: `plain pass, ${DAYS} days`, value: plainMs / TOUCHPOINTS, unit: 'ms a touchpoint' },
  {
    what: `scan, ${DAYS} days`,
    value: scanMs / TOUCHPOINTS,
    unit: 'ms a touchpoint',
    ratio: scanMs / plainMs,
    to: 'plain',
  },
  { what: `heap, ${TOUCHPOINTS} touchpoints`, value: heapMb, unit: 'MB' },
])
