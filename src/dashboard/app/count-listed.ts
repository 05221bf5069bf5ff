import type { Ledger } from '../../contracts/http/terminals.ts'

/** A page with more rows helps nobody. */
export const maxShown = 100

type Lists = 'missing' | 'waiting' | 'lost' | 'conflicts'

const countPresses = (ranges: readonly { from: number; to: number }[]) =>
  ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0)

/** Of which lists there is more than is shown, whether the page leaves rows out or the server did. */
export function findCut(ledger: Ledger): Record<Lists, boolean> {
  const { missing, waiting = [], lost = [], conflicts = [], pending, quarantined, missingCount, lostCount } = ledger
  return {
    missing: missing.length > maxShown || countPresses(missing) < (missingCount ?? 0),
    // Touch presses wait too and have no numbers to be listed by, so that the sum alone tells nothing.
    waiting: waiting.length > maxShown || (waiting.length === maxShown && countPresses(waiting) < pending),
    lost: lost.length > maxShown || lost.length < (lostCount ?? 0),
    conflicts: conflicts.length < quarantined,
  }
}
