import type { Lost } from '../../contracts/batch.ts'
import type { TerminalRecord } from '../../contracts/records.ts'

/**
 * How a lost range moves a mark: the part above it is missing from now on.
 *
 * @returns the new mark and the missing part; `gap` when the range begins behind a hole, `null` missing when nothing of it is new
 */
export function passLost(
  mark: number,
  { from, to }: Pick<Lost, 'from' | 'to'>,
): { mark: number; missing: { from: number; to: number } | null } | 'gap' {
  if (from > mark + 1) return 'gap'
  if (to <= mark) return { mark, missing: null }
  return { mark: to, missing: { from: mark + 1, to } }
}

/**
 * Parts a batch by the mark of its epoch: what is there already, and what is new.
 *
 * @returns `gap` when records between the mark and the batch are not here
 */
export function splitBatch(
  mark: number,
  records: readonly TerminalRecord[],
): { repeats: readonly TerminalRecord[]; fresh: readonly TerminalRecord[] } | 'gap' {
  const first = records[0]?.sequence ?? mark + 1
  if (first > mark + 1) return 'gap'
  const known = Math.min(records.length, mark + 1 - first)
  return { repeats: records.slice(0, known), fresh: records.slice(known) }
}
