import { expect } from 'vitest'
import type { Installation } from './installation.ts'
import { waitFor } from './smilepost-process.ts'

type Committed = { boxId: string; sequence: number; button: number }
type PressRow = { box: string; box_seq: number; value: number; is_repeat: number }

const keyOf = (box: string, sequence: number, button: number) => `${box} ${sequence} ${button}`

/** @returns the number of presses that have a time */
async function expectPresses(installation: Installation, committed: readonly Committed[]): Promise<number> {
  const read = () =>
    installation.readCentral<PressRow>("SELECT box, box_seq, value, is_repeat FROM press WHERE source = 'box'")
  await waitFor('all rows', 40_000, () => read().filter(({ is_repeat }) => is_repeat === 0).length >= committed.length)
  const truth = committed.map(({ boxId, sequence, button }) => keyOf(boxId, sequence, button))
  const rows = read()
    .filter(({ is_repeat }) => is_repeat === 0)
    .map(({ box, box_seq, value }) => keyOf(box, box_seq, 4 - value))
  expect(rows).toHaveLength(truth.length)
  expect(new Set(rows)).toEqual(new Set(truth))
  expect(new Set(rows).size).toBe(rows.length)
  return rows.length
}

/** Each press stands in a tally exactly once, under its value. */
async function expectTallies(installation: Installation, presses: number): Promise<void> {
  const { readCentral } = installation
  const count = (sql: string) =>
    readCentral<{ count: number }>(`SELECT count(*) AS count FROM press WHERE ${sql}`)[0]?.count
  // A press may be stored before an anchor tells its time; then its tallies follow. One that box and daemon together have forgotten
  // the time of (both lost power before it was told) is stored and in no hour, ever.
  const isTimeless = 'spread_ms IS NULL AND class IS NULL'
  await waitFor('all times', 20_000, () => count(`class IS NULL AND NOT (${isTimeless})`) === 0)
  const timed = count('class IS NOT NULL AND is_repeat = 0') ?? 0
  expect(timed + (count(`${isTimeless} AND is_repeat = 0`) ?? 0)).toBe(presses)
  expect(timed).toBeGreaterThan(0)
  // How many they are is chance; which ones may be so is not: as soon as one press of a box has a time, it bounds all that follow.
  const hasTimedBefore =
    'EXISTS (SELECT 1 FROM press AS b WHERE b.box = press.box AND b.box_seq < press.box_seq AND b.class IS NOT NULL)'
  expect(count(`${isTimeless} AND is_repeat = 0 AND source = 'box' AND ${hasTimedBefore}`)).toBe(0)
  const byValue = readCentral<{ value: number; count: number }>(
    'SELECT value, count(*) AS count FROM press WHERE is_repeat = 0 AND class IS NOT NULL GROUP BY value',
  )
  const [sums = {}] = readCentral<Record<string, number>>(
    "SELECT sum(n0) AS n0, sum(n1) AS n1, sum(n2) AS n2, sum(n3) AS n3 FROM cell_tally WHERE class IN ('raw', 'uncertain')",
  )
  expect(Object.fromEntries(byValue.map(({ value, count }) => [`n${value}`, count]))).toEqual(sums)
  expect(Object.values(sums).reduce((sum, n) => sum + n, 0)).toBe(timed)
}

/** The central holds exactly what the box's EEPROM ever committed, by plain SQL, and its tallies agree. */
export async function expectCustody(installation: Installation, committed: readonly Committed[]): Promise<void> {
  await expectTallies(installation, await expectPresses(installation, committed))
}
