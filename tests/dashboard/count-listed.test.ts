import { expect, it } from 'vitest'
import type { Ledger } from '../../src/contracts/http/terminals.ts'
import { findCut, maxShown } from '../../src/dashboard/app/count-listed.ts'

const box = '0000beef'
const epoch = '00000000000000aa'
const at = '2026-06-01T12:00:00Z'
const list = <T>(length: number, make: (from: number) => T): T[] => Array.from({ length }, (_, i) => make(2 * i + 1))
const missingOf = (ranges: number) => list(ranges, (from) => ({ box, from, to: from, cause: 'unknown' }))
const waitingOf = (ranges: number) => list(ranges, (from) => ({ box, from, to: from, at: 'outbox' as const }))
const lostOf = (ranges: number) => list(ranges, (from) => ({ epoch, from, to: from, cause: 'trimmed', at }))
const conflictsOf = (count: number) => list(count, (sequence) => ({ epoch, sequence, stored: {}, arrived: {}, at }))

const whole: Ledger = {
  ...{ pressed: 0, stored: 0, pending: 0, missing: [], missingCount: 0, repeated: 0, quarantined: 0 },
  ...{ refused: 0, asOf: at, waiting: [], lost: [], lostCount: 0, conflicts: [] },
}
const none = { missing: false, waiting: false, lost: false, conflicts: false }

it('says nothing of lists that are whole, however long', () => {
  expect(findCut(whole)).toEqual(none)
  const lists = { missing: missingOf(maxShown), waiting: waitingOf(maxShown), lost: lostOf(maxShown) }
  const counts = { missingCount: maxShown, pending: maxShown, lostCount: maxShown, quarantined: 3 }
  expect(findCut({ ...whole, ...lists, ...counts, conflicts: conflictsOf(3) })).toEqual(none)
  // Touch presses wait beside those that can be listed.
  expect(findCut({ ...whole, waiting: waitingOf(3), pending: 9 })).toEqual(none)
})

it('says so of each list that is longer than the page, or that the server cut', () => {
  expect(findCut({ ...whole, missing: missingOf(maxShown + 1), missingCount: maxShown + 1 }).missing).toBe(true)
  expect(findCut({ ...whole, missing: missingOf(7), missingCount: 8 }).missing).toBe(true)
  expect(findCut({ ...whole, waiting: waitingOf(maxShown), pending: maxShown + 1 }).waiting).toBe(true)
  expect(findCut({ ...whole, lost: lostOf(maxShown), lostCount: maxShown + 1 }).lost).toBe(true)
  expect(findCut({ ...whole, conflicts: conflictsOf(maxShown), quarantined: maxShown + 1 }).conflicts).toBe(true)
})
