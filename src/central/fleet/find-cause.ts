import type { MissingSpan, SeqRange } from '../store/custody.ts'

export type MissingPresses = SeqRange & { box: string; cause: string; since?: string }

/** Whether the missing records may have been these presses, and between which numbers they lay at least. */
function boundsOf(span: MissingSpan, box: string): SeqRange | null {
  if (span.before && span.after && span.before.box !== box && span.after.box !== box) return null
  return {
    from: span.before?.box === box ? span.before.boxSeq + 1 : 1,
    to: span.after?.box === box ? span.after.boxSeq - 1 : Number.MAX_SAFE_INTEGER,
  }
}

/**
 * Says why presses are missing: what a terminal told of as lost, or the central rejected, lay between two stored presses of the same
 * epoch. The narrowest span that touches a hole names its cause; a hole that no span touches has cause `unknown`.
 */
export function findCause(range: SeqRange & { box: string }, spans: readonly MissingSpan[]): MissingPresses {
  let found: MissingSpan | null = null
  let width = Number.POSITIVE_INFINITY
  for (const span of spans) {
    const bounds = boundsOf(span, range.box)
    if (!bounds || bounds.to < range.from || bounds.from > range.to) continue
    if (bounds.to - bounds.from >= width) continue
    width = bounds.to - bounds.from
    found = span
  }
  if (!found) return { ...range, cause: 'unknown' }
  return { ...range, cause: found.cause, since: new Date(found.atMs).toISOString() }
}
