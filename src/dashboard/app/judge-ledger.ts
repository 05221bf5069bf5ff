import type { Ledger } from '../../contracts/http/terminals.ts'

type Counted = 'whole' | 'waiting' | 'quarantined' | 'missing' | 'twice'
/** The ledger in a word; `count` of the presses it speaks of. */
export type Verdict = { kind: 'silent' | 'none' } | { kind: Counted; count: number }

export const countMissing = ({ missing, missingCount }: Pick<Ledger, 'missing' | 'missingCount'>): number =>
  missingCount ?? missing.reduce((sum, { from, to }) => sum + to - from + 1, 0)

/** The worst that is true comes first: a press that is missing matters more than a hundred that are on the way. */
export function judgeLedger(ledger: Ledger): Verdict {
  const { pressed, stored, pending, asOf, aside = 0, countedTwice = 0 } = ledger
  const missing = countMissing(ledger)
  if (countedTwice > 0) return { kind: 'twice', count: countedTwice }
  if (missing > 0) return { kind: 'missing', count: missing }
  if (aside > 0) return { kind: 'quarantined', count: aside }
  if (pending > 0) return { kind: 'waiting', count: pending }
  if (pressed > 0) return { kind: 'whole', count: stored }
  return { kind: asOf === null ? 'silent' : 'none' }
}
